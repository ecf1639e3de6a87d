import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.evaluate.bench.tree.herd import admitted_s, reconnected_s

TIMES = st.lists(st.floats(0, 100), min_size=1, max_size=50).map(sorted).map(np.array)


def test_all_at_once_wait_for_each_other():
    assert admitted_s(np.zeros(4), 2.0) == pytest.approx([0.5, 1.0, 1.5, 2.0])


def test_those_who_come_apart_do_not_wait():
    assert admitted_s(np.array([0.0, 5.0, 9.0]), 2.0) == pytest.approx([0.5, 5.5, 9.5])


@given(TIMES, st.floats(0.1, 1000))
def test_it_is_the_queue_of_one_server(arrivals, per_second):
    done, expected = -np.inf, []
    for arrival in arrivals:
        done = max(arrival, done) + 1.0 / per_second
        expected.append(done)
    assert admitted_s(arrivals, per_second) == pytest.approx(expected)


@pytest.mark.parametrize(("jitter", "last"), [(0.0, 10.0), (2.0, 10.0), (40.0, 40.0)])
def test_the_last_waits_for_the_longer_of_jitter_and_admission(jitter, last):
    """10,000 devices at 1,000 a second take 10 s."""
    found = reconnected_s(10_000, jitter, 1000.0, np.random.default_rng(1))
    assert found[-1] == pytest.approx(last, rel=0.02)
    assert np.all(np.diff(found) > 0)
