"""An alert for these tests."""

from forewave.types import Alert, Area, Magnitude, Origin

T0 = 1.79e9
ALERT = Alert(
    id="e.1",
    event="20300512T062820",
    version=1,
    kind="new",
    mode="actual",
    level="action",
    area=Area(1.0, 2.0, 250.0),
    issued=T0,
    expires=T0 + 100.0,
    origin=Origin(T0 - 5.0, 1.23, 2.34, 10.0, 0.3, 3.0, 3.0),
    magnitude=Magnitude(7.1, 0.2, "M", 8),
    rupture=None,
    field=(),
    max_intensity=8.0,
    stations=8,
    source="point",
)
