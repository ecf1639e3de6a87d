import numpy as np
import pytest

from forewave.simulate import disturbances as d
from forewave.types import Station

RATE = 100.0
HERE = Station("XX.A", 24.0, 121.0, 0.0, ())
NORTH = Station("XX.N", 25.0, 121.0, 0.0, ())


def changed(what, station=HERE, level=1.0):
    signal = np.full((3, 6000), level)
    made = d.disturb(signal, what, station, RATE, np.random.default_rng(1))
    assert (signal == level).all()
    return made - level


def test_a_spike_is_one_sample_of_the_vertical():
    made = changed(d.Spike(after=10.0, size=5.0))
    assert np.argwhere(made).tolist() == [[0, 1000]]


def test_a_step_stays():
    made = changed(d.Step(after=10.0, size=2.0))
    assert (made[:, :1000] == 0).all()
    assert (made[:, 1000:] == 2).all()


def test_a_calibration_is_a_box():
    made = changed(d.Pulse(after=10.0, size=2.0, seconds=3.0))
    assert (made[:, 1000:1300] == 2).all()
    assert made.sum() == pytest.approx(3 * 300 * 2)


def test_stuck_repeats_the_last_value():
    signal = np.random.default_rng(1).standard_normal((3, 6000))
    what = d.Stuck(after=10.0, seconds=5.0)
    made = d.disturb(signal, what, HERE, RATE, np.random.default_rng(1))
    assert (made[:, 1000:1500] == signal[:, 1000:1001]).all()
    assert (made[:, 1500:] == signal[:, 1500:]).all()


def test_a_drift_goes_on():
    made = changed(d.Drift(after=10.0, per_second=0.1))
    assert made[0, -1] == pytest.approx(0.1 * 49.99)


def test_traffic_swells_fades_and_rumbles_at_5_to_15_hz():
    made = changed(d.Traffic(after=10.0, size=1.0, seconds=20.0))[0]
    frequency = np.fft.rfftfreq(6000, 1 / RATE)
    power = np.abs(np.fft.rfft(made)) ** 2
    assert power[(frequency > 4) & (frequency < 16)].sum() > 0.98 * power.sum()
    assert (made[:1000] == 0).all()
    assert 0.2 < made[1500:2500].std() < 1.5


def test_a_teleseism_is_slow_low_and_comes_from_its_side():
    what = d.Teleseism(after=20.0, size=0.01, azimuth=0.0, lat=24.0, lon=121.0)
    here, north = changed(what)[0], changed(what, NORTH)[0]
    assert np.abs(here).max() == pytest.approx(0.01, rel=0.2)
    onset = [int(np.argmax(np.abs(x) > 1e-12)) / RATE for x in (here, north)]
    assert onset[0] == pytest.approx(20.0, abs=0.3)
    assert onset[0] - onset[1] == pytest.approx(111.2 * 0.06, abs=0.3)
    frequency = np.fft.rfftfreq(6000, 1 / RATE)
    power = np.abs(np.fft.rfft(here)) ** 2
    assert power[frequency < 1.5].sum() > 0.95 * power.sum()
