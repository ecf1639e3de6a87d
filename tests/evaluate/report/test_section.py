import numpy as np
import pytest

from forewave.evaluate.report.section import BINS, outline, traces


def test_traces_by_distance_with_their_picks(evaluated):
    actual = traces(*evaluated)
    assert len(actual) == 32  # of 36
    assert [t.distance_km for t in actual] == sorted(t.distance_km for t in actual)
    assert all(np.abs(t.motion).max() == pytest.approx(1.0) for t in actual)
    nearest = actual[0]
    assert any(abs(pick - nearest.p_s) < 2 for pick in nearest.picks)
    assert nearest.seconds[0] >= -5.0


def test_an_outline_keeps_the_extremes():
    seconds = np.arange(100_000.0)
    motion = np.sin(seconds)
    motion[77_777] = 5.0
    thin_s, thin = outline(seconds, motion)
    assert len(thin) == len(thin_s) == 2 * BINS
    assert thin.max() == 5.0
    assert thin.min() == motion.min()


def test_a_short_record_is_left_as_it_is():
    seconds = np.arange(10.0)
    assert outline(seconds, seconds)[0] is seconds


def test_noise_has_no_section(quiet_set):
    from forewave.archive import travel_time
    from forewave.evaluate.report.case import evaluate_folder
    from forewave.evaluate.report.scoreboard import DRILL

    assert traces(*evaluate_folder(quiet_set, DRILL, travel_time.load())) == []
