import numpy as np
import pytest
from obspy.signal.spectral_estimation import get_nhnm, get_nlnm

from forewave.simulate.ground_motion import noise


@pytest.mark.parametrize(("loudness", "model"), [(0.0, get_nlnm), (1.0, get_nhnm)])
def test_site_noise_is_petersons(loudness, model):
    period, expected_db = model()
    inside = (period > 0.11) & (period < 100)
    found_db = noise.site_db(1.0 / period[inside], loudness)
    assert found_db == pytest.approx(expected_db[inside], abs=0.6)


def test_simulated_noise_has_its_power_density():
    rate = 100.0
    actual = noise.make(60_000, rate, 0.5, 0.0, np.random.default_rng(1))
    frequency = np.fft.rfftfreq(6000, 1 / rate)
    segments = actual.reshape(3, 10, 6000)
    power = (np.abs(np.fft.rfft(segments)) ** 2).mean(axis=(0, 1)) * 2 / (rate * 6000)
    for low, high in ((2.0, 3.0), (8.0, 12.0)):
        band = (frequency > low) & (frequency < high)
        found_db = 10 * np.log10(power[band].mean())
        expected = 10 ** (noise.site_db(frequency[band], 0.5) / 10)
        assert found_db == pytest.approx(10 * np.log10(expected.mean()), abs=1.0)


def test_a_loud_sensor_drowns_the_site():
    actual = noise.make(20_000, 100.0, 0.0, 2e-4, np.random.default_rng(1))
    assert actual.std() == pytest.approx(2e-4 * np.sqrt(50.0), rel=0.05)
