"""Site amplification by Borcherdt (1994), as the Virtual Seismologist uses it.

Amplification of peak acceleration and velocity by Vs30 class and by how strong the motion is
on rock (soft ground is non-linear). Interpolated linearly in the logarithms between classes.

Source: Earthquake Spectra 10, 617-653, doi:10.1193/1.1585791; the table as in the documentation
of the Virtual Seismologist module (Swiss Seismological Service).
"""

from bisect import bisect_left
from functools import cache
from typing import Literal, TypeAlias

import numpy as np

from forewave.arrays import read_only

Quantity: TypeAlias = Literal["acceleration", "velocity"]

VS30_MS = read_only(np.array([163.0, 301.0, 464.0, 686.0]))
STRENGTH_MS2 = (1.5, 2.5, 3.5)  # upper bounds of the first three columns
ACCELERATION = read_only(
    np.array(
        [
            [1.65, 1.43, 1.15, 0.93],
            [1.33, 1.23, 1.09, 0.96],
            [1.15, 1.10, 1.04, 0.98],
            [1.00, 1.00, 1.00, 1.00],
        ]
    )
)
VELOCITY = read_only(
    np.array(
        [
            [2.55, 2.37, 2.14, 1.91],
            [1.71, 1.64, 1.55, 1.45],
            [1.29, 1.26, 1.23, 1.19],
            [1.00, 1.00, 1.00, 1.00],
        ]
    )
)


def log_amplification(quantity: Quantity, vs30_ms: float, acceleration_ms2: float) -> float:
    """log10 amplification relative to rock. Vs30 is limited to the range of the classes.

    acceleration_ms2: the peak acceleration, which selects the column.
    """
    return _by_strength(quantity, vs30_ms)[bisect_left(STRENGTH_MS2, acceleration_ms2)]


@cache
def _by_strength(quantity: Quantity, vs30_ms: float) -> list[float]:
    table = np.log10(ACCELERATION if quantity == "acceleration" else VELOCITY)
    at = [np.interp(np.log(vs30_ms), np.log(VS30_MS), column) for column in table.T]
    return [float(value) for value in at]
