"""The beat: the moments at which rooms look again though nobody asked.

They are whole multiples of a step on the clock of arrivals, not "a second after the last look". A
look that a packet asked for would otherwise set the time of all that follow, a second later and
on: the very moment at which that station's next packet comes, a millisecond sooner or later.
So a live machine and a replay of its night look at the same moments.
"""

import math


def beat(after: float, step: float) -> float:
    """The first whole multiple of `step` seconds that is later than a time; -inf stays -inf."""
    return (math.floor(after / step) + 1.0) * step if math.isfinite(after) else after
