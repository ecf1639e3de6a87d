"""Times of periodic updates: whole multiples of a step."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.schedule import next_update

TIMES = st.floats(0.0, 4e9)


@pytest.mark.parametrize(
    ("after", "step", "expected"),
    [(10.0, 1.0, 11.0), (10.2, 1.0, 11.0), (10.2, 0.5, 10.5), (-0.1, 1.0, 0.0)],
)
def test_the_next_whole_multiple(after, step, expected):
    assert next_update(after, step) == expected


def test_what_never_was_is_due_at_once():
    assert next_update(-math.inf, 1.0) == -math.inf


@given(TIMES, st.sampled_from([0.5, 1.0]))
def test_it_is_later_and_no_more_than_a_step(after, step):
    found = next_update(after, step)
    assert after < found <= after + step
    assert found % step == 0.0


@given(TIMES, st.floats(0.0, 0.01))
def test_a_little_later_is_the_same_beat_unless_one_lies_between(after, late):
    whole = math.floor(after + late) > math.floor(after)
    assert next_update(after + late, 1.0) == next_update(after, 1.0) + whole
