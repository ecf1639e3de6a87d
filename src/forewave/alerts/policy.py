"""Parts of the alert policy: levels, areas, expiry, and what change makes a new version.

There are two levels, as in ShakeAlert: be aware (MMI 3.5, felt) and take action (MMI 5, strong
enough to injure). Forecasts err by more than half a unit, so a level that was issued is held until
the forecast is clearly below it, and does not alternate.
"""

import math
import re
from typing import Annotated, Literal, TypeAlias

import numpy as np

from forewave.alerts import single_station, trust
from forewave.earth.distance import distance_km
from forewave.field import Km, MagnitudeValue, Mmi, Number, Seconds, about
from forewave.thresholds import Thresholds
from forewave.types import (
    Alert,
    Area,
    Forecast,
    Level,
    Magnitude,
    Mode,
    Origin,
    Rupture,
    ShakingForecast,
)

S_SLOWEST_KMS = 3.2  # S in the upper crust of iasp91 is 3.36
LINGERS = 60.0  # seconds that the strong motion of a large earthquake may last
VALID_LEAST, VALID_MOST = 60.0, 180.0
CANCEL_VALID = 86_400.0  # so that devices that were offline still receive it
CELL_KM = 22.0  # from the centre of a geohash-4 cell at the equator to its corner
MMI_PER_MAGNITUDE = 1.428  # of Allen, Wald and Worden (2012), at any distance
Source: TypeAlias = Literal["point", "line", "plum"]
_CELL = re.compile("[0-9b-hjkmnp-z]{4}")
_RANK = {None: 0, "aware": 1, "action": 2}


class AlertSettings(Thresholds, frozen=True, kw_only=True):
    """The criteria of a first alert, which must all hold, and of the next versions."""

    mode: Annotated[Mode, about("Kind of alerts; pages show nothing of a test")] = "actual"
    aware_intensity: Annotated[Mmi, about('Least forecast intensity for "aware"')] = 3.5
    action_intensity: Annotated[Mmi, about('Least forecast intensity for "action"')] = 5.0
    min_magnitude: Annotated[MagnitudeValue, about("Least magnitude")] = 4.0
    single_station: Annotated[
        bool, about("One station alone may alert the places within 40 km of it")
    ] = True
    max_single_station_sigma_km: Annotated[
        Km, about("The same as max_epicentre_sigma_km, for single-station alerts")
    ] = 75.0
    hold: Annotated[
        Number,
        about(
            "Hysteresis in MMI and magnitude: how far a forecast must fall below a threshold "
            "before the level is lowered"
        ),
    ] = 0.3
    interval: Annotated[
        Seconds, about("Least time between two versions, unless the level rises")
    ] = 1.0


def peak(shaking: ShakingForecast) -> tuple[float, Source]:
    """The largest forecast intensity (MMI) and its source; nan if there is no forecast."""
    known = [(f.intensity, f.source) for f in shaking.forecasts if math.isfinite(f.intensity)]
    return max(known, key=lambda pair: pair[0], default=(math.nan, "point"))


def level(
    shaking: ShakingForecast, settings: AlertSettings, held: Level | None = None
) -> Level | None:
    """The level for a forecast, given the level already issued (held); None: no alert."""
    intensity, _ = peak(shaking)
    hold = settings.hold if held else 0.0
    if not shaking.solution.magnitude.value >= settings.min_magnitude - hold:
        return None
    alone = single_station.is_single_station(shaking.solution)
    sure = single_station.site_intensity(shaking) if alone else intensity
    if sure >= settings.action_intensity - (settings.hold if held == "action" else 0.0):
        return trust.highest(shaking.solution, held)
    return "aware" if intensity >= settings.aware_intensity - hold else None


def rises(held: Level | None, level: Level | None) -> bool:
    """Whether a level is higher than the one already issued."""
    return _RANK[level] > _RANK[held]


def trusted(shaking: ShakingForecast, settings: AlertSettings) -> bool:
    """Whether probability and epicentre are certain enough for a first alert."""
    solution = shaking.solution
    return (
        complete(shaking)
        and trust.may_speak(solution)
        and probable(shaking, settings)
        and solution.origin.epicentre_sigma_km <= _widest_km(shaking, settings)
    )


