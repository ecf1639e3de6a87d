"""MMI from a ground-motion model, and how sure it is.

Motion is turned into MMI by Worden et al. (2012): the mean of what peak acceleration and peak
velocity say, which is also how MMI is read from a record. (Acceleration tells weak shaking best,
velocity the strong shaking of great earthquakes; decision 0012.) A model that gives MMI is taken
at its word. The variances add: the model's (between and within events) through the slope of the
conversion, the conversion's own (as ShakeMap does), and what source and place are unsure by.
The two motions' errors are taken to go together, as they mostly do.
"""

from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike, NDArray

from forewave.earth.gmm.card import Estimate, Model, Source, estimate
from forewave.shaking.intensity import worden_2012
from forewave.shaking.source_distance import NEAR_KM, Spread

Floats: TypeAlias = NDArray[np.float64]

_LINES = {"pga_ms2": worden_2012.PGA, "pgv_ms": worden_2012.PGV}
_STEP = 0.1  # magnitude units, for the slope of intensity with magnitude
_CLOSER = 0.95  # of the distance, for the slope of intensity with distance


class Unsure(Struct, frozen=True):
    """One-sigma uncertainties of the source that a forecast inherits."""

    magnitude: float
    epicentre_km: float


def mmi(model: Model, source: Source, distance_km: ArrayLike, vs30_ms: ArrayLike) -> Estimate:
    """Median MMI and its sigma for a source known exactly. nan outside the model's ranges."""
    if "mmi" in model.measures:
        return estimate(model, "mmi", source, distance_km, vs30_ms)
    said = [
        _converted(_LINES[measure], estimate(model, measure, source, distance_km, vs30_ms))
        for measure in model.measures
    ]
    median, sigma = sum(one.median for one in said), sum(one.sigma for one in said)
    return Estimate(np.asarray(median / len(said)), np.asarray(sigma / len(said)))


def _converted(lines: worden_2012.Lines, motion: Estimate) -> Estimate:
    mmi, per_ln = worden_2012.convert(lines, motion.median)
    return Estimate(mmi, np.hypot(per_ln * motion.sigma, lines.sigma))


def forecast(
    model: Model, source: Source, unsure: Unsure, distance: Spread, vs30_ms: Floats
) -> Estimate:
    """MMI at places (n,) with the whole sigma: model, conversion, magnitude, location, rupture."""
    r = distance.distance_km
    here = mmi(model, source, r, vs30_ms)
    step = -_STEP if source.magnitude > 5.0 else _STEP  # towards the middle of the valid range
    other = Source(source.magnitude + step, source.depth_km)
    per_magnitude = (mmi(model, other, r, vs30_ms).median - here.median) / step
    closer = mmi(model, source, r * _CLOSER, vs30_ms).median
    per_ln_distance = (closer - here.median) / np.log(1.0 / _CLOSER)
    ln_distance_sigma = np.hypot(unsure.epicentre_km / np.hypot(r, NEAR_KM), distance.ln_sigma)
    variance = (
        here.sigma**2
        + (per_magnitude * unsure.magnitude) ** 2
        + (per_ln_distance * ln_distance_sigma) ** 2
    )
    return Estimate(here.median, np.sqrt(variance))
