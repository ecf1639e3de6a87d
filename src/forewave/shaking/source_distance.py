"""Distance from places to the rupture, whether the rupture is known or not.

While only the epicentre is known, the distance is a mean over ruptures through it
(earth/unknown_rupture.py, decision 40). Devices compute it in the same way.
"""

import numpy as np
from numpy.typing import NDArray

from forewave.earth.distance import distance_km
from forewave.earth.gmm.card import DistanceKind
from forewave.earth.unknown_rupture import Spread, to_unknown_rupture
from forewave.earth.wells_coppersmith_1994 import rupture_length_km
from forewave.types import Origin, Rupture, Solution

Floats = NDArray[np.float64]

SEISMOGENIC_KM = 15.0  # larger ruptures reach near the surface: their depth is not used
MAGNITUDES = (3.0, 8.5)  # of the relation as used here


def longest_km(solution: Solution) -> float:
    """Length of the rupture if known; otherwise for a magnitude one sigma larger."""
    size = solution.magnitude
    by_size = rupture_length_km(float(np.clip(size.value + size.sigma, *MAGNITUDES)))
    return by_size if solution.rupture is None else max(by_size, solution.rupture.length_km)


def to_line(rupture: Rupture, lat: Floats, lon: Floats) -> Floats:
    """Horizontal distance from places (n,) to a line source, by plane geometry of its ends.

    Accurate to 1 % within 400 km. A line of no length is its first end.
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
    """Distance of the kind that a model uses, from the source to places (n,), km."""
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
