"""Records of the bus, for tests."""

from forewave.cluster.wire import Published
from forewave.types import Alert, Area, Magnitude, Origin, Solution

T0 = 1_800_000_000.0


def alert(event="fw1", version=1, mode="actual", issued=T0 + 5.0, expires=T0 + 100.0, **more):
    return Alert(
        id=f"{event}-{version}",
        event=event,
        version=version,
        kind="new" if version == 1 else "update",
        mode=mode,
        level="action",
        area=Area(30.0, 104.0, 100.0),
        issued=issued,
        expires=expires,
        origin=Origin(issued - 5.0, 30.0, 104.0, 10.0, 0.5, 3.0, 5.0),
        magnitude=Magnitude(6.5, 0.3, "Mpd", 5),
        rupture=None,
        field=(),
        max_intensity=7.0,
        stations=5,
        source="point",
        **more,
    )


def published(event="fw1", version=1, epoch=1, leader="a", keys=None, **more):
    made = alert(event, version, **more)
    solution = Solution(event, version, made.origin, made.magnitude, None, (), 0.99)
    return Published(epoch, leader, made, solution, keys.seal(made) if keys else b"")
