"""The recent peak motion of each station, and until when its data are known.

For every station the peaks, the time when they last grew and the latest data time are kept, so that
an earthquake's own motion (grown after its P) can be told from an earlier one's. Memory is one row
per station. A peak without a running measurement is forgotten after a while.
"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.shaking.intensity import worden_2012
from forewave.types import Amplitude, StationState

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]

NOT_FELT = 2.0  # MMI: stations report all motion that is more than this
KEPT = 60.0  # seconds for which a peak is remembered after a new measurement has begun
WINDOW = 10.0  # seconds of an amplitude without a pick
EARLY = 1.0  # seconds by which P may come before the table says
MASKED = 120.0  # seconds for which an earlier peak may hide a smaller one
CODA = 30.0  # seconds after the strong motion in which the peak may still come
SETTLES = 3.0  # seconds after S in which the peak of a small earthquake comes
RUPTURES_KMS = 2.5  # and of a large one as long again as its rupture takes
# The vector of all components against the larger horizontal, which MMI means: 1.2 to 1.1 times
# the geometric mean (Beyer and Bommer 2006, BSSA 96, 1512-1522).
VECTOR = 1.2 / 1.1
_WORKING = {"good", "noisy", "gappy", "clock"}  # that a clock is fast does not change the motion


class Seen(Struct, frozen=True):
    """What stations observed of an earthquake (n,). MMI is nan where it is unknown.

    settled: the strong motion has passed, so the value is final; otherwise it is a lower bound.
    begun: S has arrived, so that motion is approaching its peak.
    """

    mmi: Floats
    settled: Flags
    begun: Flags


class Observed:
    """The peaks of a list of stations."""

    def __init__(self, stations: Sequence[str]) -> None:
        self._row = {code: i for i, code in enumerate(stations)}
        n = len(self._row)
        self._pga_ms2, self._pgv_ms = np.zeros(n), np.zeros(n)
        self._grew, self._until = np.full(n, -np.inf), np.full(n, -np.inf)
        self._works, self._clipped = np.ones(n, dtype=bool), np.zeros(n, dtype=bool)

    def note(self, item: Amplitude | StationState) -> bool:
        """Take an observation; return whether a peak grew. Unknown stations are ignored."""
        row = self._row.get(item.station)
        if row is None:
            return False
        if isinstance(item, StationState):
            self._until[row] = max(self._until[row], item.latest)
            self._works[row] = item.health in _WORKING
            return True
        return self._grows(row, item)

    def _grows(self, row: int, seen: Amplitude) -> bool:
        self._until[row] = max(self._until[row], seen.time)
        begun = seen.time - (WINDOW if seen.since_pick is None else seen.since_pick)
        grew = self._grew[row]
        if begun > grew and seen.time > grew + KEPT:
            self._pga_ms2[row] = self._pgv_ms[row] = 0.0
            self._clipped[row] = False
        more = bool(seen.pga_ms2 > self._pga_ms2[row] or seen.pgv_ms > self._pgv_ms[row])
        if more:
            self._pga_ms2[row] = max(self._pga_ms2[row], seen.pga_ms2)
            self._pgv_ms[row] = max(self._pgv_ms[row], seen.pgv_ms)
            self._grew[row] = seen.time
            self._clipped[row] |= seen.clipped
        return more

    def of(
        self, p_arrival: Floats, s_arrival: Floats, length_km: float, others: Flags | bool = False
    ) -> Seen:
        """What they observed of an earthquake whose P and S arrive at these times (n,).

        others: where the latest growth is another earthquake's. A working station without motion
        after everything has passed observed at most NOT_FELT.
        """
        passed = s_arrival + SETTLES + length_km / RUPTURES_KMS
        its_own = self.grown(p_arrival) & (self._grew <= passed + CODA) & ~np.asarray(others)
        settled = (self._until >= passed) & self._works & ~self._clipped
        silent = settled & (self._grew < p_arrival - MASKED)
        mmi = np.where(its_own, self._mmi(), np.where(silent, NOT_FELT, np.nan))
        return Seen(np.maximum(mmi, NOT_FELT), settled, self._until >= s_arrival)

    def grown(self, p_arrival: Floats) -> Flags:
        """Whether a peak grew after these times (n,) of P, so that it may be that earthquake's."""
        return np.asarray(self._grew >= p_arrival - EARLY)

    def _mmi(self) -> Floats:
        return mmi_of(self._pga_ms2, self._pgv_ms)


def mmi_of(pga_ms2: Floats, pgv_ms: Floats) -> Floats:
    """MMI of peaks of the vector of all components (n,): the mean of both relations."""
    by_pga = worden_2012.from_pga(pga_ms2 / VECTOR)
    return (by_pga + worden_2012.from_pgv(pgv_ms / VECTOR)) / 2
