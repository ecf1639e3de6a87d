import numpy as np
import pytest

from forewave.stations.filters import (
    high_pass,
    integrating_high_pass,
    low_pass,
    response,
)

RATES = (20.0, 31.3213, 100.0, 500.0)


@pytest.mark.parametrize("rate", RATES)
def test_a_corner_is_at_half_power(rate):
    for make, corner in ((high_pass, 0.075), (high_pass, 1.0), (low_pass, 6.0)):
        gain = abs(response(make(corner, rate), np.array([corner]), rate))
        assert gain[0] == pytest.approx(2**-0.5, rel=1e-6)


@pytest.mark.parametrize("rate", RATES)
def test_integration_divides_by_frequency_above_the_corner_and_forgets_the_mean(rate):
    frequency = np.array([0.5, 1.0, 2.0])
    section = integrating_high_pass(0.075, rate)
    gain = abs(response(section, frequency, rate))
    assert gain * 2 * np.pi * frequency == pytest.approx(np.ones(3), rel=0.04)
    assert abs(response(section, np.array([0.0]), rate))[0] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("rate", RATES)
def test_poles_are_inside_the_unit_circle(rate):
    for section in (high_pass(0.075, rate), integrating_high_pass(0.075, rate)):
        assert max(abs(np.roots([1.0, *section[3:]]))) < 1.0
