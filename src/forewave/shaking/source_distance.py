"""How far the rupture is from places, whether it is known or not.

Ground-motion models mean the distance to the nearest part of the rupture. In the first seconds
only the epicentre is known, and a great rupture may come close to a place far from it. Every
vertical rupture through the epicentre is then taken for equally likely: all strikes, the
epicentre anywhere along it, its length by Wells and Coppersmith (1994), BSSA 84, 974-1002,
table 2A, subsurface length, all mechanisms. The distance that gives the mean intensity over
them is the geometric mean, since intensity goes with the logarithm of distance.
(The question is that of Thompson and Worden 2018, BSSA 108, doi:10.1785/0120170174.)
Decision 0010 tells why; the devices do the same, line for line.
"""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.earth.distance import distance_km
from forewave.earth.gmm.card import DistanceKind
from forewave.earth.wells_coppersmith_1994 import rupture_length_km
from forewave.types import Origin, Rupture, Solution

Floats = NDArray[np.float64]

SEISMOGENIC_KM = 15.0  # ruptures above this reach near the surface: depth does not lessen them
NEAR_KM = 4.5  # closer than this nothing grows (the near-source saturation of boore_2014)
MAGNITUDES = (3.0, 8.5)  # of the relation as used here

# One quadrant of strikes is enough, the others being its mirror images.
_ANGLES = np.radians((np.arange(6) + 0.5) * 15.0)  # between strike and direction to the place
_FORWARD = (np.arange(4) + 0.5) / 4.0  # share of the length that points towards the place
_COS = np.repeat(np.cos(_ANGLES), 4)[:, None]
_REACH = np.tile(_FORWARD, 6)[:, None]


class Spread(Struct, frozen=True):
    """Distance to a rupture; ln_sigma is how unsure it is for want of knowing the rupture."""

    distance_km: Floats
    ln_sigma: Floats


def longest_km(solution: Solution) -> float:
    """How long the rupture may well be: as a sigma more of magnitude has it, or as it is known."""
    size = solution.magnitude
    by_size = rupture_length_km(float(np.clip(size.value + size.sigma, *MAGNITUDES)))
    return by_size if solution.rupture is None else max(by_size, solution.rupture.length_km)


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


def to_line(rupture: Rupture, lat: Floats, lon: Floats) -> Floats:
    """Horizontal distance from places (n,) to a line source, by plane geometry of its ends.

    Good to 1 % within 400 km. A line without length is its first end.
    """
    to_first = distance_km(lat, lon, rupture.lat1, rupture.lon1)
    to_second = distance_km(lat, lon, rupture.lat2, rupture.lon2)
    length = max(float(distance_km(rupture.lat1, rupture.lon1, rupture.lat2, rupture.lon2)), 1e-3)
    foot = (to_first**2 - to_second**2 + length**2) / (2.0 * length)
    along = np.clip(foot, 0.0, length)
    return np.sqrt(np.maximum(to_first**2 + along * (along - 2.0 * foot), 0.0))


def to_places(
    kind: DistanceKind,
    origin: Origin,
    magnitude: float,
    rupture: Rupture | None,
    lat: Floats,
    lon: Floats,
) -> Spread:
    """The kind of distance that a model asks for, from the source to places (n,)."""
    if kind == "hypocentral":
        epicentral = distance_km(origin.lat, origin.lon, lat, lon)
        return Spread(np.hypot(epicentral, origin.depth_km), np.zeros_like(epicentral))
    if rupture is None:
        across = to_unknown_rupture(distance_km(origin.lat, origin.lon, lat, lon), magnitude)
        top_km = origin.depth_km
    else:
        line_km = to_line(rupture, lat, lon)
        across = Spread(line_km, np.zeros_like(line_km))
        top_km = rupture.top_km
    below_km = max(0.0, top_km - SEISMOGENIC_KM) if kind == "joyner_boore" else top_km
    return Spread(np.hypot(across.distance_km, below_km), across.ln_sigma)
