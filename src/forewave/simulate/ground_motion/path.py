"""Path effects: geometrical spreading, anelastic attenuation, scattering.

Active crust, as published for California: Lg Q between those of Erickson, McNamara and Benz (2004:
152 +- 37, exponent 0.72 +- 0.16) and of Raoof, Herrmann and Malagnini (1999: 180, exponent 0.45);
durations of Boore and Thompson (2014). S spreads as 1/R to 60 km, twice a crust of 30 km, and as
1/sqrt(R) beyond; papers put the change at 40 km (Atkinson and Silva 2000) to 100 km (Herrmann and
Kijko 1983). P is not trapped in the crust and spreads as R^-1.13, owing to the velocity
gradient; Yenier and Atkinson (2015) have R^-1.3.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from forewave.simulate.ground_motion.source import P_KMS, S_KMS

Floats = NDArray[np.float64]

CROSSOVER_KM = 60.0  # from body waves to trapped Lg waves
P_SPREADING = 1.13
Q_AT_1HZ = 170.0
Q_EXPONENT = 0.60
P_Q = 1 / 1.3  # Q of P over that of S (southern California: Hauksson and Shearer 2006)
P_DURATION = 1 / 4  # of the duration added by scattering: the part of P before its coda
DURATION_KM = (0.0, 7.0, 45.0, 125.0, 175.0, 270.0)
DURATION_S = (0.0, 2.4, 8.4, 10.9, 17.4, 34.2)
DURATION_SLOPE = 0.156  # s/km beyond the last node


def spreading(distance_km: ArrayLike, phase: str) -> Floats:
    """Amplitude relative to 1 km: P R^-1.13; S R^-1, beyond 60 km R^-0.5."""
    r = np.asarray(distance_km, float)
    if phase == "P":
        return np.asarray(r**-P_SPREADING)
    return np.where(r < CROSSOVER_KM, 1.0 / r, 1.0 / np.sqrt(r * CROSSOVER_KM))


def duration(distance_km: ArrayLike, phase: str) -> Floats:
    """Seconds that scattering adds to the source's own duration (Boore and Thompson 2014).

    Theirs is for 95 % of the energy of S; P has a quarter of it.
    """
    r = np.asarray(distance_km, float)
    beyond = np.maximum(0.0, r - DURATION_KM[-1]) * DURATION_SLOPE
    seconds = np.interp(r, DURATION_KM, DURATION_S) + beyond
    return np.asarray(seconds * P_DURATION if phase == "P" else seconds)


def absorption(frequency_hz: Floats, distance_km: float, phase: str, kappa: float) -> Floats:
    """Anelastic loss of path and site, exp(-pi f (R/(Qc) + kappa)), Q = 170 f^0.6.

    P has 1/1.3 of the Q of S, and kappa / sqrt(3), as it is faster by that factor at the same
    site.
    """
    speed, quality = (P_KMS, P_Q) if phase == "P" else (S_KMS, 1.0)
    kappa_phase = kappa / np.sqrt(3.0) if phase == "P" else kappa
    travel = distance_km / (Q_AT_1HZ * quality * speed) * frequency_hz ** (1.0 - Q_EXPONENT)
    return np.asarray(np.exp(-np.pi * (travel + kappa_phase * frequency_hz)))
