import numpy as np

from forewave.stations.sample_grid import begin
from forewave.types import Packet, StreamId

STREAM = StreamId("XX", "MADE", "", "HNZ")


def packet(start, count, rate=100.0):
    return Packet(STREAM, start, rate, np.arange(count, dtype=np.int32))


def test_packets_that_follow_each_other_are_one():
    clock = begin(packet(1000.0, 100), 100.0, None)
    first = clock.head
    for second in range(3):
        placed = clock.place(packet(1000.0 + second, 100))
        assert (placed.missing, placed.known, placed.restart) == (0, 0, None)
    assert clock.head - first == 300
    assert clock.at(clock.head) == 1003.0


def test_a_gap_is_nan_and_moves_the_clock():
    clock = begin(packet(1000.0, 100), 100.0, None)
    clock.place(packet(1000.0, 100))
    placed = clock.place(packet(1001.5, 10))
    assert placed.missing == 50
    assert np.isnan(placed.samples).sum() == 50
    assert clock.at(clock.head) == 1001.6


def test_what_was_there_is_cut_off():
    clock = begin(packet(1000.0, 100), 100.0, None)
    clock.place(packet(1000.0, 100))
    overlap = clock.place(packet(1000.9, 100))
    assert overlap.known == 10
    assert overlap.samples[0] == 10
    duplicate = clock.place(packet(1000.0, 100))
    assert (duplicate.known, len(duplicate.samples)) == (100, 0)
    assert clock.at(clock.head) == 1001.9


def test_jitter_below_half_a_sample_is_nothing():
    clock = begin(packet(1000.0, 100), 100.0, None)
    clock.place(packet(1000.0, 100))
    placed = clock.place(packet(1001.004, 100))
    assert (placed.missing, placed.known) == (0, 0)


def test_a_clock_that_drifts_is_followed():
    clock = begin(packet(1000.0, 100), 100.0, None)
    for second in range(200):
        clock.place(packet(1000.0 + second * 1.0001, 100))
    assert abs(clock.at(clock.head) - 1200.02) < 0.01


def test_after_more_than_a_minute_all_begins_anew():
    clock = begin(packet(1000.0, 100), 100.0, None)
    clock.place(packet(1000.0, 100))
    placed = clock.place(packet(1100.0, 100))
    assert placed.restart == clock.head - 100
    assert not np.isnan(placed.samples).any()


def test_components_share_a_grid():
    clock = begin(packet(1000.0, 100), 100.0, None)
    beside = begin(packet(1000.503, 100), 100.0, clock)
    assert beside.head - clock.head == 50
