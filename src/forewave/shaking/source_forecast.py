"""Intensity and arrivals at many sites by a solution alone, without observed motion."""

from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.earth.distance import LocalPlane, distance_km
from forewave.earth.gmm.card import Model, Source
from forewave.earth.travel_time import TravelTimes
from forewave.shaking import by_depth, source_distance
from forewave.shaking import prior as felt
from forewave.shaking.by_depth import Excess
from forewave.shaking.plum import Field
from forewave.shaking.prior import Prior
from forewave.shaking.sites import Sites
from forewave.types import Solution

Floats: TypeAlias = NDArray[np.float64]


class Expected(Struct, frozen=True):
    """For sites (n,): position, MMI by the model, and arrivals of P and S.

    excess: MMI added to the model everywhere because of the earthquake's depth.
    """

    lat: Floats
    lon: Floats
    away_km: Floats
    prior: Prior
    field: Field
    p_arrival: Floats
    s_arrival: Floats
    excess: Excess

    @property
    def median(self) -> Floats:
        """Median MMI by the source alone."""
        return self.prior.median + self.excess.mmi


def expect(
    solution: Solution,
    sites: Sites,
    travel_times: TravelTimes,
    model: Model,
    deep: Model | None = None,
) -> Expected:
    """Intensity and arrivals of a solution. MMI is nan outside the model's range of distance.

    Vs30 and magnitude are limited to its range. The ends of a line source are taken to be as
    uncertain as the epicentre.
    """
    origin = solution.origin
    lat, lon = (
        np.where(np.isnan(here), there, here)
        for here, there in ((sites.lat, origin.lat), (sites.lon, origin.lon))
    )
    away_km = distance_km(origin.lat, origin.lon, lat, lon)
    p, s = (
        origin.time + travel_times.seconds(phase, away_km, origin.depth_km) for phase in ("P", "S")
    )
    magnitude = float(np.clip(solution.magnitude.value, *model.magnitudes))
    prior = _prior(solution, magnitude, model, lat, lon, sites.vs30_ms)
    x_km, y_km = LocalPlane(origin.lat, origin.lon).to_km(lat, lon)
    excess = by_depth.NONE if deep is None else by_depth.excess(model, deep, origin, magnitude)
    field = Field(x_km, y_km, prior.placed, prior.within)
    return Expected(lat, lon, away_km, prior, field, p, s, excess)


def _prior(
    solution: Solution, magnitude: float, model: Model, lat: Floats, lon: Floats, vs30_ms: Floats
) -> Prior:
    origin, rupture = solution.origin, solution.rupture
    distance = source_distance.to_places(model.distance, origin, magnitude, rupture, lat, lon)
    unsure = felt.Unsure(solution.magnitude.sigma, origin.epicentre_sigma_km)
    source = Source(magnitude, origin.depth_km)
    return felt.forecast(model, source, unsure, distance, np.clip(vs30_ms, *model.vs30s_ms))
