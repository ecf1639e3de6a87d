"""Times of periodic updates in the rooms.

They are whole multiples of the update interval on the clock of arrivals, not one interval after the
last update. Otherwise an update caused by a packet would set the times of all later ones to about
the arrivals of that station's next packets, a millisecond earlier or later. With whole multiples, a
live machine and a replay of its recording update at the same times.
"""

import math


def next_update(after: float, step: float) -> float:
    """The first whole multiple of `step` seconds that is later than a time; -inf stays -inf."""
    return (math.floor(after / step) + 1.0) * step if math.isfinite(after) else after
