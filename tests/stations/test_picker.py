import numpy as np
import pytest

from forewave.stations.settings import DetectorSettings
from forewave.types import Pick
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


def test_a_stronger_onset_scores_higher(play):
    scores = [picks(play(shake(60, 100.0, 30.0, peak)))[0].score for peak in (1e-3, 5e-3, 0.5)]
    assert scores == sorted(scores)
    assert 0.0 < scores[0] < scores[-1] <= 1.0


@pytest.mark.parametrize("seed", [2, 3, 4, 5, 6])
def test_it_is_decided_in_three_tenths_of_a_second(play, seed):
    trace = shake(31, 100.0, 30.0, 0.05, seed=seed)
    assert len(times(play(trace[:3030], seconds=0.1))) == 1
