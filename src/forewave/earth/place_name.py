"""Where an epicentre is, in words: distance and direction from the nearest town."""

from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from forewave.earth.distance import azimuth, distance_km
from forewave.earth.towns import all_towns

_POINTS = ("N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE")
COMPASS = (*_POINTS, "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW")
AT_KM = 1.0  # nearer is "at" the town


@lru_cache(maxsize=4096)
def place_name(lat: float, lon: float) -> str:
    """As "12 km NNW of Chengdu, CN"."""
    lats, lons = _coordinates()
    away = distance_km(lat, lon, lats, lons)
    nearest = int(np.argmin(away))
    town = all_towns()[nearest]
    name = f"{town.name}, {town.country}"
    if away[nearest] < AT_KM:
        return name
    bearing = float(azimuth(town.lat, town.lon, lat, lon))
    return f"{away[nearest]:.0f} km {COMPASS[round(bearing / 22.5) % 16]} of {name}"


@cache
def _coordinates() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    towns = all_towns()
    return np.array([town.lat for town in towns]), np.array([town.lon for town in towns])
