"""The base of all disturbances: station and time."""

from typing import Annotated, TypeAlias

import numpy as np
from msgspec import Meta, Struct
from numpy.typing import NDArray

Floats = NDArray[np.float64]
After: TypeAlias = Annotated[float, Meta(ge=0)]
Lasting: TypeAlias = Annotated[float, Meta(gt=0)]


class Disturbance(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", kw_only=True):
    """A disturbance `after` seconds from the start, at one station or at all ("*")."""

    station: str = "*"
    after: After
