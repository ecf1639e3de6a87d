"""The ground-motion model by source depth, and the difference it makes in MMI.

    depth           earthquake                      model
    to 30 km        shallow crust                   the forecaster's own (boore_2014)
    30 to 50 km     either; deeper: rather slab     both, weighted
    from 50 km      within the sinking plate        si_midorikawa_1999_intraslab

30 km is where ShakeMap ends the active crust, 50 km where the catalogues of Garcia et al. (2012,
BSSA 102, 824-842) begin to call an earthquake intraslab. Intraslab earthquakes shake more strongly
than crustal models predict, by a nearly constant MMI out to 150 km. So the excess is one number for
the whole earthquake, part of the bias that devices receive (decision 40).
"""

import math

import numpy as np
from msgspec import Struct

from forewave.arrays import read_only
from forewave.earth.distance import LocalPlane
from forewave.earth.gmm.card import Floats, Model, Source
from forewave.earth.site import DEFAULT_VS30_MS
from forewave.shaking import prior, source_distance
from forewave.types import Origin

MIDDLE_KM, HALF_WIDTH_KM = 40.0, 10.0
DEEPEST_KM = 120.0  # of the earthquakes that the slab's model was made from
_AWAY_KM = read_only(np.array([0.0, 50.0, 100.0, 150.0]))  # where it would be felt
_EQUATOR = LocalPlane(0.0, 0.0)


class Excess(Struct, frozen=True):
    """MMI to add everywhere, and its sigma as the kind of earthquake is not certain."""

    mmi: float
    sigma: float


NONE = Excess(0.0, 0.0)


def share(depth_km: float, depth_sigma_km: float) -> float:
    """Probability (0..1) that an earthquake at this depth is intraslab."""
    width_km = math.hypot(HALF_WIDTH_KM, depth_sigma_km)
    return 0.5 * (1.0 + math.erf((depth_km - MIDDLE_KM) / (width_km * math.sqrt(2.0))))


def excess(shallow: Model, deep: Model, origin: Origin, magnitude: float) -> Excess:
    """The expected excess over the crustal model at this depth, MMI.

    The magnitude is held within what both models know, or each if they have no magnitude in common.
    """
    part = share(origin.depth_km, origin.depth_sigma_km)
    if not part > 0.01:
        return NONE
    least, most = (
        bound(ends)
        for bound, ends in zip(
            (max, min), zip(shallow.magnitudes, deep.magnitudes, strict=True), strict=True
        )
    )
    held = min(max(magnitude, least), most)
    depth_km = min(origin.depth_km, DEEPEST_KM)
    more = _median(deep, depth_km, held) - _median(shallow, depth_km, held)
    mean = float(np.mean(more))
    spread = float(np.std(more))
    return Excess(part * mean, math.hypot(part * spread, math.sqrt(part * (1.0 - part)) * mean))


def _median(model: Model, depth_km: float, magnitude: float) -> Floats:
    """MMI at the usual distances, on the usual ground; all is held within the model's ranges."""
    magnitude = min(max(magnitude, model.magnitudes[0]), model.magnitudes[1])
    depth_km = min(max(depth_km, model.depths_km[0]), model.depths_km[1])
    vs30_ms = min(max(DEFAULT_VS30_MS, model.vs30s_ms[0]), model.vs30s_ms[1])
    lat, lon = np.transpose([_EQUATOR.to_degrees(x, 0.0) for x in _AWAY_KM])
    there = Origin(0.0, 0.0, 0.0, depth_km, 0.0, 0.0, 0.0)
    away = source_distance.to_places(model.distance, there, magnitude, None, lat, lon)
    r = np.clip(away.distance_km, *model.distances_km)
    return prior.mmi(model, Source(magnitude, depth_km), r, vs30_ms).median
