"""Boore, Stewart, Seyhan and Atkinson (2014), shallow earthquakes in active crust.

NGA-West2 equations for predicting PGA, PGV and 5 % damped PSA for shallow crustal earthquakes,
Earthquake Spectra 30, 1057-1085, doi:10.1193/070113EQS184M. Mechanism unspecified, no basin
term, global path term. Motion is the median over all directions of the horizontal (RotD50).
"""

import numpy as np
from msgspec import Struct

from forewave.earth.gmm.card import Estimate, Floats, Measure, Model, Source
from forewave.units import CM_M, G_MS2

VS30_REFERENCE_MS = 760.0
_LINEAR_ABOVE_G = 0.1  # f3: the rock motion at which the soil begins to yield


class Coefficients(Struct, frozen=True):
    """The paper's tables 4 and 5, by its names. Motion in g or cm/s."""

    e0: float
    e4: float
    e5: float
    e6: float
    mh: float
    c1: float
    c2: float
    c3: float
    h: float
    c: float
    vc: float
    f4: float
    f5: float
    r1: float
    r2: float
    dfr: float
    dfv: float
    phi1: float
    phi2: float
    tau1: float
    tau2: float


# fmt: off
PGA = Coefficients(
    e0=0.4473, e4=1.431, e5=0.05053, e6=-0.1662, mh=5.5,
    c1=-1.134, c2=0.1917, c3=-0.008088, h=4.5,
    c=-0.600, vc=1500.0, f4=-0.150, f5=-0.00701,
    r1=110.0, r2=270.0, dfr=0.100, dfv=0.070, phi1=0.695, phi2=0.495, tau1=0.398, tau2=0.348,
)
PGV = Coefficients(
    e0=5.037, e4=1.073, e5=-0.1536, e6=0.2252, mh=6.2,
    c1=-1.243, c2=0.1489, c3=-0.00344, h=5.3,
    c=-0.840, vc=1300.0, f4=-0.100, f5=-0.00844,
    r1=105.0, r2=272.0, dfr=0.082, dfv=0.080, phi1=0.644, phi2=0.552, tau1=0.401, tau2=0.346,
)
# fmt: on


def _ln_rock(k: Coefficients, magnitude: float, distance_km: Floats) -> Floats:
    """Source and path (equations 2 to 4): ln of the motion at Vs30 760 m/s."""
    above = magnitude - k.mh
    source = k.e0 + (k.e4 * above + k.e5 * above**2 if above <= 0 else k.e6 * above)
    r = np.hypot(distance_km, k.h)
    return np.asarray(source + (k.c1 + k.c2 * (magnitude - 4.5)) * np.log(r) + k.c3 * (r - 1.0))


def _ln_site(k: Coefficients, rock_pga_g: Floats, vs30_ms: Floats) -> Floats:
    """Amplification against Vs30 760 m/s (equations 5 to 8): linear, less what soil yields."""
    linear = k.c * np.log(np.minimum(vs30_ms, k.vc) / VS30_REFERENCE_MS)
    softness = np.exp(k.f5 * (np.minimum(vs30_ms, VS30_REFERENCE_MS) - 360.0))
    f2 = k.f4 * (softness - np.exp(k.f5 * (VS30_REFERENCE_MS - 360.0)))
    return np.asarray(linear + f2 * np.log1p(rock_pga_g / _LINEAR_ABOVE_G))


def _sigma(k: Coefficients, magnitude: float, distance_km: Floats, vs30_ms: Floats) -> Floats:
    """Between- and within-event scatter together (equations 13 to 17), natural logarithm."""
    tau = np.interp(magnitude, [4.5, 5.5], [k.tau1, k.tau2])
    phi = np.interp(magnitude, [4.5, 5.5], [k.phi1, k.phi2])
    far = np.log(np.clip(distance_km, k.r1, k.r2) / k.r1) / np.log(k.r2 / k.r1)
    soft = np.log(300.0 / np.clip(vs30_ms, 225.0, 300.0)) / np.log(300.0 / 225.0)
    return np.asarray(np.hypot(tau, phi + k.dfr * far - k.dfv * soft))


def _formula(measure: Measure, source: Source, distance_km: Floats, vs30_ms: Floats) -> Estimate:
    k, unit = (PGA, G_MS2) if measure == "pga_ms2" else (PGV, CM_M)
    ln_rock_pga = _ln_rock(PGA, source.magnitude, distance_km)
    ln_rock = ln_rock_pga if k is PGA else _ln_rock(k, source.magnitude, distance_km)
    ln_motion = ln_rock + _ln_site(k, np.exp(ln_rock_pga), vs30_ms)
    sigma = _sigma(k, source.magnitude, distance_km, vs30_ms)
    return Estimate(unit * np.exp(ln_motion), sigma)


MODEL = Model(
    name="boore_2014",
    paper="Boore, Stewart, Seyhan and Atkinson 2014, doi:10.1193/070113EQS184M",
    measures=("pga_ms2", "pgv_ms"),
    distance="joyner_boore",
    magnitudes=(3.0, 8.5),
    distances_km=(0.0, 400.0),
    vs30s_ms=(150.0, 1500.0),
    formula=_formula,
    between=0.55,  # tau 0.346 to 0.348 of 0.605 (PGA) and 0.651 (PGV) for M 5.5 and greater
)
