"""Envelope amplitudes of P and S against magnitude and distance: Cua and Heaton (2007).

log10 A = a M + b (R1 + C) + d log10(R1 + C) + e,  R1 = sqrt(R^2 + 9),
C = c1 (atan(M - 5) + 1.4) exp(c2 (M - 5)),
with A in cm, s units and C the saturation near great earthquakes: the Virtual Seismologist's
relation, from southern Californian records of M 2 to 7.3 within 200 km, rock sites.

Its events are 8 km deep on average, and R is epicentral for these. The extra depth of deeper
sources is added (`slant_km`); otherwise the magnitude of slab earthquakes would be far too small.

Sources: Cua (2005), PhD thesis, Caltech; Cua and Heaton (2007), in Earthquake Early Warning
Systems, Springer, doi:10.1007/978-3-540-72241-0_6.
"""

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

USUAL_DEPTH_KM = 8.0
GROWTH, GROWTH_SPAN = (
    0.35,
    2.0,
)  # log10 by which a peak is short at its onset, and for how many seconds


class Envelope(Struct, frozen=True):
    """Coefficients of one component and phase; `sigma` is the scatter of log10 A."""

    a: float
    b: float
    c1: float
    c2: float
    d: float
    e: float
    sigma: float


# Z is vertical, H horizontal; A acceleration, V velocity, D displacement.
P_ZA = Envelope(0.74, -4.01e-3, 1.75, 1.09, -1.20, -0.96, 0.29)
P_ZV = Envelope(0.82, -8.54e-4, 1.14, 1.10, -1.36, -2.901, 0.26)
P_ZD = Envelope(0.96, -1.98e-6, 1.66, 1.16, -1.34, -4.79, 0.28)
S_ZA = Envelope(0.78, -2.7e-3, 1.76, 1.11, -1.38, -0.75, 0.30)
S_ZV = Envelope(0.90, -1.03e-3, 1.39, 1.09, -1.51, -2.78, 0.25)
S_ZD = Envelope(1.04, -1.12e-5, 1.38, 1.18, -1.37, -4.74, 0.25)
S_HA = Envelope(0.73, -7.2e-4, 1.16, 0.96, -1.48, -0.42, 0.31)
S_HV = Envelope(0.86, -5.58e-4, 0.84, 0.98, -1.37, -2.58, 0.28)


def slant_km(distance_km: ArrayLike, depth_km: ArrayLike) -> Floats:
    """The distance R, km: epicentral, with the depth below the usual one added."""
    deeper = np.maximum(np.asarray(depth_km, float), USUAL_DEPTH_KM) ** 2 - USUAL_DEPTH_KM**2
    return np.asarray(np.sqrt(np.asarray(distance_km, float) ** 2 + deeper))


def log_amplitude(envelope: Envelope, magnitude: ArrayLike, distance_km: ArrayLike) -> Floats:
    """log10 of the peak in SI units (m/s^2, m/s or m). Shapes broadcast.

    The formula is extrapolated beyond M 8 or 300 km: there it only weighs how unlikely a source is,
    and never reports an amplitude.
    """
    m = np.asarray(magnitude, float)
    r1 = np.sqrt(np.asarray(distance_km, float) ** 2 + 9.0)
    saturation = envelope.c1 * (np.arctan(m - 5.0) + 1.4) * np.exp(envelope.c2 * (m - 5.0))
    r = r1 + saturation
    log_cm = envelope.a * m + envelope.b * r + envelope.d * np.log10(r) + envelope.e
    return np.asarray(log_cm - 2.0)
