"""The normal distribution."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def normal(residual: Floats | float, sigma: float) -> Floats:
    """Its density."""
    return np.asarray(np.exp(-0.5 * (residual / sigma) ** 2) / (sigma * np.sqrt(2.0 * np.pi)))
