"""The room that says what each place will feel, and when: solutions and motion in, outlooks out.

Two kinds of knowledge meet here. A *solution* says what its source makes everywhere, by the
chosen ground-motion card; arrivals come from the travel-time table. The *motion* that stations
saw so far corrects it (plum.py): everywhere alike by the event term, `Outlook.bias`, and near
stations that see something else. Both are one probability; a forecast is its median.

Of each live event the last solution's forecast is kept for FOLLOWED seconds. When motion grows
the event is looked at again, at the next whole second, and told anew if some place changed by half
a unit. A station's own record has no part in what is forecast for it.

Where the chosen model is not valid - places too far or too near, an earthquake too great, too small
or too deep for it - the default model takes over (source_forecast.py). A place for which that has
no valid number either (beyond 400 km) has no forecast, and is not given a false one; nor has a town
or cell that will feel nothing. Vs30 is held within each model's range, and so is the magnitude: a
greater earthquake than the default model knows is forecast as the greatest it knows.
Where motion exceeds what the source explains, forecasts are called "plum", and the geohash cells
around are forecast too: that is what devices get to know of it.
"""

from collections.abc import Iterable, Sequence
from typing import Annotated, Literal, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.earth.gmm import DEFAULT, MODELS
from forewave.earth.gmm.card import Model
from forewave.earth.site import DEFAULT_VS30_MS
from forewave.earth.travel_time import TravelTimes
from forewave.errors import ModelError
from forewave.field import Mmi, about
from forewave.schedule import beat
from forewave.shaking import posterior
from forewave.shaking.observed import Observed
from forewave.shaking.posterior import Combined
from forewave.shaking.sites import EPICENTRE, Sites, cells, sites
from forewave.shaking.source_distance import longest_km
from forewave.shaking.source_forecast import Expected, expect
from forewave.types import (
    Amplitude,
    Forecast,
    Outlook,
    Place,
    Solution,
    Station,
    StationState,
)

__all__ = ["EPICENTRE", "Forecaster", "ShakingSettings"]

Floats: TypeAlias = NDArray[np.float64]

FOLLOWED = 120.0  # seconds after its origin for which motion may change an event's outlook
PAUSE = 1.0  # the beat of looks at an event for motion alone, seconds
AT_ONCE = 4  # events that are looked at each second; more of them less often
CHANGE = 0.5  # MMI at some place that is worth a new outlook


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
    """An event that is followed: what its solution says, and what was last told of it."""

    solution: Solution
    expected: Expected
    told: Floats
    looked: float


class Forecaster:
    """One region's places. Raises ModelError when made with a model that does not exist."""

    def __init__(
        self,
        places: Sequence[Place],
        travel_times: TravelTimes,
        settings: ShakingSettings = ShakingSettings(),  # noqa: B008 (frozen)
        stations: Sequence[Station] = (),
    ) -> None:
        self._model = _model(settings.model)
        self._deep = None if settings.deep_model is None else _model(settings.deep_model)
        self._travel_times = travel_times
        self._settings = settings
        self._sites = sites(places, stations, settings.vs30_ms)
        self._observed = Observed(self._sites.stations)
        self._live: dict[str, _Live] = {}
        self._moved = np.inf  # since when there is motion that was not looked at

    def feed(self, item: Solution | Amplitude | StationState, now: float) -> Sequence[Outlook]:
        """The outlook of a solution; of a withdrawn one, an outlook with no forecasts.

        Motion is taken, and answered at the next `tick` that is due.
        """
        if not isinstance(item, Solution):
            if self._observed.note(item):
                self._moved = min(self._moved, now)
            return []
        if item.withdrawn:
            self._live.pop(item.event, None)
            return [Outlook(item, ())]
        self._forget(now)
        expected = self._expect(item, self._sites)
        found = self._combine(item, expected)
        self._live[item.event] = _Live(item, expected, found.median, now)
        return [self._outlook(item, expected, found)]

    def tick(self, now: float) -> Sequence[Outlook]:
        """Look again at the events whose motion grew; answer where a place changed."""
        self._forget(now)
        due = [live for live in self._live.values() if self._next(live) <= now]
        if len(due) == len(self._live):
            self._moved = np.inf
        return [outlook for live in due for outlook in self._review(live, now)]

    def deadline(self) -> float | None:
        """The next beat, if motion has grown since the last look."""
        if self._moved == np.inf or not self._live:
            return None
        return max(beat(self._moved, PAUSE), min(map(self._next, self._live.values())))

    def _next(self, live: _Live) -> float:
        """When an event may be looked at again: later when there are many."""
        more = max(0.0, len(self._live) / AT_ONCE - 1.0)
        return beat(live.looked + more * PAUSE, PAUSE)

    def _forget(self, now: float) -> None:
        """Follow no event for too long."""
        self._live = {
            event: live
            for event, live in self._live.items()
            if now <= live.solution.origin.time + FOLLOWED
        }

    def _review(self, live: _Live, now: float) -> list[Outlook]:
        live.looked = now
        found = self._combine(live.solution, live.expected)
        told = self._is_told(found)
        if not np.any(np.abs(found.median - live.told)[told] >= CHANGE):
            return []
        live.told = found.median
        return [self._outlook(live.solution, live.expected, found)]

    def _expect(self, solution: Solution, where: Sites) -> Expected:
        return expect(solution, where, self._travel_times, self._model, self._deep, DEFAULT)

    def _combine(self, solution: Solution, expected: Expected) -> Combined:
        """Source and motion together, at all sites."""
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
        """Where motion is rather another live event's: it has come, and is expected greater."""
        rows = self._sites.observers
        theirs = np.zeros(len(rows), dtype=bool)
        for other in self._live.values():
            if other.solution.event != event:
                greater = other.expected.median[rows] > expected.median[rows]
                theirs |= greater & self._observed.grown(other.expected.p_arrival[rows])
        return theirs

    def _is_told(self, found: Combined) -> NDArray[np.bool_]:
        felt_there = self._sites.always | (found.median >= self._settings.floor)
        return felt_there & self._sites.told & np.isfinite(found.median)

    def _outlook(self, solution: Solution, expected: Expected, found: Combined) -> Outlook:
        told = np.flatnonzero(self._is_told(found))
        forecasts = [*_forecasts(solution, self._sites, expected, found, told)]
        forecasts += self._cells(solution, found)
        return Outlook(solution, tuple(forecasts), found.bias)

    def _cells(self, solution: Solution, found: Combined) -> list[Forecast]:
        """The cells around stations that see more than the source explains."""
        around = posterior.cells_around(found)
        if not around or found.stations is None:
            return []
        where = cells(around, self._settings.vs30_ms)
        expected = self._expect(solution, where)
        there = posterior.elsewhere(expected, found.stations)
        kept = posterior.strongest(there)
        return [*_forecasts(solution, where, expected, there, kept)]


def _model(name: str) -> Model:
    if name not in MODELS:
        raise ModelError(f"model {name!r}: expected one of {', '.join(MODELS)}")
    return MODELS[name]


def _forecasts(
    solution: Solution,
    where: Sites,
    expected: Expected,
    found: Combined,
    kept: NDArray[np.intp],
) -> Iterable[Forecast]:
    """The forecasts of some rows, in words."""
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
