"""The ground under a place: Vs30, and its default.

Vs30 is the mean shear-wave velocity of the upper 30 m, in m/s.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

DEFAULT_VS30_MS = 400.0  # stiff soil, as under most towns and stations


def velocity_amplification(vs30_ms: ArrayLike) -> NDArray[np.float64]:
    """Amplification of PGV relative to Vs30 600 m/s. nan outside 100..1500 m/s.

    Source: Fujimoto and Midorikawa (2006), J. Jpn. Assoc. Earthq. Eng. 6(1), 11-22:
    log10 ARV = 2.367 - 0.852 log10 Vs30.
    """
    vs30 = np.asarray(vs30_ms, dtype=float)
    known = (vs30 >= 100.0) & (vs30 <= 1500.0)
    return np.asarray(10.0 ** (2.367 - 0.852 * np.log10(np.where(known, vs30, np.nan))))
