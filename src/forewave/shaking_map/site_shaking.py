"""Motion at places after an earthquake, with its uncertainty: what a shaking map gives to others."""

from typing import Literal, TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Measure = Literal["pga", "pgv", "sa0.3", "sa1.0", "mmi"]


class SiteShaking(Struct, frozen=True):
    """Motion at places (n,), by measure.

    median: PGA and SA (5 % damping, at 0.3 and 1.0 s) in m/s², PGV in m/s, MMI in units of
    intensity. sigma: standard deviation of the natural logarithm of PGA, PGV and SA; of MMI itself
    for MMI. nan where nothing can be said. Every measure has both; `mmi` and `pga` are always there.
    """

    median: dict[Measure, Floats]
    sigma: dict[Measure, Floats]
