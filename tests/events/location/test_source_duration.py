import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.events.location.source_duration import YOUNGEST, half_duration, visible_magnitude


def test_half_durations_are_the_papers():
    """Ten times as long for two magnitudes, as moment to the power of a third."""
    assert half_duration(5.0) == 0.74
    assert half_duration(7.0) == pytest.approx(7.4)
    assert half_duration(9.0) == pytest.approx(74.0)


@given(st.floats(4.1, 9.5))
def test_one_shows_itself_when_its_half_duration_has_passed(magnitude):
    assert visible_magnitude(half_duration(magnitude)) == pytest.approx(magnitude)


def test_at_once_a_small_one_is_visible():
    assert visible_magnitude(0.0) == visible_magnitude(YOUNGEST) == pytest.approx(4.06, abs=0.01)
