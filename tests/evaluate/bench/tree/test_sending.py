import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.evaluate.bench.tree.sending import distance_ranks, positions, sent_ms


def test_with_enough_samples_every_client_is_there():
    assert list(positions(5, 5)) == list(positions(5, 9)) == [1, 2, 3, 4, 5]
    assert positions(0, 9).size == 0


@given(st.integers(1, 100_000), st.integers(1, 500))
def test_samples_are_distinct_clients_in_order_and_the_last_is_among_them(clients, samples):
    found = positions(clients, samples)
    assert found[-1] == clients
    assert found[0] >= 1
    assert np.all(np.diff(found) >= 1)
    assert found.size == min(clients, samples)


def test_the_processor_serves_one_client_after_the_other():
    assert list(sent_ms(positions(4, 4), 500.0, 1, 1.0, 1e9)) == [0.5, 1.0, 1.5, 2.0]


def test_a_slow_wire_is_shared_by_the_workers():
    """1,000 bytes to each of 10 clients of 2 workers at 1 Gbit/s: 160 us, however fast they are."""
    assert sent_ms(positions(10, 10), 0.1, 2, 1000.0, 1.0)[-1] == pytest.approx(0.16)


def test_nearest_first_is_the_order_of_distance():
    ranks = distance_ranks(positions(100, 100), "nearest", np.random.default_rng(1))
    assert np.all(np.diff(ranks) > 0)
    assert (ranks[0], ranks[-1]) == pytest.approx((0.005, 0.995))


def test_in_random_order_the_same_distances_stand_anywhere():
    ordered, mixed = (
        distance_ranks(positions(100, 100), order, np.random.default_rng(1))
        for order in ("nearest", "random")
    )
    assert not np.array_equal(ordered, mixed)
    assert np.array_equal(ordered, np.sort(mixed))
