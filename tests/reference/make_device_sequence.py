"""Write a sequence of frames, and what a device makes of each (see README.md beside).

What it is expected to make of them is written here by hand, from docs/reference/message.md. Run
from the repository's root after a deliberate change of these rules:
    python -m tests.reference.make_device_sequence
"""

import json
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from forewave.delivery.signing import base64url
from forewave.types import Area
from tests.reference.make_device_messages import ALERT, KEYS, STRANGER

HERE = Path(__file__).parent
S = 1_600_000_000.0  # the server's time when the device's steady clock shows 50 s
PLACE = {"lat": 24.5, "lon": 121.5, "vs30_ms": 400.0, "act_at_mmi": 5.0}
NEAR, FAR = Area(24.45, 121.55, 40.0), Area(20.0, 121.0, 40.0)


def alert(event: str, n: int, since: float, magnitude: float = 6.5, **change: Any) -> Any:
    """Issued `since` seconds after S, of an earthquake 5 s earlier, 56 km from the place."""
    origin = replace(ALERT.origin, time=S + since - 5.0, lat=24.0, lon=121.5, depth_km=15.0)
    usual = {
        "event": event, "version": n, "kind": "new" if n == 1 else "update", "issued": S + since,
        "expires": S + since + 100.0, "origin": origin,
        "magnitude": replace(ALERT.magnitude, value=magnitude),
    }  # fmt: skip
    return replace(ALERT, **(usual | change))


def sealed(*given: Any, **change: Any) -> str:
    return KEYS.seal(alert(*given, **change)).decode()


def clock(at: float, kind: str, offset: float, error: float, **fields: Any) -> dict[str, Any]:
    """A frame that tells the time. offset, error: of the server's clock afterwards, seconds."""
    frame = json.dumps({"type": kind, **fields})
    return {"at": at, "frame": frame, "offset_s": offset, "error_s": error}


def taken(at: float, frame: str, acts: bool) -> dict[str, Any]:
    return {"at": at, "frame": frame, "result": "taken", "acts": acts}


def refused(at: float, frame: str, why: str) -> dict[str, Any]:
    return {"at": at, "frame": frame, "result": why}


def ms(seconds: float) -> int:
    return round((S + seconds) * 1000)


def sequence() -> list[dict[str, Any]]:
    """In the order in which they come."""
    first, second = sealed("e1", 1, 1.0), sealed("e1", 2, 2.0, magnitude=6.4)
    spaced = json.dumps(json.loads(sealed("e7", 1, 1.0)), indent=200)
    twice = sealed("e8", 1, 1.0).replace('"n":1', '"n":1,"n":1')
    return [
        # An unasked time: an error of 1 s. Then pings sent at 50.0, 50.48 and 51.0.
        clock(50.0, "heartbeat", S - 50.0, 1.0, now=ms(0.0)),
        clock(50.2, "pong", S - 50.0, 0.1, id=50_000, now=ms(0.1)),
        clock(50.5, "pong", S - 49.99, 0.01, id=50_480, now=ms(0.5)),
        clock(51.5, "pong", S - 49.99, 0.01, id=51_000, now=ms(3.0)),
        clock(51.6, "heartbeat", S - 49.99, 0.01, now=ms(0.5)),
        taken(52.0, first, acts=True),
        refused(52.1, first, "repeated"),
        refused(52.2, second.replace('"m":6.4', '"m":7.4'), "bad signature"),
        refused(52.3, STRANGER.seal(alert("e1", 2, 2.0)).decode(), "unknown key"),
        taken(52.4, second, acts=True),
        refused(52.5, first, "repeated"),
        refused(52.6, sealed("e1", 7, 2.0, mode="drill"), "drill"),
        refused(52.7, sealed("e1", 8, 2.0, mode="test"), "test"),
        taken(52.8, sealed("e1", 3, 2.4, magnitude=6.2), acts=True),
        taken(52.9, sealed("e1", 4, 2.5, magnitude=5.7), acts=False),
        taken(53.0, sealed("e1", 5, 2.6, magnitude=6.2), acts=False),
        refused(53.1, sealed("e2", 1, -98.0), "expired"),
        refused(53.2, sealed("e3", 1, 14.0), "from the future"),
        taken(53.3, sealed("e3", 1, 12.0), acts=True),
        refused(53.4, sealed("e4", 1, 3.0, stations=1, area=FAR), "elsewhere"),
        taken(53.5, sealed("e5", 1, 3.0, stations=1, area=NEAR, level="aware"), acts=False),
        taken(53.6, sealed("e6", 1, 3.0, stations=1, area=NEAR), acts=True),
        taken(53.7, sealed("e6", 2, 3.1, kind="cancel", why="false"), acts=False),
        refused(53.8, sealed("e9", 1, 3.1, kind="cancel", why="false"), "of nothing known"),
        refused(53.9, spaced, "too long"),
        refused(54.0, twice, "malformed"),
        refused(54.1, "[]", "malformed"),
        # The clock of the server has stepped by a minute: what was known of it no longer holds.
        clock(55.0, "heartbeat", S + 5.0, 1.0, now=ms(60.0)),
        refused(55.1, sealed("e10", 1, -50.0), "expired"),
    ]


if __name__ == "__main__":
    keys = {name: base64url(raw) for name, raw in KEYS.trusted.items()}
    whole = {"keys": keys, "today": S, "place": PLACE, "frames": sequence()}
    text = json.dumps(whole, indent=1, ensure_ascii=False)
    (HERE / "device_sequence.json").write_text(text + "\n")
