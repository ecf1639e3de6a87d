import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from forewave.formats.waveforms.segments import join, without_outliers
from forewave.types import Packet, StreamId

STREAM = StreamId("XX", "ABC", "", "HNZ")
RATE = 100.0
T0 = 1.6e9
WHOLE = np.arange(1000, dtype=np.int32)


def piece(begin, end, shift=0.0):
    return Packet(STREAM, T0 + begin / RATE + shift, RATE, WHOLE[begin:end])


@given(
    st.lists(st.integers(1, 999), max_size=12, unique=True).map(sorted),
    st.randoms(use_true_random=False),
)
def test_any_cuts_in_any_order_join_to_the_whole(cuts, order):
    borders = [0, *cuts, 1000]
    pieces = [piece(a, b) for a, b in itertools.pairwise(borders)]
    order.shuffle(pieces)
    (joined,), dropped = join(pieces)
    assert dropped == []
    assert joined.start == T0
    np.testing.assert_array_equal(joined.samples, WHOLE)


def test_a_gap_begins_a_new_segment():
    joined, _ = join([piece(0, 400), piece(405, 1000)])
    assert [len(p.samples) for p in joined] == [400, 595]


@given(st.floats(-0.0049, 0.0049))
def test_jitter_below_half_a_sample_does_not(jitter):
    joined, dropped = join([piece(0, 500), piece(500, 1000, jitter)])
    assert [len(p.samples) for p in joined] == [1000]
    assert dropped == []


def test_small_steps_of_time_do_not_add_up():
    slow = [piece(i, i + 10, i / 10 * 0.001) for i in range(0, 1000, 10)]
    joined, _ = join(slow)
    for part in joined:
        first = int(part.samples[0])
        true = T0 + (first + len(part.samples)) / RATE + first // 10 * 0.001
        assert abs(part.start + len(part.samples) / RATE - true) < 0.03
    assert len(joined) > 5


def test_repeated_samples_are_counted_and_kept_once():
    (joined,), (dropped,) = join([piece(0, 600), piece(300, 500), piece(550, 1000), piece(0, 600)])
    np.testing.assert_array_equal(joined.samples, WHOLE)
    assert dropped.source == str(STREAM)
    assert dropped.detail.startswith("850 ")


def test_another_rate_begins_a_new_segment():
    joined, _ = join([piece(0, 500), Packet(STREAM, T0 + 5, 50.0, WHOLE[:100])])
    assert [p.rate for p in joined] == [100.0, 50.0]


def test_a_packet_of_another_year_is_left_out():
    pieces = [piece(0, 100), piece(100, 200, -3e7), piece(200, 300), piece(300, 400, 3e7)]
    kept, dropped = without_outliers(pieces)
    assert kept == [pieces[0], pieces[2]]
    assert [d.reason for d in dropped] == ["time far from all others"] * 2
