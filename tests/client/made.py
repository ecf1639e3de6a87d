"""Messages and alerts for the tests of the listener."""

from typing import Any

from msgspec.structs import replace

from forewave.client.place_alert import PlaceAlert
from forewave.delivery import signing
from forewave.types import Alert, Area, Magnitude, Origin, Place

NOW = 1_600_000_000.0
HERE = Place("here", 24.5, 121.5)
KEYS = signing.generate()
ALERT = Alert(
    id="e1.1",
    event="e1",
    version=1,
    kind="new",
    mode="actual",
    level="action",
    area=Area(24.0, 121.5, 100.0),
    issued=NOW,
    expires=NOW + 100.0,
    origin=Origin(NOW - 5.0, 24.0, 121.5, 15.0, 0.3, 4.0, 5.0),
    magnitude=Magnitude(6.5, 0.3, "M", 5),
    rupture=None,
    field=(),
    max_intensity=7.0,
    stations=5,
    source="point",
)


def sealed(**change: Any) -> bytes:
    """A signed message of the alert, with changes."""
    return KEYS.seal(replace(ALERT, **change))


def place_alert(**change: Any) -> PlaceAlert:
    """What it may mean at a place."""
    usual: dict[str, Any] = {
        "event": "e1",
        "version": 1,
        "kind": "new",
        "drill": False,
        "cancelled": False,
        "level": "action",
        "issued": NOW,
        "expires": NOW + 100.0,
        "origin_time": NOW - 5.0,
        "lat": 24.0,
        "lon": 121.5,
        "depth_km": 15.0,
        "magnitude": 6.5,
        "magnitude_sigma": 0.3,
        "single_station": False,
        "only_phones": False,
        "place": "here",
        "distance_km": 55.6,
        "mmi": 5.5,
        "mmi_sigma": 1.0,
        "p_arrival": NOW + 5.0,
        "s_arrival": NOW + 12.0,
        "s_sigma": 1.0,
        "shaking_until": NOW + 50.0,
    }
    return PlaceAlert(**(usual | change))
