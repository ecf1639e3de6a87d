"""MMI from a ground-motion model, with its uncertainty, before any motion was observed.

Motion is converted to MMI by Worden et al. (2012): the mean of the values for peak acceleration and
peak velocity, which is also how MMI is derived from a record. (Acceleration is better for weak
shaking, velocity for the strong shaking of great earthquakes; decision 40.) MMI of a model that
gives MMI is used directly. Variances add: the model's (between and within events) times the slope
of the conversion, the conversion's own (as in ShakeMap), and those of source and place. The errors
of the two motions are taken as fully correlated, as they mostly are. The parts are kept separate
because records of the earthquake reduce some of them and not others (decision 41).
"""

from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike, NDArray

from forewave.earth.gmm.card import Estimate, Model, Source, estimate
from forewave.earth.unknown_rupture import NEAR_KM, Spread
from forewave.shaking.intensity import worden_2012

Floats: TypeAlias = NDArray[np.float64]

_LINES = {"pga_ms2": worden_2012.PGA, "pgv_ms": worden_2012.PGV}
_STEP = 0.1  # magnitude units, for the slope of intensity with magnitude
_CLOSER = 0.95  # of the distance, for the slope of intensity with distance


class Unsure(Struct, frozen=True):
    """One-sigma uncertainties of the source that a forecast inherits."""

    magnitude: float
    epicentre_km: float


class Felt(Struct, frozen=True):
    """MMI (n,) of an exactly known source. motion, conversion: scatter of model and scale."""

    median: Floats
    motion: Floats
    conversion: Floats

    @property
    def sigma(self) -> Floats:
        """The total scatter."""
        return np.hypot(self.motion, self.conversion)


class Prior(Struct, frozen=True):
    """Median MMI before any motion was observed (n,), and the parts of its sigma.

    between: common to all places in one earthquake (between-event part of the model, magnitude).
    placed: similar at neighbouring places (epicentre, rupture). within: the rest of the model's
    scatter. conversion: from motion to MMI; records do not reduce it.
    """

    median: Floats
    between: Floats
    placed: Floats
    within: Floats
    conversion: Floats

    @property
    def sigma(self) -> Floats:
        """The total sigma of the intensity felt."""
        parts = (self.between, self.placed, self.within, self.conversion)
        return np.asarray(np.sqrt(sum(part**2 for part in parts)))


def mmi(model: Model, source: Source, distance_km: ArrayLike, vs30_ms: ArrayLike) -> Felt:
    """MMI and its scatter for a source known exactly. nan outside the model's ranges."""
    if "mmi" in model.measures:
        found = estimate(model, "mmi", source, distance_km, vs30_ms)
        return Felt(found.median, found.sigma, np.zeros_like(found.sigma))
    converted = [
        _converted(_LINES[measure], estimate(model, measure, source, distance_km, vs30_ms))
        for measure in model.measures
    ]
    n = len(converted)
    median, motion, sigma = (
        np.asarray(sum(parts) / n)
        for parts in zip(*((one.median, one.motion, one.sigma) for one in converted), strict=True)
    )
    return Felt(median, motion, np.sqrt(np.maximum(sigma**2 - motion**2, 0.0)))


def _converted(lines: worden_2012.Lines, motion: Estimate) -> Felt:
    mmi, per_ln = worden_2012.convert(lines, motion.median)
    return Felt(mmi, per_ln * motion.sigma, np.full_like(mmi, lines.sigma))


def forecast(
    model: Model, source: Source, unsure: Unsure, distance: Spread, vs30_ms: Floats
) -> Prior:
    """MMI at places (n,) with all that makes it unsure: model, conversion, source, rupture.

    nan outside the model's ranges. Slopes at their ends are taken inwards.
    """
    r = distance.distance_km
    here = mmi(model, source, r, vs30_ms)
    step = -_STEP if source.magnitude > 5.0 else _STEP  # towards the middle of the valid range
    if not model.magnitudes[0] <= source.magnitude + step <= model.magnitudes[1]:
        step = -step
    other = Source(source.magnitude + step, source.depth_km)
    per_magnitude = (mmi(model, other, r, vs30_ms).median - here.median) / step
    is_valid = r * _CLOSER >= model.distances_km[0]
    beside = mmi(model, source, np.where(is_valid, r * _CLOSER, r / _CLOSER), vs30_ms).median
    per_ln_distance = (beside - here.median) / np.log(1.0 / _CLOSER)  # its sign does not matter
    ln_distance_sigma = np.hypot(unsure.epicentre_km / np.hypot(r, NEAR_KM), distance.ln_sigma)
    return Prior(
        median=here.median,
        between=np.hypot(model.between * here.motion, per_magnitude * unsure.magnitude),
        placed=np.abs(per_ln_distance * ln_distance_sigma),
        within=here.motion * np.sqrt(1.0 - model.between**2),
        conversion=here.conversion,
    )
