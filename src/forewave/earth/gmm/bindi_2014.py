"""Bindi et al. (2014), shallow earthquakes in Europe and the Middle East.

Pan-European ground-motion prediction equations for the average horizontal component of PGA, PGV
and 5 %-damped PSA at spectral periods up to 3.0 s using the RESORCE dataset, Bulletin of
Earthquake Engineering 12, 391-430, doi:10.1007/s10518-013-9525-5. The form with Joyner-Boore
distance and continuous Vs30, mechanism unspecified. Motion is the geometric mean.
"""

import numpy as np
from msgspec import Struct

from forewave.earth.gmm.card import Estimate, Floats, Measure, Model, Source
from forewave.units import CM_M, GAL_MS2

MAGNITUDE_REFERENCE, MAGNITUDE_HINGE, VS30_REFERENCE_MS = 5.5, 6.75, 800.0


class Coefficients(Struct, frozen=True):
    """The paper's table 1, by its names; log10 of cm/s^2 or cm/s."""

    e1: float
    c1: float
    c2: float
    h: float
    c3: float
    b1: float
    b2: float
    b3: float
    gamma: float
    sigma: float


# fmt: off
PGA = Coefficients(
    e1=3.32819, c1=-1.2398, c2=0.21732, h=5.26486, c3=0.00118624,
    b1=-0.0855045, b2=-0.0925639, b3=0.0, gamma=-0.301899, sigma=0.3198,
)
PGV = Coefficients(
    e1=2.26481, c1=-1.22408, c2=0.202085, h=5.06124, c3=0.0,
    b1=0.162802, b2=-0.0926324, b3=0.0440301, gamma=-0.529443, sigma=0.3186,
)
# fmt: on


def _log10(k: Coefficients, magnitude: float, distance_km: Floats, vs30_ms: Floats) -> Floats:
    """Equations 1 to 3."""
    r = np.hypot(distance_km, k.h)
    path = (k.c1 + k.c2 * (magnitude - MAGNITUDE_REFERENCE)) * np.log10(r) - k.c3 * (r - 1.0)
    above = magnitude - MAGNITUDE_HINGE
    size = k.b1 * above + k.b2 * above**2 if above <= 0 else k.b3 * above
    return np.asarray(k.e1 + path + size + k.gamma * np.log10(vs30_ms / VS30_REFERENCE_MS))


def _formula(measure: Measure, source: Source, distance_km: Floats, vs30_ms: Floats) -> Estimate:
    k, unit = (PGA, GAL_MS2) if measure == "pga_ms2" else (PGV, CM_M)
    log10 = _log10(k, source.magnitude, distance_km, vs30_ms)
    return Estimate(unit * 10.0**log10, np.full_like(log10, k.sigma * np.log(10.0)))


MODEL = Model(
    name="bindi_2014",
    paper="Bindi et al. 2014, doi:10.1007/s10518-013-9525-5",
    measures=("pga_ms2", "pgv_ms"),
    distance="joyner_boore",
    magnitudes=(4.0, 7.6),
    distances_km=(0.0, 300.0),
    vs30s_ms=(150.0, 1200.0),
    formula=_formula,
    between=0.47,  # tau 0.149 of 0.320 (PGA)
)
