"""What the way from source to station does: spreading, absorption, scattering.

Active crust, as published for California: Lg Q of Erickson, McNamara and Benz (2004), who give
152 +- 37 and an exponent of 0.72 +- 0.16; durations of Boore and Thompson (2014). Spreading is
1/R to 60 km, twice a crust of 30 km, and 1/sqrt(R) beyond; papers put the change at 40 km
(Atkinson and Silva 2000) to 100 km (Herrmann and Kijko 1983).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forewave.simulate.source import P_KMS, S_KMS

Floats = NDArray[np.float64]

CROSSOVER_KM = 60.0  # from body waves to trapped Lg waves
Q_AT_1HZ = 152.0
Q_EXPONENT = 0.70
DURATION_KM = (0.0, 7.0, 45.0, 125.0, 175.0, 270.0)
DURATION_S = (0.0, 2.4, 8.4, 10.9, 17.4, 34.2)
DURATION_SLOPE = 0.156  # s/km beyond the last node


def spreading(distance_km: ArrayLike, phase: str) -> Floats:
    """Amplitude relative to 1 km: R^-1; for S, which the crust traps, R^-0.5 from 60 km on."""
    r = np.asarray(distance_km, float)
    if phase == "P":
        return np.asarray(1.0 / r)
    return np.where(r < CROSSOVER_KM, 1.0 / r, 1.0 / np.sqrt(r * CROSSOVER_KM))


def duration(distance_km: ArrayLike, phase: str) -> Floats:
    """Seconds that scattering adds to the source's own duration (Boore and Thompson 2014).

    Theirs is for S; P crosses the same scatterers faster by the square root of 3.
    """
    r = np.asarray(distance_km, float)
    beyond = np.maximum(0.0, r - DURATION_KM[-1]) * DURATION_SLOPE
    seconds = np.interp(r, DURATION_KM, DURATION_S) + beyond
    return np.asarray(seconds / np.sqrt(3.0) if phase == "P" else seconds)


def absorption(frequency_hz: Floats, distance_km: float, phase: str, kappa: float) -> Floats:
    """Anelastic loss of path and site, exp(-pi f (R/(Qc) + kappa)), Q = 152 f^0.7.

    P has two thirds of the Q of S (Yoshimoto, Sato and Ohtake 1993 find about half), and kappa
    over the square root of 3, since it runs that much faster through the same site.
    """
    speed, quality = (P_KMS, 2 / 3) if phase == "P" else (S_KMS, 1.0)
    kappa_phase = kappa / np.sqrt(3.0) if phase == "P" else kappa
    travel = distance_km / (Q_AT_1HZ * quality * speed) * frequency_hz ** (1.0 - Q_EXPONENT)
    return np.asarray(np.exp(-np.pi * (travel + kappa_phase * frequency_hz)))
