import numpy as np
import pytest

from forewave.types import Pick
from tests.stations.signals import shake

RATES = [31.3213, 50.0, 100.0, 200.0, 500.0]


def onsets(words):
    return [(w.time - 1.6e9, w.sigma) for w in words if isinstance(w, Pick)]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_sharp_onset_is_found_within_a_tenth_of_a_second(play, rate, seed):
    (time, sigma), *_ = onsets(play(shake(60, rate, 30.0, 0.05, seed=seed), rate=rate))
    assert time == pytest.approx(30.0, abs=0.1)
    assert sigma < 0.15


def test_a_blurred_onset_is_less_certain(play):
    t = np.arange(6000) / 100.0
    sharp = shake(60, 100.0, 30.0, 0.02, noise=1e-3)
    growing = np.random.default_rng(5).standard_normal(6000)
    growing *= 1e-3 + 2e-3 * np.clip(t - 30.0, 0.0, 3.0)
    (_, certain), *_ = onsets(play(sharp))
    (time, blurred), *_ = onsets(play(growing))
    assert blurred > certain
    assert 29.5 < time < 33.0


def jump(t, name):
    """Things that are not ground motion, one unit large, at 30.003 s."""
    since = np.maximum(0.0, t - 30.003)
    on = (t > 30.003) * 1.0
    return {
        "step": on,
        "spike": (np.abs(t - 30.003) < 0.51 * (t[1] - t[0])) * 1.0,
        "box-car, 0.1 s": on * (t < 30.1),
        "box-car, 0.25 s": on * (t < 30.25),
        "box-car, 1 s": on * (t < 31.0),
        "calibration": on * np.exp(-since / 2.0),
        "recentring": -on * np.exp(-since / 20.0),
    }[name]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize(("unit", "noise"), [("m/s^2", 1e-3), ("m/s", 1e-7)])
@pytest.mark.parametrize(
    "name",
    [
        "step",
        "spike",
        "box-car, 0.1 s",
        "box-car, 0.25 s",
        "box-car, 1 s",
        "calibration",
        "recentring",
    ],
)
def test_jumps_are_no_onsets(play, rate, unit, noise, name):
    t = np.arange(round(60 * rate)) / rate
    trace = noise * np.random.default_rng(3).standard_normal(len(t))
    assert onsets(play(trace + 3000 * noise * jump(t, name), rate=rate, unit=unit)) == []


@pytest.mark.parametrize(("unit", "peak"), [("m/s^2", 1e-2), ("m/s", 1e-2)])
def test_a_distant_earthquake_is_no_onset(play, unit, peak):
    t = np.arange(30000) / 100.0
    swell = peak * np.sin(2 * np.pi * t / 20.0) * np.exp(-(((t - 150.0) / 60.0) ** 2))
    noise = np.random.default_rng(4).standard_normal(30000) * (1e-4 if unit == "m/s^2" else 1e-6)
    assert onsets(play(swell + noise, unit=unit)) == []
