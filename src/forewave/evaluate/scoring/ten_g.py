"""Precision and recall of warnings of 10 %g, pooled over stations as users.

As the transformer earthquake alerting model is judged (Münchmeyer et al. 2021, Geophys. J. Int.
225, 646): a warning counts when it was given before the ground first reached 10 %g (hit); one
that came after, or never, is missed; one whose place never reached it is false. A forecast here
is an intensity, so the threshold is the MMI that 10 %g of peak acceleration is felt as (Worden
et al. 2012: 5.77).
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from forewave.evaluate.scoring.playback import Told
from forewave.evaluate.scoring.truth import TEN_G, THRESHOLDS, Motion, Truth
from forewave.evaluate.scoring.users import first_told


class TenG(Struct, frozen=True):
    """Counts over stations."""

    hit: int = 0
    missed: int = 0
    false: int = 0

    @property
    def precision(self) -> float | None:
        """Share of warnings that were right."""
        return self.hit / (self.hit + self.false) if self.hit + self.false else None

    @property
    def recall(self) -> float | None:
        """Share of places that were warned in time."""
        return self.hit / (self.hit + self.missed) if self.hit + self.missed else None


def ten_g(truth: Truth, told: Sequence[Told]) -> TenG:
    """Of one recording."""
    kinds = [_kind(motion, told) for motion in truth.motions]
    return TenG(kinds.count("hit"), kinds.count("missed"), kinds.count("false"))


def pooled(every: Iterable[TenG]) -> TenG:
    """Sums."""
    counts = list(every)
    return TenG(
        sum(c.hit for c in counts), sum(c.missed for c in counts), sum(c.false for c in counts)
    )


def _kind(motion: Motion, told: Sequence[Told]) -> str:
    when = first_told(motion.station, THRESHOLDS[TEN_G], told)
    reached = motion.reached.get(TEN_G)
    if reached is None:
        return "none" if when is None else "false"
    return "hit" if when is not None and when < reached else "missed"
