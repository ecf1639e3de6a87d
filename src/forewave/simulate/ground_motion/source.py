"""The omega-squared source: moment, corner frequency and far-field spectrum.

Brune (1970) with the constants of Boore (2003), in SI.
"""

import numpy as np
from numpy.typing import NDArray

from forewave.units import KM_M

Floats = NDArray[np.float64]

# Crust at the source: Boore and Joyner (1997) for S; P from Poisson's ratio 0.25.
S_KMS = 3.5
P_KMS = S_KMS * np.sqrt(3.0)
DENSITY_KGM3 = 2800.0

# Root mean square of a double couple's radiation over all directions (Boore and Boatwright
# 1984): for scattered, high-frequency energy. The geometric mean over the focal sphere, exp of the
# integral of ln|F|, is for coherent low frequencies at a typical station.
RADIATION_RMS = {"P": np.sqrt(4 / 15), "S": np.sqrt(2 / 5)}
RADIATION_TYPICAL = {"P": 0.27, "S": 0.54}
FREE_SURFACE = 2.0
P_CORNER = 1.5  # corner of P over that of S (Madariaga 1976; Brune 1970 has 1)

STRESS_MPA, STRESS_HINGE = 12.0, 5.5
STRESS_SLOPE_ABOVE = -0.0625  # of log10, by magnitude: 9 MPa at 7.5
STRESS_SLOPE_BELOW = 0.25


def moment_nm(magnitude: float) -> float:
    """Seismic moment of a moment magnitude (Hanks and Kanamori 1979)."""
    return float(10.0 ** (1.5 * magnitude + 9.05))


def typical_stress_drop_mpa(magnitude: float) -> float:
    """12 MPa at magnitude 5.5 and 9 at 7.5; below, less by 10^0.25 for every unit.

    Subfault stress of Atkinson and Silva (2000) for California. Smaller earthquakes have
    less (Yenier and Atkinson 2015; Trugman and Shearer 2017).
    """
    from_hinge = magnitude - STRESS_HINGE
    slope = STRESS_SLOPE_ABOVE if from_hinge > 0 else STRESS_SLOPE_BELOW
    return float(STRESS_MPA * 10.0 ** (slope * from_hinge))


def corner_hz(magnitude: float, stress_drop_mpa: float) -> float:
    """Corner of the S spectrum; 4.9e6 beta (stress/M0)^(1/3) in Boore's units (2003, eq. 4)."""
    return float(0.4906 * S_KMS * KM_M * (stress_drop_mpa * 1e6 / moment_nm(magnitude)) ** (1 / 3))


def far_field(phase: str) -> float:
    """Displacement spectrum in m s per N m of moment, 1 km away, radiation pattern of 1.

    F / (4 pi rho c^3 R); by c^3, P is five times smaller than S.
    """
    speed_kms = P_KMS if phase == "P" else S_KMS
    return float(FREE_SURFACE / (4 * np.pi * DENSITY_KGM3 * (speed_kms * KM_M) ** 3 * KM_M))


def brune(frequency_hz: Floats, corner: float) -> Floats:
    """Transform of the causal Brune pulse of unit area: |.| = 1 / (1 + (f/fc)^2)."""
    return np.asarray(1.0 / (1.0 + 1j * frequency_hz / corner) ** 2)
