import numpy as np
import pytest

from forewave.simulate.sensors import SENSORS, digitise, fitting, output
from forewave.units import G_MS2

RATE = 100.0


def test_accelerometers_give_acceleration():
    ground = np.random.default_rng(1).standard_normal((3, 100))
    assert output(ground, SENSORS["mems"], RATE) is ground


def test_a_broadband_gives_velocity():
    t = np.arange(6000) / RATE
    omega = 2 * np.pi * 1.0
    actual = output(np.cos(omega * t)[None], SENSORS["broadband"], RATE)[0]
    assert np.ptp(actual[3000:]) / 2 == pytest.approx(1 / omega, rel=0.02)
    assert (
        np.abs(actual[3000:] - actual[3000:].mean() - np.sin(omega * t)[3000:] / omega).max() < 0.01
    )


def test_a_broadband_lets_long_periods_go():
    t = np.arange(200_000) / RATE
    omega = 2 * np.pi / 1000.0
    actual = output(np.cos(omega * t)[None], SENSORS["broadband"], RATE)[0]
    assert np.ptp(actual[50_000:]) / 2 < 0.05 / omega


@pytest.mark.parametrize("name", SENSORS)
def test_counts_follow_the_motion_up_to_the_clip_level(name):
    sensor = SENSORS[name]
    half, beyond = digitise(np.array([0.5, 5.0]) * sensor.clip, sensor.gain, sensor.clip)
    assert half / sensor.gain == pytest.approx(0.5 * sensor.clip, rel=1e-4)
    assert beyond == round(sensor.clip * sensor.gain) < 2**31


def test_the_low_cost_sensor_is_as_loud_as_those_of_openeew():
    """Peaks of 0.2 to 0.3 gal over their 15 Hz."""
    rms_ms2 = SENSORS["mems"].noise_ms2_rthz * np.sqrt(15.0)
    assert 0.0005 < rms_ms2 < 0.0015
    assert SENSORS["mems"].clip == pytest.approx(2 * G_MS2)


def test_a_borrowed_velocity_channel_is_not_given_acceleration():
    assert fitting("m/s", "mems") is SENSORS["broadband"]
    assert fitting("m/s^2", "broadband") is SENSORS["force_balance"]
    assert fitting("m/s^2", "mems") is SENSORS["mems"]
