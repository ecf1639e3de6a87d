import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.shaking.intensity import worden_2012
from forewave.shaking.observed import NOT_FELT, VECTOR, Observed
from forewave.types import Amplitude, StationState

P, S, KM = np.array([10.0, 20.0]), np.array([17.0, 35.0]), 5.0  # passed at 22 and 40


def amplitude(time, pga_ms2=0.5, pgv_ms=0.05, since_pick=None, station="ST.A", clipped=False):
    nan = float("nan")
    pick = None if since_pick is None else "pick"
    peaks = (nan, nan, nan, pga_ms2, pgv_ms, nan)
    return Amplitude(station, time, pick, since_pick, *peaks, clipped)


def state(latest, station="ST.A", health="good"):
    return StationState(station, latest, 0.5, health, 0.001, 1e-6)


def seen(*words, others=False):
    room = Observed(["ST.A", "ST.B"])
    for word in words:
        room.note(word)
    return room.of(P, S, KM, others)


def test_the_strongest_motion_is_kept_as_the_larger_horizontals_mmi():
    found = seen(amplitude(16.0, 0.3, 0.01), amplitude(18.0, 0.9, 0.08), amplitude(19.0, 0.2, 0.01))
    expected = worden_2012.from_pga(0.9 / VECTOR) + worden_2012.from_pgv(0.08 / VECTOR)
    assert found.mmi[0] == pytest.approx(expected / 2)
    assert np.isnan(found.mmi[1])


def test_it_has_settled_when_s_has_passed_and_not_before():
    assert seen(amplitude(18.0)).settled.tolist() == [False, False]
    assert seen(amplitude(18.0), state(21.9)).settled.tolist() == [False, False]
    assert seen(amplitude(18.0), state(22.1)).settled.tolist() == [True, False]
    assert seen(amplitude(18.0)).begun.tolist() == [True, False]
    assert seen(amplitude(14.0)).begun.tolist() == [False, False]


def test_a_station_that_works_and_saw_nothing_says_so():
    quiet = seen(state(60.0, "ST.B"))
    assert quiet.mmi[1] == NOT_FELT
    assert quiet.settled[1]
    assert np.isnan(seen(state(30.0, "ST.B")).mmi[1])
    assert np.isnan(seen(state(60.0, "ST.B", "stuck")).mmi[1])


def test_an_earlier_earthquakes_motion_is_not_this_ones():
    before = amplitude(8.0, 2.0, 0.2, since_pick=3.0)
    assert np.isnan(seen(before, state(30.0)).mmi[0])
    grown = seen(before, amplitude(18.0, 3.0, 0.3, since_pick=13.0))
    assert grown.mmi[0] > 7.0
    assert np.isnan(seen(before, amplitude(18.0, 1.0, 0.1)).mmi[0])


def test_a_later_or_other_earthquakes_motion_is_not_this_ones():
    assert np.isnan(seen(amplitude(80.0)).mmi[0])
    assert np.isnan(seen(amplitude(18.0), others=np.array([True, False])).mmi[0])


def test_an_old_peak_is_forgotten_when_a_new_measurement_begins():
    room = Observed(["ST.A"])
    room.note(amplitude(5.0, 4.0, 0.4))
    room.note(amplitude(90.0, 0.2, 0.02))
    found = room.of(np.array([80.0]), np.array([85.0]), KM)
    assert found.mmi[0] == pytest.approx(
        (worden_2012.from_pga(0.2 / VECTOR) + worden_2012.from_pgv(0.02 / VECTOR)) / 2
    )


def test_a_clipped_peak_is_only_the_least():
    assert not seen(amplitude(18.0, clipped=True), state(60.0)).settled[0]


def test_whether_it_was_news():
    room = Observed(["ST.A"])
    assert room.note(amplitude(1.0))
    assert not room.note(amplitude(2.0))
    assert room.note(state(3.0))
    assert not room.note(amplitude(4.0, 9.0, 9.0, station="ST.X"))


@given(
    st.lists(
        st.tuples(
            st.floats(0, 100) | st.just(float("nan")),
            st.floats(-1e9, 1e9) | st.just(float("nan")),
            st.floats(0, 1e3),
        )
    )
)
def test_absurd_words_break_nothing(words):
    room = Observed(["ST.A"])
    for time, pga_ms2, pgv_ms in words:
        room.note(amplitude(time, pga_ms2, pgv_ms))
    found = room.of(P[:1], S[:1], KM)
    assert np.isnan(found.mmi[0]) or 2.0 <= found.mmi[0] <= 10.0