def probable(shaking: ShakingForecast, settings: AlertSettings) -> bool:
    """Whether the event is as probably an earthquake as a first or a higher level requires."""
    return shaking.solution.likelihood >= settings.min_likelihood


def _widest_km(shaking: ShakingForecast, settings: AlertSettings) -> float:
    """The largest allowed sigma of the epicentre, km; negative: no alert is allowed."""
    if not single_station.is_single_station(shaking.solution):
        return settings.max_epicentre_sigma_km
    return settings.max_single_station_sigma_km if settings.single_station else -1.0


def complete(shaking: ShakingForecast) -> bool:
    """Whether every number that an alert contains is finite."""
    origin, magnitude = shaking.solution.origin, shaking.solution.magnitude
    sigmas = (
        origin.time_sigma,
        origin.epicentre_sigma_km,
        origin.depth_sigma_km,
        magnitude.sigma,
    )
    place = (origin.time, origin.lat, origin.lon, origin.depth_km)
    numbers = (*place, magnitude.value, peak(shaking)[0], shaking.bias, *sigmas)
    return all(map(math.isfinite, numbers)) and min(sigmas) >= 0


def closes(last: Alert) -> float:
    """When the event is closed, POSIX seconds.

    A single-station alert may still be confirmed or cancelled after it has expired. An event
    cancelled as smaller may still grow, but not for as long as its cancel is valid.
    """
    by_itself = last.stations != 1 and last.kind != "cancel"
    return last.expires if by_itself else last.issued + VALID_MOST


def strength(magnitude: Magnitude, bias: float) -> float:
    """Relative strength of a source in MMI: magnitude and event term together."""
    return MMI_PER_MAGNITUDE * magnitude.value + bias


def next_time(
    last: Alert, shaking: ShakingForecast, settings: AlertSettings, strongest: float = -math.inf
) -> float:
    """The earliest time of the next version, unless the level rises.

    It follows after a tenth of the earthquake's age (10 s at most), which limits the messages of a
    varying solution, but after `interval` if more people may have to act. strongest: of all
    versions issued (`strength`); a solution that returns to an earlier value does not count.
    """
    age = last.issued - last.origin.time
    wait = 0.0 if spreads(last, shaking, settings, strongest) else min(0.1 * age, 10.0)
    return last.issued + max(settings.interval, wait)


def spreads(
    last: Alert, shaking: ShakingForecast, settings: AlertSettings, strongest: float = -math.inf
) -> bool:
    """Whether more people may have to act than by the versions issued.

    True if the shaking is stronger everywhere by 0.4 MMI (0.28 in magnitude), the rupture longer by
    30 km, or a cell has reached the action level where the source did not predict it.
    """
    solution = shaking.solution
    known = max(strongest, strength(last.magnitude, last.bias))
    return (
        strength(solution.magnitude, shaking.bias) - known >= 0.4
        or _length_km(solution.rupture) - _length_km(last.rupture) >= 30.0
        or _newly_shaken(last, shaking, settings.action_intensity)
    )


def _newly_shaken(last: Alert, shaking: ShakingForecast, intensity: float) -> bool:
    """Whether a cell has reached an intensity that neither field nor source gave before."""
    before, origin = dict(last.field), last.origin
    known_km = reach(last.magnitude, origin.depth_km, intensity - last.bias)
    return any(
        before.get(f.place, 0.0) < intensity <= f.intensity
        and distance_km(origin.lat, origin.lon, f.lat, f.lon) > known_km
        for f in shaking.forecasts
        if _is_cell(f)
    )


def differs(last: Alert, shaking: ShakingForecast) -> bool:
    """Whether a forecast differs enough from the last alert to be worth a message.

    An epicentre must move, and a magnitude fall, by more than its uncertainty; otherwise two
    equally likely solutions would alternate. Other limits: 10 km of rupture length, half a unit of
    intensity at the strongest place or in a cell, 0.3 units everywhere (the bias).
    """
    solution = shaking.solution
    return (
        _grown(last.magnitude, solution.magnitude)
        or _moved(last.origin, solution.origin)
        or abs(_length_km(solution.rupture) - _length_km(last.rupture)) >= 10.0
        or abs(peak(shaking)[0] - last.max_intensity) >= 0.5
        or abs(shaking.bias - last.bias) >= 0.3 - 1e-6
        or _cells_differ(dict(last.field), dict(field(shaking)))
    )


