import numpy as np
import pytest

from forewave.shaking_map.correlation import OWN_SHARE, correlation


def test_it_is_loth_and_bakers():
    """Shares 0.29, 0.47 and 0.24 with ranges of 20 and 70 km (2013, corrected in 2020)."""
    for km in (0.0, 5.0, 20.0, 70.0, 200.0):
        expected = 0.29 * np.exp(-3 * km / 20) + 0.47 * np.exp(-3 * km / 70)
        assert correlation(np.array(km)) == pytest.approx(expected)


def test_all_shares_are_one():
    assert correlation(np.array(0.0)) + OWN_SHARE == pytest.approx(1.0)
