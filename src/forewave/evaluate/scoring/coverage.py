"""Whether an earthquake is in the network: seen from all sides, and with stations near.

Azimuthal gap below 180 degrees and four stations within 60 km, of those that have data.
"""

from collections.abc import Sequence

import numpy as np

from forewave.earth.distance import azimuth, distance_km
from forewave.evaluate.scoring.catalogue import Quake
from forewave.types import Station

WIDEST_GAP = 180.0
NEAR_KM, LEAST_NEAR = 60.0, 4


def in_network(quake: Quake, stations: Sequence[Station]) -> bool:
    """By the definition on top of this page."""
    lat, lon = np.array([s.lat for s in stations]), np.array([s.lon for s in stations])
    near = int((distance_km(quake.lat, quake.lon, lat, lon) <= NEAR_KM).sum())
    return near >= LEAST_NEAR and gap(quake, stations) < WIDEST_GAP


def fourth_km(quake: Quake, stations: Sequence[Station]) -> float | None:
    """How far the fourth station is from the epicentre; None where there are not so many."""
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
