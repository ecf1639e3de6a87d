"""Whether the sources of one stream bring the same samples, and which of them is used if not.

Two servers that carry a station give the same numbers. Where they do not - one applies another
gain, turns the polarity, has another clock, or is no copy of this station at all - the first packet
would be of the one and the next of the other. So samples of the same time are compared whenever two
sources bring them. Of two that disagree the one that comes first in the configuration is used, and
the other again only when AGAIN comparisons in a row have shown the same.

A source that brings a stream which another has brought for SETTLED seconds is compared before its
packets are used. With one source nothing is compared. Pure: `now` is always given.
"""

from collections import deque
from collections.abc import Callable
from math import inf

import numpy as np
from numpy.typing import NDArray

from forewave.types import Packet

DISAGREE, UNPROVEN = "sources disagree", "not yet compared"
ALIVE, SETTLED = 10.0, 10.0  # seconds since its last packet; since a stream's first
AGAIN = 20
KEPT, FEWEST = 4, 8  # packets of a source that are compared; samples that can be
SAME = 0.2  # share of the larger motion by which samples may differ: rounding and encodings
LAGS = (0, 1, -1)  # samples by which times that were rounded may be apart


class Agreement:
    """The sources of one stream. refused: those that are not used."""

    def __init__(self) -> None:
        self.refused: set[str] = set()
        self._proven: set[str] = set()
        self._last: dict[str, deque[Packet]] = {}
        self._heard: dict[str, float] = {}
        self._again: dict[str, int] = {}  # comparisons in a row that were right, of those refused
        self._began = inf

    def refusal(self, source: str, packet: Packet, now: float, rank: Callable[[str], int]) -> str:
        """Why a packet is not used, countable; empty if it is. rank: the lower is preferred."""
        self._began = min(self._began, now)
        for other in [name for name in self._last if name != source]:
            same = _same(packet, self._last[other])
            if same is not None:
                self._compared(source, other, same, rank)
        self._last.setdefault(source, deque(maxlen=KEPT)).append(packet)
        self._heard[source] = now
        if source in self.refused:
            return DISAGREE
        return UNPROVEN if self._must_wait(source, now) else ""

    def _compared(self, one: str, two: str, same: bool, rank: Callable[[str], int]) -> None:
        """What follows of a comparison, also for one that was refused before."""
        before = self.refused & {one, two}
        if not before and same:
            self._proven |= {one, two}
        elif not before:
            worse = max(one, two, key=rank)
            self.refused.add(worse)
            self._proven.discard(worse)
        elif len(before) == 1:
            (refused,) = before
            self._again[refused] = self._again.get(refused, 0) + 1 if same else 0
            if self._again[refused] >= AGAIN:
                self.refused.discard(refused)
                self._proven.add(refused)
                self._again[refused] = 0

    def _must_wait(self, source: str, now: float) -> bool:
        """Whether another source can do without this one until they have been compared."""
        others = [
            at for name, at in self._heard.items() if name not in self.refused and name != source
        ]
        if source in self._proven:
            return False
        waits = bool(others) and now - self._began >= SETTLED and now - max(others) < ALIVE
        if not waits:
            self._proven.add(source)
        return waits


def _same(packet: Packet, others: deque[Packet]) -> bool | None:
    """Whether samples of the same time are the same; None where there are too few."""
    for other in reversed(others):
        if abs(other.rate - packet.rate) > 0.01 * packet.rate:
            continue
        lag = round((packet.start - other.start) * packet.rate)
        found = [_alike(packet.samples, other.samples, lag + more) for more in LAGS]
        if found[0] is not None:
            return any(found)
    return None


def _alike(samples: NDArray[np.generic], others: NDArray[np.generic], lag: int) -> bool | None:
    """Whether `samples`, which begin `lag` after `others`, are the same where both are known."""
    mine, theirs = samples[max(0, -lag) :], others[max(0, lag) :]
    count = min(len(mine), len(theirs))
    if count < FEWEST:
        return None
    x, y = mine[:count].astype(np.float64), theirs[:count].astype(np.float64)
    if not np.isfinite(x).all() or not np.isfinite(y).all():
        return None
    apart = float(np.sqrt(np.mean((x - y) ** 2)))
    return apart <= SAME * max(float(x.std()), float(y.std())) + 1.0
