"""How often the phones of each cell trigger when there is no earthquake.

A cell is a geohash of five letters, about 5 km. Its rate is a decaying average of its past: the
larger of the rates of the last hours and the last minutes, so that a noisy morning is recognised.
"""

import math

import numpy as np
from numpy.typing import NDArray

from forewave.arrays import read_only
from forewave.earth import geohash
from forewave.earth.distance import distance_km

Floats = NDArray[np.float64]

LETTERS = 5
MEMORIES = read_only(np.array([6 * 3600.0, 600.0]))  # seconds over which rates forget
PRIOR_COUNT, PRIOR_SPAN = 0.1, 720.0  # of a cell without a history: one in two hours
FRESH = 10.0  # seconds for which an expectation is kept
MOST_CELLS = 50_000  # more than the land of a large country has where people live
DROPPED = 0.125  # share of them that is removed when there are more


class CellRates:
    """False-trigger rates of cells. `note` takes what was no earthquake."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._unused: list[int] = []
        self._places = np.zeros((64, 2))
        self._counts = np.zeros((64, len(MEMORIES)))
        self._noted = np.zeros(64)
        self._met = np.zeros(64)  # time of the first trigger
        self._used = np.zeros(64, bool)
        self._first: float | None = None
        self._expected: dict[int, tuple[float, float]] = {}

    def number(self, cell: str) -> int | None:
        """Index of a cell in the tables; None for an invalid cell or beyond the limit (`drop`)."""
        known = self._numbers.get(cell)
        if known is not None or len(cell) != LETTERS or self.is_full(cell):
            return known
        try:
            place = geohash.centre(cell)
        except ValueError:
            return None
        number = self._unused.pop() if self._unused else len(self._numbers)
        self._numbers[cell] = number
        if number == len(self._places):
            self._places, self._counts, self._noted, self._met, self._used = (
                np.concatenate([table, np.zeros_like(table)])
                for table in (self._places, self._counts, self._noted, self._met, self._used)
            )
        self._places[number], self._used[number] = place, True
        return number

    def is_full(self, cell: str) -> bool:
        """Whether the tables have no room for this cell."""
        return len(self._numbers) >= MOST_CELLS and cell not in self._numbers

    def drop(self, now: float) -> set[int]:
        """Forget the cells with the fewest triggers, and return their indices for reuse.

        Made-up cells are many, each with few triggers.
        """
        every = np.flatnonzero(self._used)
        since = np.maximum(0.0, now - self._noted[every])
        counts = self._counts[every, 0] * np.exp(-since / MEMORIES[0])
        least = every[np.argsort(counts, kind="stable")[: int(DROPPED * len(every))]]
        dropped = set(least.tolist())
        self._numbers = {c: n for c, n in self._numbers.items() if n not in dropped}
        self._counts[least] = self._noted[least] = self._met[least] = self._used[least] = 0
        self._unused += least.tolist()
        self._expected.clear()
        return dropped

    def note(self, number: int, time: float) -> None:
        """Count a trigger that was no earthquake."""
        self._first = time if self._first is None else self._first
        since = max(0.0, time - self._noted[number]) if self._noted[number] else 0.0
        self._counts[number] *= np.exp(-since / MEMORIES)
        self._counts[number] += 1.0
        self._met[number] = self._met[number] or time
        self._noted[number] = max(self._noted[number], time)

    def expected(self, number: int, reach_km: float, span: float, now: float) -> float:
        """Expected number of cells near one that trigger by chance within a span of seconds."""
        at, value = self._expected.get(number, (-math.inf, 0.0))
        if not 0.0 <= now - at <= FRESH:
            every = np.flatnonzero(self._used)
            near = every[self.away_km(number, every) <= reach_km]
            value = float(-np.expm1(-span * self.rates(near, now)).sum())
            self._expected[number] = now, value
        return value

    def rates(self, numbers: NDArray[np.intp], now: float) -> Floats:
        """False triggers per second of some cells."""
        since = np.maximum(0.0, now - self._noted[numbers])[:, None]
        counts = self._counts[numbers] * np.exp(-since / MEMORIES)
        watched = max(0.0, now - self._first) if self._first is not None else 0.0
        spans = MEMORIES * -np.expm1(-watched / MEMORIES)  # what a memory that forgets is worth
        rates: Floats = ((counts + PRIOR_COUNT) / (spans + PRIOR_SPAN)).max(axis=1)
        return rates

    def has_history(self, numbers: NDArray[np.intp], since: float) -> NDArray[np.bool_]:
        """Which cells had a trigger, no earthquake, before a time."""
        met = self._met[numbers]
        return np.asarray((met > 0.0) & (met <= since))

    def away_km(self, number: int, others: NDArray[np.intp]) -> Floats:
        """Distances from one cell to others."""
        lat, lon = self._places[number]
        lats, lons = self.places(others)
        return np.atleast_1d(np.asarray(distance_km(lat, lon, lats, lons)))

    def places(self, numbers: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """Latitudes and longitudes of cells' middles."""
        return self._places[numbers, 0], self._places[numbers, 1]
