"""Si and Midorikawa (1999), Japan: crustal, interface and intraslab earthquakes.

New attenuation relationships for peak ground acceleration and velocity considering effects of
fault type and site condition, J. Struct. Constr. Eng. (AIJ) 523, 63-70. Distance to the fault.
PGV is for ground of Vs30 about 600 m/s and is taken to the place's by Fujimoto and Midorikawa
(2006); PGA is for the average ground of the records and has no site term. Motion is the larger
horizontal component. The printed scatter is 0.27 (PGA) and 0.23 (PGV) in log10.
"""

from functools import partial

import numpy as np
from msgspec import Struct

from forewave.earth.gmm.card import Estimate, Floats, Measure, Model, Source
from forewave.earth.site import velocity_amplification
from forewave.units import CM_M, GAL_MS2


class Coefficients(Struct, frozen=True):
    """log10 Y = a M + h D + d + e - log10(X + c 10^(0.5 M)) - k X; d by kind of earthquake."""

    a: float
    h: float
    crustal: float
    interface: float
    intraslab: float
    e: float
    c: float
    k: float
    sigma: float


PGA = Coefficients(0.50, 0.0043, 0.0, 0.01, 0.22, 0.61, 0.0055, 0.003, 0.27)
PGV = Coefficients(0.58, 0.0038, 0.0, -0.02, 0.12, -1.29, 0.0028, 0.002, 0.23)


def _formula(
    kind: str, measure: Measure, source: Source, distance_km: Floats, vs30_ms: Floats
) -> Estimate:
    k, unit = (PGA, GAL_MS2) if measure == "pga_ms2" else (PGV, CM_M)
    size = k.a * source.magnitude + k.h * source.depth_km + getattr(k, kind) + k.e
    near = k.c * 10.0 ** (0.5 * source.magnitude)
    log10 = size - np.log10(distance_km + near) - k.k * distance_km
    site = velocity_amplification(vs30_ms) if k is PGV else 1.0
    return Estimate(unit * site * 10.0**log10, np.full_like(log10, k.sigma * np.log(10.0)))


def _card(kind: str) -> Model:
    return Model(
        name=f"si_midorikawa_1999_{kind}",
        paper="Si and Midorikawa 1999, J. Struct. Constr. Eng. 523, 63-70",
        measures=("pga_ms2", "pgv_ms"),
        distance="rupture",
        magnitudes=(5.8, 8.3),
        distances_km=(0.0, 300.0),
        vs30s_ms=(100.0, 1500.0),
        formula=partial(_formula, kind),
    )


CRUSTAL, INTERFACE, INTRASLAB = (_card(kind) for kind in ("crustal", "interface", "intraslab"))
