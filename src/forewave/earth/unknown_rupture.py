"""Distance to a rupture of which only the epicentre and the magnitude are known.

Ground-motion models use the distance to the nearest part of the rupture. All vertical ruptures
through the epicentre are taken as equally likely: all strikes, the epicentre anywhere along it, its
length by Wells and Coppersmith (1994), BSSA 84, 974-1002, table 2A, subsurface length, all
mechanisms. The distance that gives the mean motion over them is the geometric mean, since the
logarithm of motion goes with that of distance. (The question is that of Thompson and Worden 2018,
BSSA 108, doi:10.1785/0120170174.) The reasons are in decision 40.
"""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.arrays import read_only
from forewave.earth.wells_coppersmith_1994 import rupture_length_km

Floats = NDArray[np.float64]

NEAR_KM = 4.5  # motion does not grow closer than this (near-source saturation of boore_2014)

# One quadrant of strikes is enough, the others being its mirror images.
_ANGLES = read_only(
    np.radians((np.arange(6) + 0.5) * 15.0)
)  # between strike and direction to the place
_FORWARD = read_only(
    (np.arange(4) + 0.5) / 4.0
)  # share of the length that points towards the place
_COS = read_only(np.repeat(np.cos(_ANGLES), 4)[:, None])
_REACH = read_only(np.tile(_FORWARD, 6)[:, None])


class Spread(Struct, frozen=True):
    """Distance to a rupture, km; ln_sigma: its uncertainty as the rupture is unknown."""

    distance_km: Floats
    ln_sigma: Floats


def to_unknown_rupture(epicentral_km: Floats, magnitude: float) -> Spread:
    """Horizontal distance to a rupture of which only epicentre and magnitude are known.

    epicentral_km: (n,). The geometric mean over 24 ruptures, none taken closer than NEAR_KM.
    """
    abreast_km = _COS * epicentral_km  # along the strike, to where the place is abreast
    along_km = np.minimum(abreast_km, _REACH * rupture_length_km(magnitude))
    squared = epicentral_km**2 + along_km * (along_km - 2.0 * abreast_km)
    ln_r = 0.5 * np.log(np.maximum(squared, 0.0) + NEAR_KM**2)
    mean = ln_r.mean(axis=0)
    variance = np.maximum((ln_r**2).mean(axis=0) - mean**2, 0.0)
    nearest_squared = np.maximum(np.exp(2.0 * mean) - NEAR_KM**2, 0.0)
    return Spread(np.sqrt(nearest_squared), np.sqrt(variance))
