"""Precision and recall of warnings of 10 %g, pooled over stations.

Scored as by Münchmeyer et al. (2021, Geophys. J. Int. 225, 646). Hit: the warning was issued
before the ground first reached 10 %g. Missed: issued later, or not at all. False: issued for a
place that did not reach 10 %g. Forecasts are intensities, so the threshold is the MMI equivalent
of 10 %g (Worden et al. 2012: 5.77).
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from forewave.evaluate.scoring.playback import IssuedAlert
from forewave.evaluate.scoring.truth import TEN_G, THRESHOLDS, Motion, Truth
from forewave.evaluate.scoring.users import first_issued


class TenG(Struct, frozen=True):
    """Counts over stations."""

    hit: int = 0
    missed: int = 0
    false: int = 0

    @property
    def precision(self) -> float | None:
        """hit / (hit + false); None without warnings."""
        return self.hit / (self.hit + self.false) if self.hit + self.false else None

    @property
    def recall(self) -> float | None:
        """hit / (hit + missed); None where no place reached it."""
        return self.hit / (self.hit + self.missed) if self.hit + self.missed else None


def ten_g(truth: Truth, alerts: Sequence[IssuedAlert]) -> TenG:
    """Counts of one recording."""
    kinds = [_kind(motion, alerts) for motion in truth.motions]
    return TenG(kinds.count("hit"), kinds.count("missed"), kinds.count("false"))


def pooled(every: Iterable[TenG]) -> TenG:
    """Sums."""
    counts = list(every)
    return TenG(
        sum(c.hit for c in counts), sum(c.missed for c in counts), sum(c.false for c in counts)
    )


def _kind(motion: Motion, alerts: Sequence[IssuedAlert]) -> str:
    when = first_issued(motion.station, THRESHOLDS[TEN_G], alerts)
    reached = motion.reached.get(TEN_G)
    if reached is None:
        return "none" if when is None else "false"
    return "hit" if when is not None and when < reached else "missed"
