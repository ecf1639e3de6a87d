"""Finite-fault rupture: subfaults with position, moment and rupture time.

Below magnitude 5 a point source. From 5 on a plane with the dimensions of Wells and Coppersmith
(1994), divided into subfaults of 2.5 km, the size that Beresnev and Atkinson (2002) find at
magnitude 6. They rupture with a circular front from the hypocentre at 0.8 of the S speed
(Motazedian and Atkinson 2005), so that the observable magnitude grows with the rupture.
"""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.earth.distance import LocalPlane
from forewave.simulate.earthquake import Earthquake
from forewave.simulate.ground_motion.source import (
    S_KMS,
    corner_hz,
    moment_nm,
    typical_stress_drop_mpa,
)
from forewave.types import Rupture

Floats = NDArray[np.float64]

FINITE_FROM = 5.0
RUPTURE_KMS = 0.8 * S_KMS
SUBFAULT_KM = 2.5  # large ruptures get at most MOST_ALONG * MOST_DOWN of them
MOST_ALONG, MOST_DOWN = 60, 8
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


def break_fault(quake: Earthquake, rng: np.random.Generator) -> Fault:
    """The rupture of an earthquake. The width is limited by the crust."""
    finite = quake.magnitude >= FINITE_FROM
    size_km = _fitting_size(quake) if finite else (0.0, 0.0)
    offsets_km = _plane(quake, size_km) if finite else np.zeros((1, 3))
    count = len(offsets_km)
    stress_mpa = quake.stress_drop_mpa or typical_stress_drop_mpa(quake.magnitude)
    slip = np.exp(ROUGHNESS * rng.standard_normal(count))
    place = LocalPlane(quake.lat, quake.lon)
    degrees = np.array([place.to_degrees(float(e), float(n)) for e, n, _ in offsets_km])
    return Fault(
        lat=degrees[:, 0],
        lon=degrees[:, 1],
        depth_km=quake.depth_km + offsets_km[:, 2],
        delay=np.sqrt((offsets_km**2).sum(axis=1)) / RUPTURE_KMS,
        share=slip / slip.sum(),
        moment_nm=moment_nm(quake.magnitude),
        corner_hz=corner_hz(quake.magnitude, stress_mpa) * count**0.25,
        length_km=size_km[0],
        width_km=size_km[1],
    )


def upper_edge(quake: Earthquake, fault: Fault) -> Rupture | None:
    """The upper edge of the fault; None for a point source."""
    if not fault.length_km:
        return None
    top = fault.depth_km <= fault.depth_km.min() + 1e-6
    ends = np.flatnonzero(top)[[0, -1]]  # subfaults are in the order of the strike
    half_km = float(fault.length_km / top.sum() / 2)
    s, c = (float(f(np.radians(quake.strike))) for f in (np.sin, np.cos))
    degrees = [
        LocalPlane(float(fault.lat[i]), float(fault.lon[i])).to_degrees(way * s, way * c)
        for i, way in zip(ends, (-half_km, half_km), strict=True)
    ]
    (lat1, lon1), (lat2, lon2) = degrees
    half_width_km = _vertical(quake) * fault.width_km * top.mean() / 2
    top_km = max(0.0, float(fault.depth_km.min() - half_width_km))
    return Rupture(lat1, lon1, lat2, lon2, top_km, fault.length_km, quake.strike)


def _vertical(quake: Earthquake) -> float:
    return float(np.sin(np.radians(quake.dip)))


def _bottom_km(quake: Earthquake) -> float:
    return max(quake.deepest_km, quake.depth_km)


def _fitting_size(quake: Earthquake) -> tuple[float, float]:
    length_km, width_km = dimensions_km(quake.magnitude)
    room_km = (_bottom_km(quake) - SHALLOWEST_KM) / _vertical(quake)
    return length_km, float(min(width_km, room_km))


def _plane(quake: Earthquake, size_km: tuple[float, float]) -> Floats:
    """East, north and down of the subfaults' centres from the hypocentre, (n, 3) km.

    The plane is shifted so that one of them lies at the hypocentre, where the rupture starts.
    """
    length_km, width_km = size_km
    drop_km = width_km * _vertical(quake)
    middle_km = quake.depth_km - drop_km / 2
    top_km = np.clip(middle_km, SHALLOWEST_KM, _bottom_km(quake) - drop_km)
    along = _centres(length_km, MOST_ALONG) - quake.along * length_km
    down = _centres(width_km, MOST_DOWN) - (quake.depth_km - top_km) / _vertical(quake)
    x, w = (a.ravel() for a in np.meshgrid(along, down))
    s, c = np.sin(np.radians(quake.strike)), np.cos(np.radians(quake.strike))
    flat = w * np.cos(np.radians(quake.dip))  # dips to the right of the strike
    offsets_km = np.stack([x * s + flat * c, x * c - flat * s, w * _vertical(quake)], axis=1)
    return np.asarray(offsets_km - offsets_km[np.argmin((offsets_km**2).sum(axis=1))])


def _centres(size_km: float, most: int) -> Floats:
    count = int(np.clip(round(size_km / SUBFAULT_KM), 1, most))
    return (np.arange(count) + 0.5) * size_km / count
