"""What a disturbance adds."""

import numpy as np

from forewave.simulate.disturbances import kinds as d
from forewave.types import Station

RATE = 100.0
HERE = Station("XX.A", 24.0, 121.0, 0.0, ())
NORTH = Station("XX.N", 25.0, 121.0, 0.0, ())


def changed(what, station=HERE, level=1.0, seed=1):
    """What the disturbance adds to an even signal; the signal itself stays as it was."""
    signal = np.full((3, 6000), level)
    actual = d.disturb(signal, what, station, RATE, np.random.default_rng(seed))
    assert (signal == level).all()
    return actual - level
