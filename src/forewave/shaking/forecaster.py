"""The room that forecasts shaking: solutions and observed motion in, shaking forecasts out.

A *solution* gives the shaking everywhere, by the chosen ground-motion model, and the arrivals, by
the travel-time table. The *motion* observed so far corrects the shaking (residuals.py): equally
everywhere by the event term, `ShakingForecast.bias`, and locally near stations that observe
something else. Together they give a probability distribution; a forecast is its median.

The forecast of each event is kept for FOLLOWED seconds after its origin. When motion grows, the
event is reviewed at the next whole second, and a new forecast is emitted if some place changed by
half a unit. A station's own record is not used in the forecast for that station.

Where the chosen model is not valid - places too far or too near, an earthquake too great, too small
or too deep for it - the default model takes over (source_forecast.py). A place for which that has
no valid number either (beyond 400 km) has no forecast, and neither have towns and cells below the
`floor`. Vs30 and magnitude are limited to each model's range: a larger earthquake is forecast as
the largest it covers. Where motion exceeds what the source explains, the source of the forecast is
"plum", and the geohash cells around are forecast too, for the devices.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.earth import gmm
from forewave.earth.gmm import DEFAULT
from forewave.earth.site import DEFAULT_VS30_MS
from forewave.earth.travel_time import TravelTimes
from forewave.field import Mmi, about
from forewave.schedule import next_update
from forewave.shaking import posterior
from forewave.shaking.observed import Observed
from forewave.shaking.posterior import Combined
from forewave.shaking.sites import EPICENTRE, Sites, cells, sites
from forewave.shaking.source_distance import longest_km
from forewave.shaking.source_forecast import Expected, expect
from forewave.types import (
    Amplitude,
    Forecast,
    Place,
    ShakingForecast,
    Solution,
    Station,
    StationState,
)

__all__ = ["EPICENTRE", "Forecaster", "ShakingSettings"]

Floats: TypeAlias = NDArray[np.float64]

FOLLOWED = 120.0  # seconds after its origin for which motion may change an event's forecast
PAUSE = 1.0  # seconds between reviews of an event for motion alone
AT_ONCE = 4  # events that are reviewed each second; more of them less often
CHANGE = 0.5  # MMI at some place that makes a new forecast


class ShakingSettings(Struct, frozen=True):
    """The forecast of ground shaking."""

    model: Annotated[str, about("Ground-motion model of crustal earthquakes")] = DEFAULT.name
    vs30_ms: Annotated[
        float,
        about(
            "Vs30 (shear-wave velocity of the upper 30 m) of places that do not state theirs; "
            "lower: softer ground, stronger shaking",
            "m/s",
            ge=100,
            le=3000,
        ),
    ] = DEFAULT_VS30_MS
    floor: Annotated[
        Mmi, about("Towns and cells below this intensity get no forecast; stations always do")
    ] = 1.5
    deep_model: Annotated[
        str | None, about("Ground-motion model of earthquakes below the crust")
    ] = "si_midorikawa_1999_intraslab"
    observe: Annotated[bool, about("Observed motion corrects the forecast")] = True


class _Live(Struct):
    """An event: its solution, what that predicts, and the last forecast emitted."""

    solution: Solution
    expected: Expected
    emitted: Floats
    looked: float


class Forecaster:
    """Forecasts for the places of a region. Raises ModelError for an unknown model name."""

    def __init__(
        self,
        places: Sequence[Place],
        travel_times: TravelTimes,
        settings: ShakingSettings = ShakingSettings(),  # noqa: B008 (frozen)
        stations: Sequence[Station] = (),
    ) -> None:
        self._model = gmm.named(settings.model)
        self._deep = None if settings.deep_model is None else gmm.named(settings.deep_model)
        self._travel_times = travel_times
        self._settings = settings
        self._sites = sites(places, stations, settings.vs30_ms)
        self._observed = Observed(self._sites.stations)
        self._live: dict[str, _Live] = {}
        self._moved = np.inf  # since when there is motion that was not used

    def feed(
        self, item: Solution | Amplitude | StationState, now: float
    ) -> Sequence[ShakingForecast]:
        """Take a solution and return its forecast; without any place if the event is withdrawn.

        Observed motion is remembered and used at the next `tick` that is due.
        """
        if not isinstance(item, Solution):
            if self._observed.note(item):
                self._moved = min(self._moved, now)
            return []
        if item.withdrawn:
            self._live.pop(item.event, None)
            return [ShakingForecast(item, ())]
        self._forget(now)
        expected = self._expect(item, self._sites)
        found = self._combine(item, expected)
        self._live[item.event] = _Live(item, expected, found.median, now)
        return [self._shaking_forecast(item, expected, found)]

    def tick(self, now: float) -> Sequence[ShakingForecast]:
        """Review the events whose motion grew; return the forecasts that changed."""
        self._forget(now)
        due = [live for live in self._live.values() if self._next(live) <= now]
        if len(due) == len(self._live):
            self._moved = np.inf
        return [shaking for live in due for shaking in self._review(live, now)]

    def deadline(self) -> float | None:
        """The time of the next review, if motion has grown since the last one."""
        if self._moved == np.inf or not self._live:
            return None
        return max(next_update(self._moved, PAUSE), min(map(self._next, self._live.values())))

    def _next(self, live: _Live) -> float:
        """When an event may be reviewed again: later if there are many."""
        more = max(0.0, len(self._live) / AT_ONCE - 1.0)
        return next_update(live.looked + more * PAUSE, PAUSE)

    def _forget(self, now: float) -> None:
        """Forget events that are older than FOLLOWED."""
        self._live = {
            event: live
            for event, live in self._live.items()
            if now <= live.solution.origin.time + FOLLOWED
        }

    def _review(self, live: _Live, now: float) -> list[ShakingForecast]:
        live.looked = now
        found = self._combine(live.solution, live.expected)
        rows = self._has_forecast(found)
        if not np.any(np.abs(found.median - live.emitted)[rows] >= CHANGE):
            return []
        live.emitted = found.median
        return [self._shaking_forecast(live.solution, live.expected, found)]

    def _expect(self, solution: Solution, where: Sites) -> Expected:
        return expect(solution, where, self._travel_times, self._model, self._deep, DEFAULT)

    def _combine(self, solution: Solution, expected: Expected) -> Combined:
        """The posterior of source and motion at all sites."""
        if not self._settings.observe:
            return posterior.source_alone(expected)
        rows = self._sites.observers
        seen = self._observed.of(
            expected.p_arrival[rows],
            expected.s_arrival[rows],
            longest_km(solution),
            self._of_others(solution.event, expected),
        )
        return posterior.combine(expected, rows, seen)

    def _of_others(self, event: str, expected: Expected) -> NDArray[np.bool_]:
        """Where another event has arrived and is expected to be stronger."""
        rows = self._sites.observers
        theirs = np.zeros(len(rows), dtype=bool)
        for other in self._live.values():
            if other.solution.event != event:
                greater = other.expected.median[rows] > expected.median[rows]
                theirs |= greater & self._observed.grown(other.expected.p_arrival[rows])
        return theirs

    def _has_forecast(self, found: Combined) -> NDArray[np.bool_]:
        felt_there = self._sites.always | (found.median >= self._settings.floor)
        return felt_there & self._sites.wanted & np.isfinite(found.median)

    def _shaking_forecast(
        self, solution: Solution, expected: Expected, found: Combined
    ) -> ShakingForecast:
        rows = np.flatnonzero(self._has_forecast(found))
        forecasts = [*_forecasts(solution, self._sites, expected, found, rows)]
        forecasts += self._cells(solution, found)
        return ShakingForecast(solution, tuple(forecasts), found.bias)

    def _cells(self, solution: Solution, found: Combined) -> list[Forecast]:
        """Forecasts for cells around stations that observe more than the source explains."""
        around = posterior.cells_around(found)
        if not around or found.stations is None:
            return []
        where = cells(around, self._settings.vs30_ms)
        expected = self._expect(solution, where)
        there = posterior.elsewhere(expected, found.stations)
        kept = posterior.strongest(there)
        return [*_forecasts(solution, where, expected, there, kept)]


def _forecasts(
    solution: Solution,
    where: Sites,
    expected: Expected,
    found: Combined,
    kept: NDArray[np.intp],
) -> Iterable[Forecast]:
    """The Forecast records of some rows."""
    event, version, names = solution.event, solution.version, where.names
    usual: Literal["point", "line"] = "point" if solution.rupture is None else "line"
    columns = (
        expected.lat,
        expected.lon,
        expected.p_arrival,
        expected.s_arrival,
        found.median,
        found.sigma,
        found.exceeds,
    )
    rows = zip(kept.tolist(), *(column[kept].tolist() for column in columns), strict=True)
    for i, lat, lon, p, s, level, sigma, exceeds in rows:
        source = "plum" if exceeds else usual
        yield Forecast(event, version, names[i], lat, lon, p, s, level, sigma, source)
