"""A fault that breaks: subfaults, each with its place, its moment and its moment of breaking.

Below magnitude 6 a point. From 6 on a plane with the dimensions of Wells and Coppersmith
(1994), cut into subfaults that break as a circular front reaches them from the hypocentre at
0.8 of the S speed (Motazedian and Atkinson 2005). What the stations see of the magnitude
therefore grows as the rupture does.
"""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.earth.distance import LocalPlane
from forewave.simulate.source import S_KMS, corner_hz, moment_nm, typical_stress_drop_mpa

Floats = NDArray[np.float64]

FINITE_FROM = 6.0
RUPTURE_KMS = 0.8 * S_KMS
SUBFAULT_KM = 2.5  # at magnitude 6; larger ruptures get at most MOST_ALONG * MOST_DOWN
MOST_ALONG, MOST_DOWN = 16, 6
SHALLOWEST_KM = 1.0
ROUGHNESS = 0.6  # sigma of ln slip from subfault to subfault


class Fault(Struct, frozen=True):
    """Subfaults, all arrays (n,). `delay` is seconds after origin; `share` of moment sums to 1."""

    lat: Floats
    lon: Floats
    depth_km: Floats
    delay: Floats
    share: Floats
    moment_nm: float
    corner_hz: float  # of one subfault
    length_km: float
    width_km: float


def dimensions_km(magnitude: float) -> tuple[float, float]:
    """Subsurface length and width of a rupture of any mechanism (Wells and Coppersmith 1994)."""
    return 10.0 ** (0.59 * magnitude - 2.44), 10.0 ** (0.32 * magnitude - 1.01)


def break_fault(
    lat: float,
    lon: float,
    depth_km: float,
    magnitude: float,
    *,
    strike: float = 0.0,
    dip: float = 90.0,
    along: float = 0.5,
    stress_drop_mpa: float | None = None,
    deepest_km: float = 25.0,
    rng: np.random.Generator,
) -> Fault:
    """The rupture of an earthquake that begins at lat, lon, depth_km.

    along: where on its length it begins, 0 (it runs toward the strike) to 1 (away from it). A plane
    that would leave the ground or pass deepest_km is made only as wide as fits.
    """
    if magnitude < FINITE_FROM:
        offsets_km, size_km = np.zeros((1, 3)), (0.0, 0.0)
    else:
        size_km = _fitting_size(depth_km, magnitude, dip, deepest_km)
        offsets_km = _plane(size_km, depth_km, along, strike, dip, deepest_km)
    count = len(offsets_km)
    stress_mpa = stress_drop_mpa or typical_stress_drop_mpa(magnitude)
    slip = np.exp(ROUGHNESS * rng.standard_normal(count)) if count > 1 else np.ones(1)
    place = LocalPlane(lat, lon)
    degrees = [place.to_degrees(float(e), float(n)) for e, n in offsets_km[:, :2]]
    return Fault(
        lat=np.array([d[0] for d in degrees]),
        lon=np.array([d[1] for d in degrees]),
        depth_km=depth_km + offsets_km[:, 2],
        delay=np.sqrt((offsets_km**2).sum(axis=1)) / RUPTURE_KMS,
        share=slip / slip.sum(),
        moment_nm=moment_nm(magnitude),
        corner_hz=corner_hz(magnitude, stress_mpa) * count**0.25,
        length_km=size_km[0],
        width_km=size_km[1],
    )


def _fitting_size(
    depth_km: float, magnitude: float, dip: float, deepest_km: float
) -> tuple[float, float]:
    length_km, width_km = dimensions_km(magnitude)
    room_km = (max(deepest_km, depth_km) - SHALLOWEST_KM) / np.sin(np.radians(dip))
    return length_km, float(min(width_km, room_km))


def _plane(
    size_km: tuple[float, float],
    depth_km: float,
    along: float,
    strike: float,
    dip: float,
    deepest_km: float,
) -> Floats:
    """East, north and down of the subfaults' centres from the hypocentre, (n, 3) km."""
    length_km, width_km = size_km
    x = _centres(length_km, MOST_ALONG) - along * length_km
    vertical = np.sin(np.radians(dip))
    top_km = np.clip(
        depth_km - width_km * vertical / 2,
        SHALLOWEST_KM,
        max(deepest_km, depth_km) - width_km * vertical,
    )
    w = _centres(width_km, MOST_DOWN) - (depth_km - top_km) / vertical
    x, w = (a.ravel() for a in np.meshgrid(x, w))
    s, c = np.sin(np.radians(strike)), np.cos(np.radians(strike))
    flat = w * np.cos(np.radians(dip))  # dips to the right of the strike
    return np.stack([x * s + flat * c, x * c - flat * s, w * vertical], axis=1)


def _centres(size_km: float, most: int) -> Floats:
    count = int(np.clip(round(size_km / SUBFAULT_KM), 1, most))
    return (np.arange(count) + 0.5) * size_km / count
