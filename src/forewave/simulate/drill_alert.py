"""The alert of a drill: a fictitious earthquake, signed as a drill."""

from forewave.earth.travel_time import TravelTimes
from forewave.types import Alert, Area, Magnitude, Origin, Place
from forewave.units import DEGREE_KM

_SOUTH_KM = 75.0
_DEPTH_KM = 10.0
_VALID = 120.0


def drill_alert(
    place: Place, seconds: float, now: float, travel_times: TravelTimes, magnitude: float = 7.3
) -> Alert:
    """A drill whose S waves reach the place `seconds` after `now`; the epicentre is 75 km south."""
    lat = place.lat - _SOUTH_KM / DEGREE_KM
    began = now + seconds - float(travel_times.seconds("S", _SOUTH_KM, _DEPTH_KM))
    event = f"drill-{round(now * 1000)}"
    return Alert(
        id=f"{event}.1",
        event=event,
        version=1,
        kind="new",
        mode="drill",
        level="action",
        area=Area(lat, place.lon, 250.0),
        issued=now,
        expires=now + seconds + _VALID,
        origin=Origin(began, lat, place.lon, _DEPTH_KM, 0.3, 3.0, 3.0),
        magnitude=Magnitude(magnitude, 0.2, "M", 8),
        rupture=None,
        field=(),
        max_intensity=8.0,
        stations=8,
        source="point",
    )
