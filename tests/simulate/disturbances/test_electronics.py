import numpy as np
import pytest

from forewave.simulate.disturbances import kinds as d
from tests.simulate.disturbances.added import HERE, RATE, changed


def test_a_spike_is_one_sample_of_the_vertical():
    actual = changed(d.Spike(after=10.0, size=5.0))
    assert np.argwhere(actual).tolist() == [[0, 1000]]


def test_a_step_stays():
    actual = changed(d.Step(after=10.0, size=2.0))
    assert (actual[:, :1000] == 0).all()
    assert (actual[:, 1000:] == 2).all()


def test_a_calibration_is_a_box():
    actual = changed(d.Pulse(after=10.0, size=2.0, seconds=3.0))
    assert (actual[:, 1000:1300] == 2).all()
    assert actual.sum() == pytest.approx(3 * 300 * 2)


def test_stuck_repeats_the_last_value():
    signal = np.random.default_rng(1).standard_normal((3, 6000))
    what = d.Stuck(after=10.0, seconds=5.0)
    actual = d.disturb(signal, what, HERE, RATE, np.random.default_rng(1))
    assert (actual[:, 1000:1500] == signal[:, 1000:1001]).all()
    assert (actual[:, 1500:] == signal[:, 1500:]).all()


def test_a_drift_goes_on():
    actual = changed(d.Drift(after=10.0, per_second=0.1))
    assert actual[0, -1] == pytest.approx(0.1 * 49.99)


def test_a_recentring_jumps_and_dies_away():
    actual = changed(d.Recentring(after=10.0, size=3.0, decay=5.0))
    assert (actual[:, :1000] == 0).all()
    assert actual[:, 1000] == pytest.approx(3.0)
    assert actual[:, 1500] == pytest.approx(3.0 / np.e)
