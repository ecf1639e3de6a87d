"""Single-station alerts.

Very strong motion at one station justifies a warning nearby before any other station has recorded
it, but not a regional one: the cause may be local, such as road works. A single-station alert is
therefore local, marked as such, asks for action only if the motion at the station is strong enough,
and is issued once. A confirmed alert or a cancel follows.

All phones together count as one station. An alert by phones alone is also a single-station alert:
around the epicentre, since they have no site, and at level "aware", since no motion was measured.
"""

import math

import numpy as np
from msgspec.structs import replace

from forewave.earth import geohash
from forewave.earth.distance import distance_km
from forewave.types import PHONES, Area, ShakingForecast, Solution

# Pd of 0.5 cm goes with MMI of about 6.5 at the station (Wu and Kanamori 2005). From there, 20 km
# from the source, it falls to 5 within 40 km more (Allen, Wald and Worden 2012), and S takes 12 s
# for them. Where stations are closer together than that, a second one has a pick by then.
RADIUS_KM = 40.0


def stations(solution: Solution) -> int:
    """Number of stations that an event is based on; all phones count as one."""
    return len(codes(solution))


def is_single_station(solution: Solution) -> bool:
    """Whether the event is based on one station only."""
    return stations(solution) == 1


def only_phones(solution: Solution) -> bool:
    """Whether the event is based on phones only."""
    return codes(solution) == {PHONES}


def area(shaking: ShakingForecast) -> Area:
    """The alert's area: around the station, or the epicentre if it has no forecast."""
    (code,) = codes(shaking.solution)
    origin = shaking.solution.origin
    sites = [(f.lat, f.lon) for f in shaking.forecasts if f.place == code]
    lat, lon = sites[0] if sites else (origin.lat, origin.lon)
    return Area(lat, lon, RADIUS_KM)


def local(shaking: ShakingForecast) -> ShakingForecast:
    """The same shaking forecast, with the places within the alert's area only."""
    where = area(shaking)
    lat = np.array([f.lat for f in shaking.forecasts])
    lon = np.array([f.lon for f in shaking.forecasts])
    inside = distance_km(where.lat, where.lon, lat, lon) <= where.radius_km
    near = tuple(f for f, kept in zip(shaking.forecasts, inside, strict=True) if kept)
    return replace(shaking, forecasts=near)


def site_intensity(shaking: ShakingForecast) -> float:
    """MMI at the station, the larger of its forecast and its cell's; nan if unknown (phones)."""
    (code,) = codes(shaking.solution)
    if only_phones(shaking.solution):
        return math.nan
    where = area(shaking)
    here = (code, geohash.encode(where.lat, where.lon))
    known = [f.intensity for f in shaking.forecasts if f.place in here]
    return max(filter(math.isfinite, known), default=math.nan)


def codes(solution: Solution) -> set[str]:
    """Codes of the stations that the event is based on; PHONES for phones."""
    return {arrival.station for arrival in solution.picks if arrival.weight > 0}
