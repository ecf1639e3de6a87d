"""Motion at places after an earthquake, with its uncertainty: what a shaking map gives."""

from typing import Literal, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Measure: TypeAlias = Literal["pga", "pgv", "mmi"]
MEASURES: tuple[Measure, ...] = ("pga", "pgv", "mmi")


class SiteShaking(Struct, frozen=True):
    """Motion at places (n,), by measure.

    median: PGA in m/s², PGV in m/s, MMI in units of intensity. sigma: standard deviation of the
    natural logarithm of PGA and PGV, and of MMI itself. nan where the ground-motion model is not
    valid.
    """

    median: dict[Measure, Floats]
    sigma: dict[Measure, Floats]
