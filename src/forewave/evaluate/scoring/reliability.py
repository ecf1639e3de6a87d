"""Reliability of forecast probabilities: observed frequency of MMI IV by forecast probability.

A forecast is an intensity and its sigma, so its probability of a level is that of a normal
distribution. Places with a forecast are counted in bins of 10 % probability.
"""

from collections.abc import Iterable, Sequence
from statistics import NormalDist

from msgspec import Struct

from forewave.evaluate.scoring.playback import IssuedAlert
from forewave.evaluate.scoring.truth import Motion

LEVEL_MMI = 4.0
BINS = 10


class Bin(Struct, frozen=True):
    """One bin of 10 %: number of places, sum of probabilities, places that observed it."""

    places: int = 0
    probability: float = 0.0
    observed: int = 0


def probability(intensity: float, sigma: float, level: float = LEVEL_MMI) -> float:
    """Probability that the intensity is at or above the level."""
    if not sigma > 0:
        return float(intensity >= level)
    return 1.0 - NormalDist(intensity, sigma).cdf(level)


def bins(motions: Sequence[Motion], messages: Sequence[IssuedAlert]) -> list[Bin]:
    """Counts of one recording. With several events, the largest probability counts."""
    counts = [Bin() for _ in range(BINS)]
    for motion in motions:
        known = [m.forecasts[motion.station] for m in messages if motion.station in m.forecasts]
        if known:
            p = max(probability(f.intensity, f.sigma) for f in known)
            here = min(int(p * BINS), BINS - 1)
            counts[here] = _added(counts[here], Bin(1, p, int(motion.mmi >= LEVEL_MMI)))
    return counts


def pooled(every: Iterable[Sequence[Bin]]) -> list[Bin]:
    """Sums by bin."""
    total = [Bin() for _ in range(BINS)]
    for counts in every:
        total = [_added(a, b) for a, b in zip(total, counts, strict=True)]
    return total


def _added(a: Bin, b: Bin) -> Bin:
    return Bin(a.places + b.places, a.probability + b.probability, a.observed + b.observed)
