"""A ground-motion model card: a paper's formula, its parameters and its valid ranges.

A card is one file with one `Model`; MODELS in this folder's __init__ lists them. The formula
does not check its limits: call `estimate`, which gives nan outside them.
"""

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike, NDArray

from forewave.errors import ModelError

Floats: TypeAlias = NDArray[np.float64]
Measure: TypeAlias = Literal["pga_ms2", "pgv_ms", "mmi"]
DistanceKind: TypeAlias = Literal["joyner_boore", "rupture", "hypocentral"]


class Source(Struct, frozen=True):
    """The earthquake, besides its distance, as a formula needs it."""

    magnitude: float
    depth_km: float = 10.0


class Estimate(Struct, frozen=True):
    """A measure at n places. sigma is in natural logarithms of motion, or in units of MMI."""

    median: Floats
    sigma: Floats


Formula: TypeAlias = Callable[[Measure, Source, Floats, Floats], Estimate]


class Model(Struct, frozen=True):
    """A ground-motion model: `formula(measure, source, distance_km, vs30_ms) -> Estimate`.

    distance: the kind of distance the formula means. The ranges are those the paper gives;
    depths_km only where it limits the depth of the hypocentre.
    between: the share of sigma (not of its square) that is between earthquakes; where the paper
    gives no more than the whole sigma, a half, as most models have it.
    """

    name: str
    paper: str
    measures: tuple[Measure, ...]
    distance: DistanceKind
    magnitudes: tuple[float, float]
    distances_km: tuple[float, float]
    vs30s_ms: tuple[float, float]
    formula: Formula
    between: float = 0.5
    depths_km: tuple[float, float] = (-np.inf, np.inf)


def estimate(
    model: Model, measure: Measure, source: Source, distance_km: ArrayLike, vs30_ms: ArrayLike
) -> Estimate:
    """The model's estimate of a measure at places. nan outside the model's ranges.

    distance_km: of the kind `model.distance`; vs30_ms: shapes that broadcast with it.
    Raises ModelError if the model does not give the measure.
    """
    if measure not in model.measures:
        raise ModelError(f"{model.name} gives {', '.join(model.measures)}; not {measure}")
    distance, vs30 = np.broadcast_arrays(
        np.asarray(distance_km, dtype=float), np.asarray(vs30_ms, dtype=float)
    )
    shallowest, deepest = model.depths_km
    valid = (
        _within(source.magnitude, model.magnitudes)
        & _within(distance, model.distances_km)
        & _within(vs30, model.vs30s_ms)
        & (not (source.depth_km < shallowest or source.depth_km > deepest))
    )
    found = model.formula(measure, source, distance, vs30)
    return Estimate(np.where(valid, found.median, np.nan), np.where(valid, found.sigma, np.nan))


def _within(value: ArrayLike, limits: tuple[float, float]) -> NDArray[np.bool_]:
    low, high = limits
    x = np.asarray(value, dtype=float)
    return np.asarray((x >= low) & (x <= high))
