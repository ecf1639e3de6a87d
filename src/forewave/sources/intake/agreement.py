"""Whether several sources of one stream deliver the same samples, and which is used if not.

Two servers that carry a station normally deliver the same samples. If one applies another gain or
polarity, has another clock, or carries another sensor under the same name, packets of the two must
not be mixed. So samples of the same time are compared whenever two sources deliver them. Of two
sources that disagree the first in the configuration is used; the other is used again after AGAIN
comparisons in a row have agreed.

A source that begins to deliver a stream which another has delivered for SETTLED seconds is compared
before its packets are used. With one source nothing is compared. Pure: `now` is an argument.
"""

from collections import deque
from collections.abc import Callable
from math import inf

import numpy as np
from numpy.typing import NDArray

from forewave.types import Packet

DISAGREE, UNPROVEN = "sources disagree", "not yet compared"
ALIVE = 10.0  # seconds after its last packet for which a source counts as active
SETTLED = 10.0  # seconds after a stream's first packet from which on new sources are compared first
AGAIN = 20  # agreeing comparisons in a row after which a refused source is used again
KEPT, FEWEST = 4, 8  # packets of a source that are compared; samples that a comparison needs
SAME = 0.2  # rms difference allowed, relative to the larger standard deviation: rounding, encodings
LAGS = (0, 1, -1)  # samples by which rounded times may differ


class Agreement:
    """Comparison of the sources of one stream. refused: the sources that are not used."""

    def __init__(self) -> None:
        self.refused: set[str] = set()
        self._proven: set[str] = set()
        self._last: dict[str, deque[Packet]] = {}
        self._received: dict[str, float] = {}
        self._again: dict[str, int] = {}  # agreeing comparisons in a row, of refused sources
        self._began = inf

    def refusal(self, source: str, packet: Packet, now: float, rank: Callable[[str], int]) -> str:
        """The reason for which a packet is not used; empty if it is. rank: lower is preferred."""
        self._began = min(self._began, now)
        for other in [name for name in self._last if name != source]:
            same = _same(packet, self._last[other])
            if same is not None:
                self._compared(source, other, same, rank)
        self._last.setdefault(source, deque(maxlen=KEPT)).append(packet)
        self._received[source] = now
        if source in self.refused:
            return DISAGREE
        return UNPROVEN if self._must_wait(source, now) else ""

    def _compared(self, one: str, two: str, same: bool, rank: Callable[[str], int]) -> None:
        """Take the result of a comparison: refuse one of two, or accept one again."""
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
        """Whether a source must be compared before use, because another delivers the stream."""
        others = [
            at for name, at in self._received.items() if name not in self.refused and name != source
        ]
        if source in self._proven:
            return False
        waits = bool(others) and now - self._began >= SETTLED and now - max(others) < ALIVE
        if not waits:
            self._proven.add(source)
        return waits


def _same(packet: Packet, others: deque[Packet]) -> bool | None:
    """Whether samples of the same time agree; None where fewer than FEWEST overlap."""
    for other in reversed(others):
        if abs(other.rate - packet.rate) > 0.01 * packet.rate:
            continue
        lag = round((packet.start - other.start) * packet.rate)
        found = [_alike(packet.samples, other.samples, lag + more) for more in LAGS]
        if found[0] is not None:
            return any(found)
    return None


def _alike(samples: NDArray[np.generic], others: NDArray[np.generic], lag: int) -> bool | None:
    """Whether `samples`, which begin `lag` samples after `others`, agree where both overlap."""
    mine, theirs = samples[max(0, -lag) :], others[max(0, lag) :]
    count = min(len(mine), len(theirs))
    if count < FEWEST:
        return None
    x, y = mine[:count].astype(np.float64), theirs[:count].astype(np.float64)
    if not np.isfinite(x).all() or not np.isfinite(y).all():
        return None
    apart = float(np.sqrt(np.mean((x - y) ** 2)))
    return apart <= SAME * max(float(x.std()), float(y.std())) + 1.0
