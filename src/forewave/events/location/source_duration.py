"""How long earthquakes take, and how much of one can be seen so many seconds after it began.

Half durations of the moment rate are Ekstrom, Nettles and Dziewonski's (2012), Phys. Earth Planet.
Inter. 200, 1-9, doi:10.1016/j.pepi.2012.04.002: 0.74 s at M5, 10 times for each two magnitudes.
"""

import math

HALF_DURATION_M5 = 0.74
YOUNGEST = 0.25  # s


def half_duration(magnitude: float) -> float:
    """Seconds from the onset to the middle of the moment release."""
    return float(HALF_DURATION_M5 * 10.0 ** (0.5 * (magnitude - 5.0)))


def visible_magnitude(age: float) -> float:
    """The magnitude whose half duration has passed: no greater one can show itself yet."""
    return 5.0 + 2.0 * math.log10(max(age, YOUNGEST) / HALF_DURATION_M5)
