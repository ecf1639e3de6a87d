"""A magnitude relation card, and station magnitudes by it."""

from collections.abc import Callable
from typing import Literal

import numpy as np
from msgspec import Struct
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


class Relation(Struct, frozen=True):
    """Magnitude from the peak displacement of P at one station.

    seconds: length of the P window of the peak. distance: the kind that the paper uses. sigma: of
    one station's magnitude. formula(pd_m, distance_km): the paper's equation, without limits.
    """

    name: str
    paper: str
    seconds: float
    distance: Literal["epicentral", "hypocentral"]
    sigma: float
    valid_magnitude: tuple[float, float]
    valid_km: tuple[float, float]
    formula: Callable[[Floats, Floats], Floats]


def magnitude(relation: Relation, pd_m: ArrayLike, distance_km: ArrayLike) -> Floats:
    """Station magnitudes; nan outside the relation's range. Shapes broadcast.

    pd_m: peak of vertical displacement, high-passed at 0.075 Hz; 0 or less: nan.
    """
    pd, km = np.asarray(pd_m, float), np.asarray(distance_km, float)
    near, far = relation.valid_km
    known = (pd > 0) & (km >= near) & (km <= far)
    found = relation.formula(np.where(known, pd, np.nan), np.where(known, km, np.nan))
    least, most = relation.valid_magnitude
    return np.where((found >= least) & (found <= most), found, np.nan)
