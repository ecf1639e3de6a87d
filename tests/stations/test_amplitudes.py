import numpy as np
import pytest

from forewave.stations.settings import DetectorSettings
from forewave.types import Amplitude, Pick, StationState
from tests.stations.signals import shake

TAU = 2.0
SLOW = DetectorSettings(upper_share=0.0, later_share=0.0)  # what is slow is picked all the same


def amplitudes(words):
    return [w for w in words if isinstance(w, Amplitude)]


def burst(onset=30.0, peak=0.1, seed=1):
    """A sine from the onset on, with a crack at its beginning, in faint noise."""
    t = np.arange(8000) / 100.0
    sine = np.where(t >= onset, np.sin(2 * np.pi * (t - onset) / TAU) * peak, 0.0)
    crack = shake(80, 100.0, onset, 0.2 * peak, noise=0.0, seed=seed) * (t < onset + 1.0)
    return sine + crack + 1e-5 * np.random.default_rng(seed).standard_normal(8000)


def test_amplitudes_come_on_a_fixed_grid_after_the_pick(play):
    words = play(shake(200, 100.0, 30.0, 0.5))
    since = [a.since_pick for a in amplitudes(words)]
    assert since[:24] == [0.5 * n for n in range(1, 21)] + [11.0, 12.0, 13.0, 14.0]
    assert since[-1] <= 120.0
    pick = next(w for w in words if isinstance(w, Pick))
    for a in amplitudes(words):
        assert a.pick == pick.id
        assert a.time == pytest.approx(pick.time + a.since_pick, abs=0.006)


def test_they_end_when_motion_is_back_to_the_noise(play):
    last = amplitudes(play(shake(200, 100.0, 30.0, 0.01)))[-1].since_pick
    assert 20.0 <= last < 100.0


def test_peaks_grow_and_are_those_of_the_motion(play):
    found = amplitudes(play(burst(), 2 * burst(seed=2), burst(seed=3), settings=SLOW))
    final = next(a for a in found if a.since_pick == 10.0)
    w = 2 * np.pi / TAU
    assert final.pa_ms2 == pytest.approx(0.1, rel=0.1)
    assert 0.1 / w < final.pv_ms < 2.2 * 0.1 / w  # the integral of a sine begins one-sided
    assert final.pga_ms2 == pytest.approx(0.1 * np.sqrt(6), rel=0.1)
    for name in ("pd_m", "pd3_m", "pv_ms", "pa_ms2", "pga_ms2", "pgv_ms", "intensity_jma"):
        series = [getattr(a, name) for a in found]
        assert series == sorted(series)


def test_without_a_pick_felt_motion_is_told_each_second(play):
    t = np.arange(7000) / 100.0
    noise = 1e-4 * np.random.default_rng(1).standard_normal(7000)
    swell = 1e-3 * np.exp(np.maximum(0.0, t - 30.0) / 10.0) * np.sin(2 * np.pi * t) + noise
    found = amplitudes(play(swell))
    assert found
    assert all(a.pick is None and a.since_pick is None for a in found)
    assert np.diff([a.time for a in found]) == pytest.approx(np.ones(len(found) - 1))
    strongest = 1e-3 * np.exp((found[-1].time - 1.6e9 - 30.0) / 10.0)
    assert found[-1].pga_ms2 == pytest.approx(strongest, rel=0.1)
    assert min(a.intensity_jma for a in found) >= 0.5


def test_silence_is_not_told(play):
    noise = 1e-3 * np.random.default_rng(1).standard_normal(9000)
    assert amplitudes(play(noise, noise, noise)) == []


def test_a_missing_horizontal_delays_but_does_not_stop_amplitudes(play):
    trace = shake(80, 100.0, 30.0, 0.5)
    gone = trace.copy()
    gone[4000:] = np.nan
    whole = amplitudes(play(trace, trace, trace))
    without = amplitudes(play(trace, trace, gone))
    assert len(without) == len(whole)
    assert without[-1].pd_m == whole[-1].pd_m


@pytest.mark.parametrize("limit", [0.2, 0.5])
def test_clipping_is_marked(play, limit):
    trace = shake(60, 100.0, 30.0, 1.0)
    assert not any(a.clipped for a in amplitudes(play(trace)))
    assert any(a.clipped for a in amplitudes(play(np.clip(trace, -limit, limit))))


@pytest.mark.parametrize(("period", "short", "long"), [(1.0, 1.0, 1.2), (10.0, 0.1, 0.6)])
def test_displacement_is_of_long_periods_and_of_those_under_three_seconds(
    play, period, short, long
):
    """Of 1 mm: a slow drift is in the one, and hardly in the other (two poles: a tenth)."""
    t = np.arange(8000) / 100.0
    since = np.maximum(0.0, t - 30.0)
    moved = 1e-3 * np.sin(2 * np.pi * since / period) * (1.0 - np.exp(-since / period))
    crack = shake(80, 100.0, 30.0, 0.02, noise=0.0) * (t < 31.0)
    noise = 1e-6 * np.random.default_rng(2).standard_normal(8000)
    found = amplitudes(play(np.gradient(np.gradient(moved, t), t) + crack + noise, settings=SLOW))
    final = next(a for a in found if a.since_pick == 20.0)
    assert final.pd3_m == pytest.approx(1e-3 * short, abs=1e-4)
    assert final.pd_m == pytest.approx(1e-3 * long, abs=2e-4)


def test_noise_of_both_displacements_is_told(play):
    states = [w for w in play(shake(100, 100.0, 90.0, 0.1)) if isinstance(w, StationState)]
    quiet = states[60]
    assert 0.0 < quiet.noise_pd3_m < quiet.noise_pd_m < quiet.noise_pa_ms2
