"""Notices: what may be said on the word of one station.

One sensor that moves very strongly is reason enough to warn those beside it, before any other
has felt it, and not reason enough to warn a province: it may stand beside a road works. So a
notice is local, says that it is one, tells to act only where the motion at the station itself
is strong enough, and is said once. What follows is a confirmed alert, or its cancellation.

All phones together count as one station. Where only they speak it is a notice too: around the
epicentre, since they have no site, and never to act, since nobody has measured how strong it is.
"""

import math

import numpy as np
from msgspec.structs import replace

from forewave.earth import geohash
from forewave.earth.distance import distance_km
from forewave.types import PHONES, Area, ShakingForecast, Solution

# Pd of 0.5 cm goes with MMI of about 6.5 at the station (Wu and Kanamori 2005). From there, 20 km
# from the source, it falls to 5 within 40 km more (Allen, Wald and Worden 2012), and S takes 12 s
# for them: where stations are nearer to each other than that, a second one has spoken by then.
RADIUS_KM = 40.0


def stations(solution: Solution) -> int:
    """How many stations the event stands on; phones are one."""
    return len(codes(solution))


def is_single_station(solution: Solution) -> bool:
    """Whether one station alone speaks for the event."""
    return stations(solution) == 1


def only_phones(solution: Solution) -> bool:
    """Whether no station speaks for the event."""
    return codes(solution) == {PHONES}


def area(shaking: ShakingForecast) -> Area:
    """Around the station; around the epicentre where the station has no forecast."""
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
    """MMI at the station itself, forecast or observed in its cell; nan where neither is known.

    Never known of phones.
    """
    (code,) = codes(shaking.solution)
    if only_phones(shaking.solution):
        return math.nan
    where = area(shaking)
    here = (code, geohash.encode(where.lat, where.lon))
    known = [f.intensity for f in shaking.forecasts if f.place in here]
    return max(filter(math.isfinite, known), default=math.nan)


def codes(solution: Solution) -> set[str]:
    """The stations that the event stands on; PHONES among them."""
    return {arrival.station for arrival in solution.picks if arrival.weight > 0}
