"""Earthquakes in the triggers of many phones.

A phone reports when it was shaken, how hard, and in which 5 km cell; also when a lorry or footsteps
shook it. An earthquake must meet four conditions together:

- *many*: more triggers within REACH_KM and SPAN seconds than the cells' own false rates explain
  (Poisson). Each cell's rate is learned from its past, as the larger of the rates of the last
  hours and the last minutes, so that a noisy morning does not look like an earthquake.
- *a wave front*: their times fit a front that spreads at 2.5 to 8.5 km/s from one place better than
  they fit one moment. Alarms that ring in every phone at seven are simultaneous; thunder and trains
  are slower. Times have a Laplace distribution about the front, so that a few wrong ones (and P
  among S) have little effect.
- *cells with a history*: cells that triggered at least LEARNING seconds before, and at most as many
  without a history, so that nobody can simulate a front with cells that never had a phone.
- *several places*: at least three cells, with distances that differ enough to resolve a front.

Both likelihood ratios are added, the first up to a limit, since any strong vibration of many cells
gives an enormous one. `probability` is 1/2 at a score that no false alarm reached in simulated
nights (benchmarks/phones.py). Sources: Finazzi (2020) and Massoda and Finazzi (2023) for the rate
test, Allen et al. (2025) for the front. Phones mostly detect S, so they confirm and extend what
stations observe, and are rarely first. Phones are not identified: only cells are known here.
"""

import math
from collections import deque
from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.phones.background_rates import CellRates
from forewave.types import PhoneSighting

Floats = NDArray[np.float64]

REACH_KM = 80.0
SPAN = 12.0  # seconds of triggers that are weighed together
KEPT = 40.0  # seconds until a trigger that was no earthquake counts for its cell's rate
FEWEST, CELLS = 6, 3
PER_CELL, MOST = 2, 100  # triggers in one fit: a cell's burst is one cause, not many
APERTURE_KM = 6.0  # between the tenths of the distances
FRONT_KM_S = (2.5, 3.0, 3.5, 4.2, 5.0, 6.0, 7.0, 8.5)
OTHER_KM_S = (0.34, 0.6, 1.0, 1.6, 15.0, 40.0)  # thunder, traffic ... one moment everywhere
DEPTH_KM = 10.0
SPREAD = 0.35  # s: cells are 5 km and phones trigger late, so no front is sharper
UNIFORM = SPAN / (2.0 * math.e)  # the spread of a front that is as likely as no order at all
FRONT_PRICE = 4.0  # log-likelihood that the parameters of a front find in noise
GATE = 8.0  # log-likelihood ratio of a cluster above which a front is searched for
MOST_EXCESS = 20.0
EVEN = 28.0  # score at which an earthquake is as likely as not; see benchmarks/phones.py
STEP = 0.25  # seconds between two fits
LEARNING = 1800.0  # seconds until cells' rates are known well enough


class PhoneTrigger(Struct, frozen=True):
    """A phone was shaken in a geohash cell of five letters. time: its corrected clock."""

    time: float
    cell: str
    peak_ms2: float


class PhoneNetwork:
    """Detects earthquakes in triggers, given in order of arrival."""

    def __init__(self, learning: float = LEARNING) -> None:
        self._rates = CellRates()
        self._ready, self._learning = math.inf, learning
        self._unlearned: deque[tuple[float, int]] = deque()
        self._recent: dict[int, list[float]] = {}  # a cell's times within SPAN, PER_CELL at most
        self._looked = -math.inf

    def feed(self, trigger: PhoneTrigger, now: float) -> PhoneSighting | None:
        """Take a trigger; return the most likely earthquake that it is part of, if there is one.

        Triggers older than SPAN, from the future or outside any cell are ignored.
        """
        if self._rates.is_full(trigger.cell):
            self._forget(self._rates.drop(now))
        number = self._rates.number(trigger.cell)
        if number is None or not now - SPAN <= trigger.time <= now + 1.0:
            return None
        self._ready = min(self._ready, now + self._learning)
        self._remember(number, trigger.time, now)
        if now - self._looked < STEP or now < self._ready:
            return None
        return self._look(number, now)

    def _forget(self, numbers: set[int]) -> None:
        """Forget cells that were replaced by others."""
        self._unlearned = deque(each for each in self._unlearned if each[1] not in numbers)
        self._recent = {n: times for n, times in self._recent.items() if n not in numbers}

    def _remember(self, number: int, time: float, now: float) -> None:
        self._unlearned.append((time, number))
        while self._unlearned[0][0] < now - KEPT:
            old, of = self._unlearned.popleft()
            self._rates.note(of, old)
        times = [t for t in self._recent.pop(number, []) if t >= now - SPAN]
        self._recent[number] = [*times, time] if len(times) < PER_CELL else times

    def _look(self, number: int, now: float) -> PhoneSighting | None:
        """The cluster around a cell, and the front in it."""
        stale = [n for n, times in self._recent.items() if times[-1] < now - SPAN]
        for n in stale:
            del self._recent[n]
        active = np.fromiter(self._recent, np.intp, len(self._recent))
        near = active[self._rates.away_km(number, active) <= REACH_KM]
        cells = self._proven(near, now).tolist()
        excess = _excess(len(cells), self._rates.expected(number, REACH_KM, SPAN, now))
        if len(cells) < CELLS or excess < GATE:
            return None
        self._looked = now
        rows = sorted((t, n) for n in cells for t in self._recent[n] if t >= now - SPAN)[-MOST:]
        if len(rows) < FEWEST:
            return None
        times, numbers = np.array([t for t, _ in rows]), np.array([n for _, n in rows])
        return _sighting(times, *self._rates.places(numbers), numbers, excess)

    def _proven(self, cells: NDArray[np.intp], now: float) -> NDArray[np.intp]:
        """The cells with a history, and at most as many others.

        Made-up phones are mostly in cells that never triggered before.
        """
        if self._learning <= 0.0:
            return cells
        known = self._rates.has_history(cells, now - self._learning)
        return np.concatenate([cells[known], cells[~known][: int(known.sum())]])


