import numpy as np
import pytest

from forewave.stations.filters import response
from forewave.stations.intensity import intensity, jma_gain, jma_sections, upsampling
from forewave.types import Amplitude

FREQUENCY = np.geomspace(0.1, 10.0, 60)


@pytest.mark.parametrize("rate", [20.0, 30.06, 31.3213, 40.0, 50.0, 99.99, 100.0, 126.159, 500.0])
def test_within_three_hundredths_of_the_official_filter_at_any_rate(rate):
    rate = rate * upsampling(rate)
    gain = abs(response(jma_sections(rate), FREQUENCY, rate))
    assert np.abs(2 * np.log10(gain / jma_gain(FREQUENCY))).max() < 0.03


@pytest.mark.parametrize("rate", [20.0, 31.3213, 50.0, 80.0, 100.0, 200.0])
def test_always_stable(rate):
    sections = jma_sections(rate * upsampling(rate))
    assert max(max(abs(np.roots([1.0, *s[3:]]))) for s in sections) < 1.0


def test_nan_where_the_published_filter_is_unstable():
    assert np.isnan(jma_sections(50.0)).all()


def test_the_level_of_a_class():
    assert intensity(1.0) == pytest.approx(2 * 2 + 0.94)  # 100 gal
    assert np.isnan(intensity(0.0))


def official(traces, rate):
    """JMA intensity by Fourier transform, as the notice of 1996 says."""
    frequency = np.fft.rfftfreq(len(traces[0]), 1 / rate)
    gain = np.append(0.0, jma_gain(frequency[1:]))
    filtered = [np.fft.irfft(np.fft.rfft(x) * gain, len(x)) for x in traces]
    level = np.sqrt(sum(x**2 for x in filtered))
    return intensity(np.sort(level)[-round(0.3 * rate)])


@pytest.mark.parametrize("rate", [31.3213, 50.0, 100.0, 200.0])
def test_real_time_agrees_with_the_official_calculation(play, rate):
    t = np.arange(round(90 * rate)) / rate
    grow = np.where((t > 30) & (t < 60), np.sin(np.pi * (t - 30) / 30), 0.0)
    traces = [
        grow * (np.sin(2 * np.pi * f * t + k) + 0.7 * np.sin(2 * np.pi * 2.3 * f * t))
        for k, f in enumerate((0.7, 1.1, 1.6))
    ]
    said = [w.intensity_jma for w in play(*traces, rate=rate) if isinstance(w, Amplitude)]
    assert max(said) == pytest.approx(official(traces, rate), abs=0.1)
