"""Magnitude from the peak displacement of P: Wu and Zhao (2006), southern California.

log10 Pd[cm] = -3.463 + 0.729 M - 1.374 log10 R[km] (+- 0.305), 3 s of P on the vertical,
high-passed at 0.075 Hz; hypocentral distance. M 4 to 7.

Source: Geophys. Res. Lett. 33, L16312, doi:10.1029/2006GL026871.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forewave.units import CM_M

SIGMA = 0.305 / 0.729


def magnitude(pd_m: ArrayLike, distance_km: ArrayLike) -> NDArray[np.float64]:
    """Station magnitudes; nan beyond 200 km or M 3..8, where nothing supports it."""
    r = np.maximum(np.asarray(distance_km, float), 1.0)
    log_pd = np.log10(np.asarray(pd_m, float) / CM_M)
    m = (log_pd + 3.463 + 1.374 * np.log10(r)) / 0.729
    return np.where((r <= 200.0) & (m >= 3.0) & (m <= 8.0), m, np.nan)
