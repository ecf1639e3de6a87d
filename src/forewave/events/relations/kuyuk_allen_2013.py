"""Magnitude from the peak displacement of P: Kuyuk and Allen (2013), EPIC's relation.

M = 5.39 + 1.23 log10 Pd[cm] + 1.38 log10 R[km], Pd from up to 4 s of P on the vertical,
high-passed at 0.075 Hz; epicentral distance. Global, M 3 to 8, one station's sigma 0.5.

Source: Geophys. Res. Lett. 40, 6329-6333, doi:10.1002/2013GL058580.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forewave.units import CM_M

SIGMA = 0.5


def magnitude(pd_m: ArrayLike, distance_km: ArrayLike) -> NDArray[np.float64]:
    """Station magnitudes; nan beyond 200 km or M 2..8.5, where nothing supports it."""
    r = np.maximum(np.asarray(distance_km, float), 1.0)
    m = 5.39 + 1.23 * np.log10(np.asarray(pd_m, float) / CM_M) + 1.38 * np.log10(r)
    return np.where((r <= 200.0) & (m >= 2.0) & (m <= 8.5), m, np.nan)