def _cells_differ(last: dict[str, float], now: dict[str, float]) -> bool:
    """Whether a cell changed by 0.5 MMI. Ignores cells that the source now explains."""
    return any(abs(level - last.get(cell, 0.0)) >= 0.5 for cell, level in now.items())


def field(shaking: ShakingForecast) -> tuple[tuple[str, float], ...]:
    """Intensity (MMI) of cells where motion nearby exceeds what the source explains."""
    return tuple((f.place, f.intensity) for f in shaking.forecasts if _is_cell(f))


def _is_cell(forecast: Forecast) -> bool:
    known = math.isfinite(forecast.intensity)
    return known and forecast.source == "plum" and _CELL.fullmatch(forecast.place) is not None


def _grown(last: Magnitude, now: Magnitude) -> bool:
    """Whether the magnitude changed enough.

    Up by 0.1, the step of ShakeAlert: places farther away may need to act. Down by half a sigma,
    at least 0.1, as a decrease is not urgent.
    """
    down = max(0.1, 0.5 * min(last.sigma, now.sigma))
    return not -down + 1e-4 < now.value - last.value < 0.1 - 1e-4


def _moved(last: Origin, now: Origin) -> bool:
    """Whether the origin moved by a sigma (1 to 15 km; at least 1 s, 10 km in depth).

    Also if its sigma has halved, since that may make a countdown possible.
    """
    moved_km = float(distance_km(last.lat, last.lon, now.lat, now.lon))
    return (
        moved_km >= min(max(last.epicentre_sigma_km, 1.0), 15.0)
        or last.epicentre_sigma_km >= max(2 * now.epicentre_sigma_km, 5.0)
        or abs(now.time - last.time) >= max(1.0, last.time_sigma)
        or abs(now.depth_km - last.depth_km) >= max(10.0, last.depth_sigma_km)
    )


def _length_km(rupture: Rupture | None) -> float:
    return rupture.length_km if rupture else 0.0


def area(shaking: ShakingForecast, settings: AlertSettings) -> Area:
    """The circle in which level "aware" may be reached, by the source or by a forecast."""
    if single_station.is_single_station(shaking.solution):
        return single_station.area(shaking)
    origin = shaking.solution.origin
    felt = [f for f in shaking.forecasts if f.intensity >= settings.aware_intensity]
    away_km = distance_km(
        origin.lat, origin.lon, np.array([f.lat for f in felt]), np.array([f.lon for f in felt])
    )
    edge_km = away_km + np.array([CELL_KM * _is_cell(f) for f in felt])
    explained = settings.aware_intensity - shaking.bias
    reach_km = reach(shaking.solution.magnitude, origin.depth_km, explained)
    return Area(origin.lat, origin.lon, float(max([reach_km, *edge_km])))


def reach(magnitude: Magnitude, depth_km: float, intensity: float) -> float:
    """Epicentral distance in km within which a point source gives this MMI; 0 if nowhere.

    Allen, Wald and Worden (2012), J. Seismol. 16:409, the hypocentral relation solved for the
    distance, without its small term beyond 50 km. Sigma 0.8 to 1.2 units.
    """
    m = magnitude.value
    saturation_km = -0.209 + 2.042 * math.exp(m - 5.0)
    effective_km = math.exp((2.085 + MMI_PER_MAGNITUDE * m - intensity) / 1.402)
    return math.sqrt(max(0.0, effective_km**2 - saturation_km**2 - depth_km**2))


def expiry(origin: Origin, where: Area, issued: float) -> float:
    """When an alert expires: S has left the area and the shaking has ended, POSIX seconds."""
    passed = origin.time + math.hypot(where.radius_km, origin.depth_km) / S_SLOWEST_KMS + LINGERS
    return min(max(passed, issued + VALID_LEAST), issued + VALID_MOST)
