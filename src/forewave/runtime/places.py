"""The places that get a forecast by name: the stations, and the towns around them."""

from collections.abc import Sequence

import numpy as np

from forewave.config import TownSettings
from forewave.earth.distance import distance_km
from forewave.earth.towns import towns_near
from forewave.earth.travel_time import TravelTimes
from forewave.formats.event_info import EventInfo
from forewave.shaking.forecaster import Forecaster, ShakingSettings
from forewave.types import Magnitude, Origin, Place, Solution, Station

_STRONG = 5.8  # MMI; so much over "take action" that the first estimates reach that too
_IN_TIME = 14.0  # seconds from the earthquake's beginning to S


def places(stations: Sequence[Station], towns: TownSettings) -> list[Place]:
    """Every station, and every town within reach of one; of towns of one name, the largest."""
    sites = [Place(s.code, s.lat, s.lon, "station", s.vs30_ms) for s in stations]
    lat, lon = (np.array([getattr(s, key) for s in stations]) for key in ("lat", "lon"))
    middle = float(lat.mean()), float(lon.mean())
    across_km = float(distance_km(*middle, lat, lon).max())
    near = towns_near(*middle, towns.radius_km + across_km, towns.min_population)
    reached = {
        town.name: town
        for town in reversed(near)
        if distance_km(town.lat, town.lon, lat, lon).min() <= towns.radius_km
    }
    return [*sites, *reversed(reached.values())]


def example(
    places: Sequence[Place],
    info: EventInfo,
    travel_times: TravelTimes,
    settings: ShakingSettings,
) -> Place | None:
    """A town to show to a viewer who has named no place, for an earthquake that is known.

    The largest one that is shaken strongly and yet has time to be warned; None without one.
    """
    solution = _as_known(info)
    if solution is None:
        return None
    towns = {place.name: place for place in places if place.kind == "town"}
    outlooks = Forecaster(places, travel_times, settings).feed(solution, solution.origin.time)
    worth = {
        forecast.place
        for outlook in outlooks
        for forecast in outlook.forecasts
        if forecast.intensity >= _STRONG and forecast.s_arrival - solution.origin.time >= _IN_TIME
    }
    return next((town for name, town in towns.items() if name in worth), None)


def _as_known(info: EventInfo) -> Solution | None:
    """The catalogue's earthquake as a solution without doubt; None where it is not complete."""
    time, lat, lon = info.origin_time, info.lat, info.lon
    depth_km, magnitude = info.depth_km, info.magnitude
    if time is None or lat is None or lon is None or depth_km is None or magnitude is None:
        return None
    origin = Origin(time, lat, lon, depth_km, 0.0, 0.0, 0.0)
    return Solution(info.id, 1, origin, Magnitude(magnitude, 0.0, "M", 0), None, (), 1.0)
