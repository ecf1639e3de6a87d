"""Does the motion since a pick grow, as a wave's does, or not, as that of a knock.

What hits a sensor (hail, a door, power that returns) is at its peak within a second. P goes on
growing, and S is stronger yet: of 191 P's on 30 recorded earthquakes 26 % were at their peak within
the first second as far as was seen 2 s after the pick, and 19 % after 4 s; the others had grown by
0.43 and 0.63 (log10) in the mean (`benchmarks/growth.py`). Neither a wrong gain nor the size of the
source matters for it.
"""

import numpy as np
from numpy.typing import NDArray

from forewave.events.location.evidence import PER_SECOND, Evidence

Floats = NDArray[np.float64]

FIRST = 1.0  # s after a pick in which a knock is at its peak
KNOWN, LAST = 1.5, 4.0  # s: from when on growth is known, and up to when: then the next may come
STILL = 0.02  # log10: less is no growth
FEWEST = 3  # picks: two are no storm
# The share of P's that have not grown (over the root of their age, s), and by how much the others
# have (log10 a second of age); the same of knocks, where another one came soon.
P_STILL, P_GROWS = 0.4, 0.18
KNOCK_STILL, KNOCK_GROWS = 0.85, 0.25
# Disturbances whose peaks grow as waves do, and small earthquakes whose peaks do not: judgement.
GROWING_STORMS, STILL_QUAKES = 0.5, 0.15


def log_ratio(evidence: Evidence) -> Floats:
    """(n,) log of how much better a knock explains the growth of each pick's peak than a wave.

    0 for later picks of a station, and where growth is not known.
    """
    first, growth = ~evidence.pick_follows, evidence.pick_growth
    age = np.minimum(evidence.pick_until - evidence.pick_time, LAST)
    known = np.isfinite(evidence.pick_log_a) & first & (age >= KNOWN)
    if first.sum() < FEWEST:
        known[:] = False
    age = np.where(known, age, KNOWN)
    grown = np.where(known, _by(growth, age) - _by(growth, np.full(len(age), FIRST)), 0.0)
    of_wave = _log_density(grown, P_STILL / np.sqrt(age), P_GROWS * age)
    return np.where(known, _log_density(grown, KNOCK_STILL, KNOCK_GROWS) - of_wave, 0.0)


def log_odds(total: float, in_storm: bool) -> float:
    """Log of how much better knocks explain the growth of some peaks than an earthquake does.

    total: the sum of their `log_ratio`. Where a storm of knocks is under way, an earthquake must
    stand out from it. Elsewhere all peaks of a small one may be as still, and a disturbance need
    not be of knocks.
    """
    if in_storm:
        return total
    storm, quake = _either(total, GROWING_STORMS), _either(total, 1.0 - STILL_QUAKES)
    return float(storm - quake)


def _either(total: float, growing: float) -> float:
    """Log-likelihood of all peaks growing, or all still, by the share of those that grow."""
    return float(np.logaddexp(np.log1p(-growing) + total, np.log(growing)))


def _by(growth: Floats, age: Floats) -> Floats:
    """log10 of each peak by an age; 0 where it is not known."""
    column = (PER_SECOND * age).astype(int) - 1
    peak = np.take_along_axis(growth, column[:, None], axis=1)[:, 0]
    return np.where(np.isfinite(peak), peak, 0.0)


def _log_density(grown: Floats, still: Floats | float, mean: Floats | float) -> Floats:
    """Of growth (log10): none for a share, exponential for the others."""
    more = np.log((1.0 - still) / mean) - (grown - STILL) / mean
    return np.where(grown < STILL, np.log(still), more)
