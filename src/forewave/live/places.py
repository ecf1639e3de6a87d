"""The places with a shaking forecast of their own: stations, and towns near them."""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from forewave.config import TownSettings
from forewave.earth.distance import distance_km
from forewave.earth.towns import towns_near
from forewave.earth.travel_time import TravelTimes
from forewave.formats.recordings.event_info import EventInfo
from forewave.shaking.forecaster import Forecaster, ShakingSettings
from forewave.types import Forecast, Magnitude, Origin, Place, Solution, Station

_STRONG = 5.25  # MMI; enough above "take action" (5) that estimates reach it as well
_COUNT = (11.0, 20.0)  # seconds of countdown in an example
_LIGHT = (3.7, 4.4)  # MMI; a banner is shown, no request to act
_REACHED = 4  # stations that P has to reach before an alert
_BROKEN = 0.7  # share of the source duration after which the magnitude is about known


def places(stations: Sequence[Station], towns: TownSettings) -> list[Place]:
    """All stations, and all towns near one; of towns with the same name the largest.

    towns: radius_km around a station, and the least population.
    """
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


class Elsewhere(Struct, frozen=True):
    """Further places to show, for an earthquake of the catalogue. None: there is no such place.

    near: the epicentre, where S arrives before any alert. far: a town with light shaking, where
    only a banner is shown.
    """

    near: Place | None = None
    far: Place | None = None


def example(
    places: Sequence[Place],
    info: EventInfo,
    travel_times: TravelTimes,
    settings: ShakingSettings,
) -> Place | None:
    """A town to show to viewers who have not chosen a place, for an earthquake of the catalogue.

    Of the towns that are asked to act 11 to 20 s before S, the one with the highest intensity; None
    if there is none.
    """
    solution = _as_known(info)
    if solution is None:
        return None
    towns = _towns(places)
    known = solution.origin.time + _alert_delay(places, solution, travel_times)
    counted = [
        forecast
        for forecast in _forecasts(places, solution, travel_times, settings)
        if forecast.place in towns
        and forecast.intensity >= _STRONG
        and _COUNT[0] <= forecast.s_arrival - known <= _COUNT[1]
    ]
    best = max(counted, key=lambda forecast: forecast.intensity, default=None)
    return None if best is None else towns[best.place]


def elsewhere(
    places: Sequence[Place],
    info: EventInfo,
    travel_times: TravelTimes,
    settings: ShakingSettings,
) -> Elsewhere:
    """The epicentre, and the largest town with light shaking, of an earthquake of the catalogue."""
    solution = _as_known(info)
    if solution is None:
        return Elsewhere()
    forecasts = _forecasts(places, solution, travel_times, settings)
    light = {f.place for f in forecasts if _LIGHT[0] <= f.intensity < _LIGHT[1]}
    far = next((town for name, town in _towns(places).items() if name in light), None)
    return Elsewhere(Place("Epicentre", solution.origin.lat, solution.origin.lon), far)


def _towns(places: Sequence[Place]) -> dict[str, Place]:
    """Towns by name, the largest first."""
    return {place.name: place for place in places if place.kind == "town"}


def _forecasts(
    places: Sequence[Place],
    solution: Solution,
    travel_times: TravelTimes,
    settings: ShakingSettings,
) -> list[Forecast]:
    shaking_forecasts = Forecaster(places, travel_times, settings).feed(
        solution, solution.origin.time
    )
    return [forecast for shaking in shaking_forecasts for forecast in shaking.forecasts]


def _alert_delay(places: Sequence[Place], solution: Solution, travel_times: TravelTimes) -> float:
    """Seconds after the origin until the magnitude is about known and places are asked to act.

    P has reached _REACHED stations, then the share _BROKEN of the source duration has passed: one
    over the corner frequency of Brune at 100 bar and 3.5 km/s (Boore 2003).
    """
    origin = solution.origin
    stations = [place for place in places if place.kind == "station"]
    away_km = sorted(float(distance_km(origin.lat, origin.lon, s.lat, s.lon)) for s in stations)
    farthest_km = away_km[:_REACHED][-1] if away_km else 0.0
    reached = float(travel_times.seconds("P", farthest_km, origin.depth_km))
    moment_dyncm = 10.0 ** (1.5 * solution.magnitude.value + 16.05)
    duration: float = (moment_dyncm / 100.0) ** (1.0 / 3.0) / (4.9e6 * 3.5)
    return reached + _BROKEN * duration


def _as_known(info: EventInfo) -> Solution | None:
    """The earthquake of the catalogue as an exact solution; None if it is incomplete."""
    time, lat, lon = info.origin_time, info.lat, info.lon
    depth_km, magnitude = info.depth_km, info.magnitude
    if time is None or lat is None or lon is None or depth_km is None or magnitude is None:
        return None
    origin = Origin(time, lat, lon, depth_km, 0.0, 0.0, 0.0)
    return Solution(info.id, 1, origin, Magnitude(magnitude, 0.0, "M", 0), None, (), 1.0)
