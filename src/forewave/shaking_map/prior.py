"""What the ground-motion model says of places before anything was observed, by measure."""

from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.earth.gmm.card import Measure as ModelMeasure
from forewave.earth.gmm.card import Model, Source, estimate
from forewave.shaking import by_depth, source_distance
from forewave.shaking import prior as felt
from forewave.shaking.intensity import worden_2012
from forewave.shaking_map.site_shaking import Measure
from forewave.types import Solution

Floats: TypeAlias = NDArray[np.float64]

LINES = {"pga": worden_2012.PGA, "pgv": worden_2012.PGV}
_NAMES: dict[Measure, ModelMeasure] = {"pga": "pga_ms2", "pgv": "pgv_ms"}
_STEP = 0.1  # magnitude units, for the slope with magnitude


class Prior(Struct, frozen=True):
    """At places (n,): ln of PGA or PGV in SI, or MMI; and the parts of its sigma.

    between: common to all places of the earthquake. within: alike at neighbouring places.
    conversion: of MMI from motion to what people feel; 0 for PGA and PGV.
    """

    median: Floats
    between: Floats
    within: Floats
    conversion: Floats


def prior(
    measure: Measure,
    solution: Solution,
    models: tuple[Model, Model | None],
    lat: Floats,
    lon: Floats,
    vs30_ms: Floats,
) -> Prior:
    """nan outside the model's ranges; magnitude and Vs30 are held within them.

    models: the model, and the one of intraslab earthquakes, whose excess (MMI) applies by depth.
    """
    model, deep = models
    origin, size = solution.origin, solution.magnitude
    magnitude = float(np.clip(size.value, *model.magnitudes))
    where = source_distance.to_places(model.distance, origin, magnitude, solution.rupture, lat, lon)
    vs30 = np.clip(vs30_ms, *model.vs30s_ms)
    source = Source(magnitude, origin.depth_km)
    excess = by_depth.NONE if deep is None else by_depth.excess(model, deep, origin, magnitude)
    if measure == "mmi":
        unsure = felt.Unsure(size.sigma, origin.epicentre_sigma_km)
        found = felt.forecast(model, source, unsure, where, vs30)
        within = np.hypot(found.within, found.placed)
        between = np.hypot(found.between, excess.sigma)
        return Prior(found.median + excess.mmi, between, within, found.conversion)
    name, r = _NAMES[measure], where.distance_km
    motion = estimate(model, name, source, r, vs30)
    step = -_STEP if magnitude > 5.0 else _STEP
    other = estimate(model, name, Source(magnitude + step, origin.depth_km), r, vs30)
    ln, per_magnitude = np.log(motion.median), np.log(other.median / motion.median) / step
    per_mmi = 1.0 / np.maximum(worden_2012.convert(LINES[measure], motion.median)[1], 0.1)
    between = np.hypot(model.between * motion.sigma, per_magnitude * size.sigma)
    within = np.hypot(motion.sigma * np.sqrt(1.0 - model.between**2), where.ln_sigma)
    return Prior(ln + excess.mmi * per_mmi, between, within, np.zeros_like(ln))
