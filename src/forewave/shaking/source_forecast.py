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
from forewave.shaking.prior import Prior
from forewave.shaking.residuals import Field
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
    beyond: Model | None = None,
) -> Expected:
    """What a solution makes at sites (n,). Vs30 and magnitude are held within a model's ranges.

    beyond: the model that takes over where `model` is not valid: at places outside its distances
    (MMI is nan without), and at all of an earthquake that is too small or too deep for it. Of a
    greater earthquake than it knows the stronger forecast of both holds at each place, so that no
    forecast falls as the magnitude passes the limit.
    The ends of a line source are taken to be as unsure as the epicentre.
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
    prior, excess = _by(model, deep, solution, lat, lon, sites.vs30_ms)
    if beyond is not None and beyond is not model:
        other = _by(beyond, deep, solution, lat, lon, sites.vs30_ms)
        prior, excess = _taken_over(model, solution, (prior, excess), other)
    x_km, y_km = LocalPlane(origin.lat, origin.lon).to_km(lat, lon)
    field = Field(x_km, y_km, prior.placed, prior.within)
    return Expected(lat, lon, away_km, prior, field, p, s, excess)


def _by(
    model: Model, deep: Model | None, solution: Solution, lat: Floats, lon: Floats, vs30_ms: Floats
) -> tuple[Prior, Excess]:
    """What one model says of places (n,), and what the depth adds to it."""
    magnitude = float(np.clip(solution.magnitude.value, *model.magnitudes))
    prior = _prior(solution, magnitude, model, lat, lon, vs30_ms)
    if deep is None:
        return prior, by_depth.NONE
    return prior, by_depth.excess(model, deep, solution.origin, magnitude)


def _taken_over(
    model: Model, solution: Solution, own: tuple[Prior, Excess], other: tuple[Prior, Excess]
) -> tuple[Prior, Excess]:
    """The model's own forecast where it is valid, the other model's elsewhere."""
    magnitude, depth_km = solution.magnitude.value, solution.origin.depth_km
    shallowest, deepest = model.depths_km
    if magnitude < model.magnitudes[0] or depth_km < shallowest or depth_km > deepest:
        return other
    (prior, excess), (others, others_excess) = own, other
    median = others.median + (others_excess.mmi - excess.mmi)  # as `excess` will be added to it
    takes = np.isnan(prior.median)
    if magnitude > model.magnitudes[1]:
        takes |= median > prior.median
    between, placed, within, conversion = (
        np.where(takes, theirs, ours)
        for theirs, ours in (
            (others.between, prior.between),
            (others.placed, prior.placed),
            (others.within, prior.within),
            (others.conversion, prior.conversion),
        )
    )
    median = np.where(takes, median, prior.median)
    return Prior(median, between, placed, within, conversion), excess


def _prior(
    solution: Solution, magnitude: float, model: Model, lat: Floats, lon: Floats, vs30_ms: Floats
) -> Prior:
    origin, rupture = solution.origin, solution.rupture
    distance = source_distance.to_places(model.distance, origin, magnitude, rupture, lat, lon)
    unsure = felt.Unsure(solution.magnitude.sigma, origin.epicentre_sigma_km)
    source = Source(magnitude, origin.depth_km)
    return felt.forecast(model, source, unsure, distance, np.clip(vs30_ms, *model.vs30s_ms))
