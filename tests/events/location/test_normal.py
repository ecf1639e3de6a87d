"""The density of the normal distribution."""

import numpy as np
import pytest

from forewave.events.location.normal import normal


@pytest.mark.parametrize("sigma", [0.2, 1.0, 5.0])
def test_it_is_the_standard_one_scaled(sigma):
    """0.39894, 0.24197 and 0.05399 at 0, 1 and 2 (Abramowitz and Stegun 1964, table 26.1)."""
    found = normal(np.array([0.0, 1.0, -2.0]) * sigma, sigma) * sigma
    assert found == pytest.approx([0.39894, 0.24197, 0.05399], abs=1e-5)
    assert float(normal(sigma, sigma)) * sigma == pytest.approx(0.24197, abs=1e-5)