def _excess(count: int, expected: float) -> float:
    """Log-likelihood ratio of an increased Poisson rate; 0 where it is not increased."""
    if count <= expected:
        return 0.0
    return count * math.log(count / expected) - (count - expected)


def _sighting(
    times: Floats, lats: Floats, lons: Floats, cells: NDArray[np.intp], excess: float
) -> PhoneSighting | None:
    """The best front through the triggers, if it explains them better than the alternatives."""
    lat0, lon0 = float(np.median(lats)), float(np.median(lons))
    east = (lons - lon0) * 111.19 * math.cos(math.radians(lat0))
    north = (lats - lat0) * 111.19
    front = _front(times, east, north, FRONT_KM_S)
    other = min(UNIFORM, _front(times, east, north, OTHER_KM_S).spread)
    gain = len(times) * math.log(other / front.spread) - FRONT_PRICE
    on_front = np.abs(times - front.time - front.away_km / front.velocity_km_s) < 3 * front.spread
    seen = len(np.unique(cells[on_front]))
    aperture = float(np.subtract(*np.percentile(front.away_km[on_front], [90, 10])))
    if gain <= 0 or seen < CELLS or on_front.sum() < FEWEST or aperture < APERTURE_KM:
        return None
    score = min(excess, MOST_EXCESS) + gain
    return PhoneSighting(
        time=front.time,
        lat=lat0 + front.north_km / 111.19,
        lon=lon0 + front.east_km / (111.19 * math.cos(math.radians(lat0))),
        sigma_km=5.0 + 40.0 / math.sqrt(len(times)),
        triggers=int(on_front.sum()),
        cells=seen,
        probability=1.0 / (1.0 + math.exp(-max(-700.0, min(700.0, score - EVEN)))),
    )


class _Front(Struct):
    """A source (km from the middle), time and speed; distances and scatter of the triggers."""

    east_km: float
    north_km: float
    time: float
    velocity_km_s: float
    spread: float
    away_km: Floats


def _front(times: Floats, east: Floats, north: Floats, speeds_km_s: Sequence[float]) -> _Front:
    """The best fitting front at one of these speeds: by a coarse search, then a fine one."""
    rough = _best(times, east, north, _grid(0.0, 0.0, 80.0, 10.0), speeds_km_s)
    return _best(times, east, north, _grid(rough.east_km, rough.north_km, 9.0, 3.0), speeds_km_s)


def _best(
    times: Floats, east: Floats, north: Floats, grid: Floats, speeds_km_s: Sequence[float]
) -> _Front:
    """Source and speed with the least mean deviation of origin times from their median."""
    flat = (east - grid[:, :1]) ** 2 + (north - grid[:, 1:]) ** 2
    away = np.sqrt(flat + DEPTH_KM**2)  # (places, triggers)
    speeds = np.asarray(speeds_km_s)
    origins = times - away[:, None, :] / speeds[:, None]  # (places, speeds, triggers)
    middle = np.partition(origins, len(times) // 2, axis=2)[..., len(times) // 2]
    spreads = np.abs(origins - middle[..., None]).mean(axis=2)
    place, speed = np.unravel_index(int(spreads.argmin()), spreads.shape)
    return _Front(
        float(grid[place, 0]),
        float(grid[place, 1]),
        float(middle[place, speed]),
        float(speeds[speed]),
        max(SPREAD, float(spreads[place, speed])),
        away[place],
    )


def _grid(east_km: float, north_km: float, half_km: float, step_km: float) -> Floats:
    axis = np.arange(-half_km, half_km + step_km / 2, step_km)
    east, north = np.meshgrid(east_km + axis, north_km + axis)
    return np.column_stack([east.ravel(), north.ravel()])


def sightings(
    triggers: Iterable[PhoneTrigger], delay: float = 0.5, learning: float = LEARNING
) -> Sequence[PhoneSighting]:
    """All sightings in triggers that each arrive `delay` seconds after their time."""
    network = PhoneNetwork(learning)
    ordered = sorted(triggers, key=lambda t: t.time)
    found = (network.feed(t, t.time + delay) for t in ordered)
    return [sighting for sighting in found if sighting is not None]
