"""What the console shows of each station: motion now, the peak of the last minutes, condition.

Pure: `now` is given, POSIX seconds. Memory is one row per station. Only rows that have changed
since the last call of `changed` are given, so that a frame at rest is small.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from forewave.shaking.observed import mmi_of
from forewave.types import Amplitude, Station

HELD = 10.0  # seconds for which a measurement counts as motion now
PEAK_KEPT = 600.0  # seconds for which the largest motion is kept after it was reached
CONDITIONS_EVERY = 1.0  # seconds between two looks at the conditions
LATE_STEP, LATE_SHARE = 0.3, 0.25  # change of a latency that is sent: seconds, and share of it
_UNKNOWN = -1

# The condition and the latency (seconds) of each station, in the order of the stations.
Conditions: TypeAlias = Callable[[float], Iterable[tuple[str, float | None]]]
Row: TypeAlias = tuple[int, float | None, float | None, str, float | None]
Floats: TypeAlias = NDArray[np.float64]


class StationRows:
    """Rows in the order of `stations`. conditions: as health has them."""

    def __init__(self, stations: Sequence[Station], conditions: Conditions) -> None:
        self.codes = [station.code for station in stations]
        self.index = {code: row for row, code in enumerate(self.codes)}
        self._conditions = conditions
        n = len(stations)
        self._pga_ms2, self._pgv_ms = np.zeros(n), np.zeros(n)
        self._measured = np.full(n, -np.inf)
        self._touched: set[int] = set()
        self._level, self._peak = np.full(n, np.nan), np.full(n, np.nan)
        self._peaked = np.full(n, -np.inf)
        self._named = ["never"] * n
        self._late = np.full(n, np.nan)
        self._looked = -np.inf
        self._sent = _Sent(n)

    def amplitude(self, item: Amplitude, now: float) -> None:
        """Take a measurement. Of several between two frames the largest counts."""
        row = self.index.get(item.station)
        if row is None:
            return
        first = row not in self._touched
        self._touched.add(row)
        self._measured[row] = now
        for kept, value in ((self._pga_ms2, item.pga_ms2), (self._pgv_ms, item.pgv_ms)):
            kept[row] = value if first else max(kept[row], value)

    def changed(self, now: float) -> list[Row]:
        """The rows that differ from what was given before; intensity and peak are MMI."""
        self._measure(now)
        self._look(now)
        rows = self._sent.differs(self._level, self._peak, self._late, self._named)
        return [self._row(row) for row in rows]

    def all(self) -> list[Row]:
        """Every row, as of the last `changed`."""
        return [self._row(row) for row in range(len(self.codes))]

    def _measure(self, now: float) -> None:
        rows = np.fromiter(self._touched, np.intp, len(self._touched))
        self._touched.clear()
        self._level[_is_over(now - self._measured, HELD)] = np.nan
        self._peak[_is_over(now - self._peaked, PEAK_KEPT)] = np.nan
        level = mmi_of(self._pga_ms2[rows], self._pgv_ms[rows])
        self._level[rows] = level
        higher = rows[~(level <= self._peak[rows])]
        self._peak[higher] = self._level[higher]
        self._peaked[higher] = now

    def _look(self, now: float) -> None:
        if 0.0 <= now - self._looked < CONDITIONS_EVERY:
            return
        self._looked = now
        for row, (name, late) in enumerate(self._conditions(now)):
            self._named[row] = name
            self._late[row] = np.nan if late is None else late

    def _row(self, row: int) -> Row:
        level, peak, late = (
            None if np.isnan(value) else round(float(value), 1)
            for value in (self._level[row], self._peak[row], self._late[row])
        )
        return row, level, peak, self._named[row], late


class _Sent:
    """What was given last, to tell what has changed."""

    def __init__(self, n: int) -> None:
        self._tenths = np.full((2, n), _UNKNOWN)
        self._late = np.full(n, np.nan)
        self._named = [""] * n

    def differs(self, level: Floats, peak: Floats, late: Floats, named: list[str]) -> list[int]:
        """The rows that differ, which then count as given."""
        tenths = np.stack([_tenths(level), _tenths(peak)])
        moved = np.abs(late - self._late) > LATE_STEP + LATE_SHARE * np.abs(self._late)
        moved |= np.isnan(late) != np.isnan(self._late)
        changed = (tenths != self._tenths).any(axis=0) | moved
        if named != self._named:
            changed |= [new != old for new, old in zip(named, self._named, strict=True)]
        self._tenths = tenths
        self._late[changed] = late[changed]
        self._named = list(named)
        return [int(row) for row in np.flatnonzero(changed)]


def _is_over(age: Floats, kept: float) -> NDArray[np.bool_]:
    """Whether a value is too old, or from before the clock was set back."""
    return (age > kept) | (age < -1.0)


def _tenths(mmi: Floats) -> NDArray[np.int64]:
    return np.where(np.isnan(mmi), _UNKNOWN, np.round(mmi * 10.0)).astype(np.int64)
