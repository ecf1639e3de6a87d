"""Every message that was sent, with its latency by stage. Pure."""

from collections import deque
from math import isfinite

from msgspec import Struct

from forewave.types import Alert

KEPT = 200


class Lags(Struct, frozen=True):
    """Where the time of a message went, seconds; None where it does not apply (a drill).

    evaluated: from the arrival of the packet that decided it until it was decided. recorded: in the
    event log. sent: signing, and handing it to the connection of every device.
    """

    evaluated: float | None = None
    recorded: float | None = None
    sent: float | None = None


class ShownMessage(Struct, frozen=True):
    """issued, t0: ms. intensity: the largest forecast, MMI. devices: connected then.

    since_origin: seconds from the origin to its issue. picked: seconds from the origin to the first
    pick of its event, which no network can be before.
    """

    id: str
    event: str
    n: int
    kind: str
    mode: str
    level: str
    why: str | None
    issued: int
    t0: int
    lat: float
    lon: float
    magnitude: float
    intensity: float
    stations: int
    bytes: int
    devices: int
    since_origin: float
    picked: float | None
    lags: Lags


class Messages:
    """The last messages, oldest first."""

    def __init__(self) -> None:
        self._kept: deque[ShownMessage] = deque(maxlen=KEPT)
        self._new: list[ShownMessage] = []

    def add(self, alert: Alert, size: int, devices: int, picked: float | None, lags: Lags) -> None:
        """Take a message that was sent. size: bytes. picked: POSIX seconds of the first pick."""
        shown = _shown(alert, size, devices, picked, lags)
        self._kept.append(shown)
        self._new.append(shown)
        del self._new[:-KEPT]

    def changes(self) -> list[ShownMessage]:
        """Those since the last call."""
        new, self._new = self._new, []
        return new

    def all(self) -> list[ShownMessage]:
        """Those that are kept."""
        return list(self._kept)


def _shown(alert: Alert, size: int, devices: int, picked: float | None, lags: Lags) -> ShownMessage:
    origin = alert.origin
    return ShownMessage(
        id=alert.id,
        event=alert.event,
        n=alert.version,
        kind=alert.kind,
        mode=alert.mode,
        level=alert.level,
        why=alert.why,
        issued=round(alert.issued * 1000),
        t0=round(origin.time * 1000),
        lat=round(origin.lat, 3),
        lon=round(origin.lon, 3),
        magnitude=round(alert.magnitude.value, 2),
        intensity=round(alert.max_intensity, 1) if isfinite(alert.max_intensity) else 0.0,
        stations=alert.stations,
        bytes=size,
        devices=devices,
        since_origin=round(alert.issued - origin.time, 2),
        picked=None if picked is None else round(picked - origin.time, 2),
        lags=lags,
    )
