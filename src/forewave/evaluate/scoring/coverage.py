"""Whether an earthquake lies within the network.

Within: azimuthal gap below 180 degrees and at least four stations with data within 60 km.
"""

from collections.abc import Sequence

import numpy as np

from forewave.earth.distance import azimuth, distance_km
from forewave.evaluate.scoring.catalogue import Quake
from forewave.types import Station

WIDEST_GAP = 180.0
NEAR_KM, LEAST_NEAR = 60.0, 4


def in_network(quake: Quake, stations: Sequence[Station]) -> bool:
    """Whether it lies within the network, as defined above."""
    lat, lon = np.array([s.lat for s in stations]), np.array([s.lon for s in stations])
    near = int((distance_km(quake.lat, quake.lon, lat, lon) <= NEAR_KM).sum())
    return near >= LEAST_NEAR and gap(quake, stations) < WIDEST_GAP


def fourth_km(quake: Quake, stations: Sequence[Station]) -> float | None:
    """Epicentral distance of the fourth-nearest station; None with fewer than four stations."""
    lat, lon = np.array([s.lat for s in stations]), np.array([s.lon for s in stations])
    away = np.sort(distance_km(quake.lat, quake.lon, lat, lon))
    return float(away[LEAST_NEAR - 1]) if len(away) >= LEAST_NEAR else None


def gap(quake: Quake, stations: Sequence[Station]) -> float:
    """The largest angle between neighbouring stations as seen from the epicentre, degrees."""
    if not stations:
        return 360.0
    lat, lon = np.array([s.lat for s in stations]), np.array([s.lon for s in stations])
    bearings = np.sort(azimuth(quake.lat, quake.lon, lat, lon))
    return float(np.diff(bearings, append=bearings[0] + 360.0).max())
