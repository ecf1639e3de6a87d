"""The alert that is delivered: a drill for a fictitious earthquake of magnitude 7.3."""

from forewave.delivery import signing
from forewave.types import Alert, Area, Magnitude, Origin

BEGAN = 1_800_000_000.0  # POSIX seconds
VALID_S = 180.0
LAT, LON, DEPTH_KM = 29.3, 104.0, 10.0


def drill(number: int, now: float) -> Alert:
    """One version of a drill issued at `now`, POSIX seconds; number: its version, from 1."""
    event = f"drill-{round(now * 1000)}"
    return Alert(
        id=f"{event}.{number}",
        event=event,
        version=number,
        kind="new",
        mode="drill",
        level="action",
        area=Area(LAT, LON, 250.0),
        issued=now,
        expires=now + VALID_S,
        origin=Origin(now - 10.0, LAT, LON, DEPTH_KM, 0.3, 3.0, 3.0),
        magnitude=Magnitude(7.3, 0.2, "M", 8),
        rupture=None,
        field=(),
        max_intensity=8.0,
        stations=8,
        source="point",
    )


def messages(count: int) -> list[bytes]:
    """Signed messages as the gateway sends them, for the servers that send what they are given."""
    keys = signing.generate()
    return [keys.seal(drill(number, BEGAN)) for number in range(1, count + 1)]
