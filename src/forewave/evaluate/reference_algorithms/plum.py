"""PLUM alone: the forecast of a place is the largest intensity observed within a radius.

Propagation of local undamped motion (Kodera et al. 2018, BSSA 108, 983), by the rule of its
trial on the US West Coast (Cochran et al. 2019, BSSA 109, 1530): an alert begins when a station
observes MMI 4.0 and a neighbour within the radius 2.5. From then on the forecast of a
place is the largest intensity observed by any *other* station within the radius; its own record
is left out, as most places have none. There is no source, no decay with distance and no
magnitude: the origin is 10 km below the first station, as at JMA. MMI is the mean of those
from peak acceleration and peak velocity (Worden et al. 2012). Not included: the screening of
single sites.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forewave.earth.distance import distance_km
from forewave.earth.travel_time import TravelTimes
from forewave.evaluate.reference_algorithms import message
from forewave.evaluate.scoring.playback import IssuedAlert
from forewave.shaking.intensity import worden_2012
from forewave.types import Amplitude, Forecast, Magnitude, Origin, Station, StationObservation

Floats = NDArray[np.float64]

FIRST_MMI, NEIGHBOUR_MMI = 4.0, 2.5
MEMORY = 30.0  # s that an observed intensity stands
STEP_MMI = 0.5  # a place's forecast must rise by this much for a new version
DEPTH_KM = 10.0
SIGMA_MMI = 0.7


def run(
    stations: Sequence[Station],
    observations: Sequence[tuple[float, StationObservation]],
    _: TravelTimes,
    radius_km: float,
) -> list[IssuedAlert]:
    """The alerts that would have been issued."""
    plum = _Plum(stations, radius_km)
    for now, word in observations:
        if isinstance(word, Amplitude) and word.station in plum.index:
            plum.feed(word, now)
    return plum.alerts


class _Plum:
    """Observed and forecast intensity of every station, and the current alert."""

    def __init__(self, stations: Sequence[Station], radius_km: float) -> None:
        self._stations = list(stations)
        self.index = {s.code: i for i, s in enumerate(stations)}
        lat, lon = np.array([s.lat for s in stations]), np.array([s.lon for s in stations])
        self._near = distance_km(lat[:, None], lon[:, None], lat, lon) <= radius_km
        np.fill_diagonal(self._near, False)
        self._mmi = np.full(len(stations), 1.0)
        self._when = np.full(len(stations), -np.inf)
        self._first: int | None = None
        self._forecast, self._issued = self._mmi.copy(), self._mmi.copy()
        self._begun, self._version, self._events = 0.0, 0, 0
        self.alerts: list[IssuedAlert] = []

    def feed(self, seen: Amplitude, now: float) -> None:
        """Process an observation; issue an alert if it follows."""
        here = self.index[seen.station]
        mmi = observed(seen)
        if not math.isfinite(mmi):
            return
        old = now - self._when[here] > MEMORY
        self._mmi[here] = mmi if old else max(mmi, self._mmi[here])
        self._when[here] = now if old or mmi >= self._mmi[here] else self._when[here]
        current = np.where(now - self._when <= MEMORY, self._mmi, 1.0)
        if self._first is not None and not (current >= NEIGHBOUR_MMI).any():
            self._first = None
        if self._first is None:
            self._begin(current, now)
        if self._first is not None:
            self._follow(current, now)

    def _begin(self, current: Floats, now: float) -> None:
        confirmed = (self._near & (current >= NEIGHBOUR_MMI)).any(axis=1)
        ready = np.flatnonzero((current >= FIRST_MMI) & confirmed)
        if len(ready):
            self._first = int(ready[np.argmax(current[ready])])
            self._begun, self._version, self._events = now, 0, self._events + 1
            self._forecast, self._issued = np.ones(len(current)), np.ones(len(current))

    def _follow(self, current: Floats, now: float) -> None:
        around = np.where(self._near, current, 1.0).max(axis=1)
        self._forecast = np.maximum(self._forecast, around)
        if (self._forecast >= self._issued + STEP_MMI).any():
            self._version += 1
            self._issued = self._forecast.copy()
            self.alerts.append(self._message(now))

    def _message(self, now: float) -> IssuedAlert:
        assert self._first is not None, "only an alert under way has messages"
        name = f"plum-{self._events}"
        first = self._stations[self._first]
        origin = Origin(self._begun, first.lat, first.lon, DEPTH_KM, 5.0, 30.0, 10.0)
        seen = int((self._mmi >= NEIGHBOUR_MMI).sum())
        magnitude = Magnitude(math.nan, math.nan, "PLUM", max(2, seen))
        forecasts = {
            s.code: Forecast(
                name, self._version, s.code, s.lat, s.lon, now, now, mmi, SIGMA_MMI, "plum"
            )
            for s, mmi in zip(self._stations, self._forecast.tolist(), strict=True)
        }
        return message.issued_alert(name, self._version, now, origin, magnitude, forecasts)


def observed(seen: Amplitude) -> float:
    """MMI of the peaks that a station reports; nan where it has none."""
    by_pga, by_pgv = worden_2012.from_pga(seen.pga_ms2), worden_2012.from_pgv(seen.pgv_ms)
    return float(by_pga + by_pgv) / 2
