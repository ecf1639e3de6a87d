"""Distance and azimuth on the mean sphere; within 0.6 % of the ellipsoid, 1.2 km at 200 km."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forewave.units import DEGREE_KM, EARTH_RADIUS_KM

Floats = NDArray[np.float64]


def distance_km(lat1: ArrayLike, lon1: ArrayLike, lat2: ArrayLike, lon2: ArrayLike) -> Floats:
    """Great-circle distance by the haversine formula. Degrees in, any shapes that broadcast."""
    phi1, lam1, phi2, lam2 = (np.radians(x) for x in (lat1, lon1, lat2, lon2))
    h = (
        np.sin((phi2 - phi1) / 2) ** 2
        + np.cos(phi1) * np.cos(phi2) * np.sin((lam2 - lam1) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(h, 1.0))))


def azimuth(lat1: ArrayLike, lon1: ArrayLike, lat2: ArrayLike, lon2: ArrayLike) -> Floats:
    """Initial bearing from the first point to the second, degrees clockwise from north, 0..360."""
    phi1, lam1, phi2, lam2 = (np.radians(x) for x in (lat1, lon1, lat2, lon2))
    east = np.sin(lam2 - lam1) * np.cos(phi2)
    north = np.cos(phi1) * np.sin(phi2) - np.sin(phi1) * np.cos(phi2) * np.cos(lam2 - lam1)
    return np.asarray(np.degrees(np.arctan2(east, north)) % 360.0)


class LocalPlane:
    """Kilometres east and north of a centre, and back.

    Equidistant along the meridian and the centre's parallel. Elsewhere a distance from the
    centre is accurate to 0.3 % within 200 km at 24 degrees of latitude, 0.6 % at 45, 1.1 % at 60,
    and to twice that within 400 km: less than the error of the travel times (3 %).
    """

    def __init__(self, lat: float, lon: float) -> None:
        self.lat, self.lon = lat, lon
        self._east_km = DEGREE_KM * float(np.cos(np.radians(lat)))

    def to_km(self, lat: ArrayLike, lon: ArrayLike) -> tuple[Floats, Floats]:
        """East and north of the centre in km."""
        lon_difference = (np.asarray(lon) - self.lon + 180.0) % 360.0 - 180.0
        return lon_difference * self._east_km, (np.asarray(lat) - self.lat) * DEGREE_KM

    def to_degrees(self, east_km: float, north_km: float) -> tuple[float, float]:
        """Latitude and longitude of a point of the plane."""
        lon = self.lon + east_km / self._east_km
        return self.lat + north_km / DEGREE_KM, (lon + 180.0) % 360.0 - 180.0
