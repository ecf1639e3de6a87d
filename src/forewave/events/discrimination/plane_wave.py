"""A plane wave across a network: how a distant source's P comes."""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats = NDArray[np.float64]


class PlaneWave(Struct, frozen=True):
    """begin: when it comes to the middle of the stations, s. slowness: (2,) s/km, east and north.
    residual: s, of the picks that it was fitted to. aperture_km: root mean square of these
    stations' distances from their middle, 1 at least.
    """

    x_km: float
    y_km: float
    begin: float
    slowness: Floats
    residual: Floats
    aperture_km: float

    def arrival(self, x_km: Floats, y_km: Floats) -> Floats:
        """When it comes to places."""
        places = np.column_stack([x_km - self.x_km, y_km - self.y_km])
        return np.asarray(self.begin + places @ self.slowness)


def fit(x: Floats, y: Floats, time: Floats, sigma: float, slowest_s_km: float) -> PlaneWave:
    """The best plane wave through picks (km, s) that is not slower than that, odd picks aside.

    sigma: s by which picks scatter. Least squares with the weights of a Cauchy distribution.
    """
    middle = float(x.mean()), float(y.mean())
    places = np.column_stack([x - middle[0], y - middle[1]])
    weight = np.ones(len(time))
    slowness, begin = np.zeros(2), float(np.median(time))
    for _ in range(4):
        columns = np.column_stack([np.ones(len(time)), places]) * weight[:, None]
        begin, *found = np.linalg.lstsq(columns, time * weight, rcond=None)[0]
        slowness = np.asarray(found)
        slowness *= min(1.0, slowest_s_km / max(float(np.hypot(*slowness)), 1e-9))
        residual = time - places @ slowness
        begin = float(np.average(residual, weights=weight**2))
        residual = residual - begin
        weight = 1.0 / np.sqrt(1.0 + (residual / (2.0 * sigma)) ** 2)
    aperture_km = max(float(np.sqrt((places**2).sum(axis=1).mean())), 1.0)
    return PlaneWave(*middle, begin, slowness, residual, aperture_km)
