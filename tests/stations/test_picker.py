import numpy as np
import pytest

from forewave.stations.settings import DetectorSettings
from forewave.types import Amplitude, Pick, PickWithdrawn
from tests.stations.signals import shake


def picks(words):
    return [w for w in words if isinstance(w, Pick)]


def times(words):
    return [w.time - 1.6e9 for w in picks(words)]


@pytest.mark.parametrize("rate", [31.3213, 100.0])
@pytest.mark.parametrize("seed", [1, 2])
def test_no_pick_in_half_an_hour_of_noise(play, rate, seed):
    noise = np.random.default_rng(seed).standard_normal(round(1800 * rate))
    assert picks(play(2.5e-3 * noise, rate=rate)) == []


def test_noise_that_grows_slowly_is_no_pick(play):
    t = np.arange(60_000) / 100.0
    noise = np.random.default_rng(1).standard_normal(len(t))
    assert picks(play(1e-3 * noise * np.exp(t / 200.0))) == []


def test_a_mainshock_in_the_coda_of_a_foreshock_is_picked(play):
    fore = shake(90, 100.0, 30.0, 2e-3)
    main = shake(90, 100.0, 41.6, 2.0, noise=0.0, seed=7)
    assert times(play(fore + main)) == pytest.approx([30.0, 41.6], abs=0.15)


def test_a_much_larger_arrival_within_the_hold_off_is_picked(play):
    fore = shake(90, 100.0, 30.0, 2e-3)
    main = shake(90, 100.0, 36.0, 2.0, noise=0.0, seed=7)
    assert times(play(fore + main)) == pytest.approx([30.0, 36.0], abs=0.15)


def test_the_next_earthquake_is_picked_when_motion_has_come_back(play):
    both = shake(150, 100.0, 30.0, 0.1) + shake(150, 100.0, 110.0, 0.1, noise=0.0, seed=8)
    assert times(play(both)) == pytest.approx([30.0, 110.0], abs=0.15)


def test_nothing_is_picked_while_settling(play):
    assert times(play(shake(60, 100.0, 3.0, 0.5))) == []


def test_motion_too_small_to_matter_is_no_pick(play):
    tiny = shake(60, 100.0, 30.0, 1e-5, noise=1e-8)
    assert times(play(tiny)) == []
    assert len(times(play(tiny, settings=DetectorSettings(least_pa_ms2=0.0)))) == 1


@pytest.mark.parametrize("seed", [2, 3, 4, 5, 6])
def test_it_is_decided_in_three_tenths_of_a_second(play, seed):
    trace = shake(31, 100.0, 30.0, 0.05, seed=seed)
    assert len(times(play(trace[:3030], seconds=0.1))) == 1


def slow(seconds, onset, peak, hz=1.3, seed=3):
    """A distant P: low, and begun softly, as what has come through the mantle is."""
    t = np.arange(round(seconds * 100.0)) / 100.0
    since = (t - onset).clip(0)
    wave = np.sin(2 * np.pi * hz * since) + np.sin(2 * np.pi * 0.6 * hz * since)
    return peak * wave * (1.0 - np.exp(-since)) ** 2 * np.exp(-since / 20.0)


def test_what_is_slow_is_no_pick_and_a_local_p_on_top_of_it_is(play):
    distant = slow(90, 30.0, 0.03) + shake(90, 100.0, 80.0, 1e-9, noise=3e-4)
    assert times(play(distant)) == []
    local = shake(90, 100.0, 45.0, 0.03, noise=0.0, seed=7)
    assert times(play(distant + local)) == pytest.approx([45.0], abs=0.15)


def test_a_pick_whose_motion_turns_out_to_be_slow_is_taken_back_after_two_seconds(play):
    """A crack at its beginning is all that is of high frequency; the local P is picked after."""
    crack = shake(90, 100.0, 30.0, 3e-3, noise=3e-4) * (np.arange(9000) < 3040)
    quiet = 3e-4 * np.random.default_rng(5).standard_normal(9000) * (np.arange(9000) >= 3040)
    distant = crack + quiet + slow(90, 30.0, 0.1)
    words = play(distant + shake(90, 100.0, 36.0, 0.1, noise=0.0, seed=7))
    first, second = picks(words)
    (back,) = [w for w in words if isinstance(w, PickWithdrawn)]
    assert (back.pick, back.station, back.time) == (first.id, first.station, first.time)
    assert second.time - 1.6e9 == pytest.approx(36.0, abs=0.15)
    assert second.noise_pd3_m > 0.0
    peaks = [w for w in words if isinstance(w, Amplitude) and w.pick == first.id]
    assert all(peak.since_pick <= 2.5 for peak in peaks)


def test_what_a_clipped_sensor_makes_is_no_onset(play):
    swell = np.clip(slow(90, 30.0, 1.0), -0.3, 0.3)
    noise = 1e-5 * np.random.default_rng(5).standard_normal(9000) * (np.abs(swell) < 0.3)
    assert all(abs(time - 30.0) < 2.0 for time in times(play(swell + noise)))
