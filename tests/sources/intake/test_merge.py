from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.sources.intake.merge import ALIVE, HELD, STUCK, Merge, end_of
from forewave.types import Packet, StreamId

STREAM = StreamId("XX", "ABC", "", "HHZ")
T0 = 1_700_000_000.0
RATE = 100.0


def piece(first, count, stream=STREAM, rate=RATE):
    """A packet whose samples are their own numbers, so that any mistake shows."""
    return Packet(stream, T0 + first / rate, rate, np.arange(first, first + count, dtype=np.int32))


def numbers(packets):
    return [int(x) for packet in packets for x in packet.samples]


def now_of(packet, latency=0.2):
    return end_of(packet) + latency


def test_with_one_source_everything_is_given_on_at_once_gaps_too():
    merge = Merge()
    for first in (0, 100, 300, 400):
        packet = piece(first, 100)
        assert merge.feed("a", packet, now_of(packet)) == [packet]
    assert merge.deadline() is None
    assert merge.counts == {"gap": 1}


def test_the_first_packet_wins():
    merge = Merge()
    packet = piece(0, 100)
    assert merge.feed("a", packet, T0 + 1.2) == [packet]
    assert merge.feed("b", piece(0, 100), T0 + 1.3) == []
    assert merge.counts == {"repeated": 1}


def test_a_gap_is_filled_from_the_other_and_order_is_kept():
    merge = Merge()
    merge.feed("a", piece(0, 100), T0 + 1.2)
    merge.feed("b", piece(0, 100), T0 + 1.4)
    assert merge.feed("a", piece(200, 100), T0 + 3.2) == []
    assert merge.deadline() == pytest.approx(T0 + 4.2)
    out = merge.feed("b", piece(100, 100), T0 + 3.4)
    assert numbers(out) == list(range(100, 300))
    assert merge.deadline() is None
    assert merge.counts["filled"] == 1


def test_a_gap_that_both_have_holds_nothing_up_longer_than_the_slower_source():
    merge = Merge()
    for source in "ab":
        merge.feed(source, piece(0, 100), T0 + 1.2)
    assert merge.feed("a", piece(200, 100), T0 + 3.2) == []
    assert numbers(merge.feed("b", piece(200, 100), T0 + 3.3)) == list(range(200, 300))
    assert merge.deadline() is None


def test_waiting_for_the_other_ends():
    merge = Merge(patience=1.0)
    for source in "ab":
        merge.feed(source, piece(0, 100), T0 + 1.2)
    merge.feed("a", piece(200, 100), T0 + 3.2)
    assert merge.tick(T0 + 4.1) == []
    assert numbers(merge.tick(T0 + 4.2)) == list(range(200, 300))
    assert numbers(merge.feed("a", piece(300, 100), T0 + 4.3)) == list(range(300, 400))
    assert merge.counts["held too long"] == 1


def test_a_source_that_has_gone_is_not_waited_for():
    merge = Merge()
    merge.feed("b", piece(0, 100), T0 + 1.2)
    merge.feed("a", piece(100, 100), T0 + 2.2)
    later = T0 + 1.2 + ALIVE
    assert merge.feed("a", piece(1000, 100), later) != []


def test_the_part_of_a_packet_that_is_known_is_cut_off():
    merge = Merge()
    merge.feed("a", piece(0, 100), T0 + 1.2)
    (rest,) = merge.feed("b", piece(50, 100), T0 + 1.7)
    assert numbers([rest]) == list(range(100, 150))
    assert rest.start == pytest.approx(T0 + 1.0)


def test_one_time_from_the_future_does_not_make_the_rest_look_old():
    merge = Merge()
    merge.feed("a", piece(0, 100), T0 + 1.2)
    wrong = piece(10_000, 100)
    assert merge.feed("a", wrong, T0 + 2.2) == (wrong,)
    assert numbers(merge.feed("a", piece(100, 100), T0 + 2.3)) == list(range(100, 200))
    assert merge.counts["ahead"] == 1


def test_a_clock_that_was_set_back_silences_the_station_for_a_while_only():
    merge = Merge()
    merge.feed("a", piece(0, 100), T0 + 1.2)
    back = -360_000  # an hour
    seconds = range(1, 2 + int(STUCK))
    given = [merge.feed("a", piece(back + 100 * s, 100), T0 + 1.2 + s) for s in seconds]
    assert not any(given[:-1])
    assert given[-1]
    assert merge.counts["clock set back"] == 1


def test_a_change_of_rate_begins_anew():
    merge = Merge()
    merge.feed("a", piece(0, 100), T0 + 1.2)
    slower = piece(0, 50, rate=50.0)
    assert merge.feed("a", slower, T0 + 1.3) == [slower]


def test_what_is_held_is_bounded():
    merge = Merge(patience=1e9)
    for source in "ab":
        merge.feed(source, piece(0, 10), T0 + 1.2)
    out = [merge.feed("a", piece(20 + 10 * n, 10), T0 + 2.0) for n in range(HELD + 1)]
    assert [len(each) for each in out] == [0] * HELD + [HELD + 1]


def test_a_gap_given_up_is_one_gap_and_later_ones_still_wait():
    merge = Merge(patience=1.0)
    for source in "ab":
        merge.feed(source, piece(0, 100), T0 + 1.2)
    merge.feed("a", piece(200, 100), T0 + 3.2)
    merge.feed("a", piece(400, 100), T0 + 3.9)
    assert numbers(merge.tick(T0 + 4.2)) == list(range(200, 300))
    assert merge.deadline() == pytest.approx(T0 + 4.9)
    assert numbers(merge.feed("b", piece(300, 100), T0 + 4.4)) == list(range(300, 500))


def test_streams_that_are_remembered_are_bounded():
    merge = Merge(streams=2)
    for n in range(5):
        merge.feed("a", piece(0, 100, StreamId("XX", f"S{n}", "", "HHZ")), T0 + 1.2)
    assert merge.feed("a", piece(0, 100, StreamId("XX", "S4", "", "HHZ")), T0 + 1.3) == []
    assert merge.feed("a", piece(0, 100, StreamId("XX", "S0", "", "HHZ")), T0 + 1.3) != []


@dataclass(frozen=True)
class Feed:
    """One server's way: where it cuts, which packets it loses, how late each comes."""

    cuts: list
    lost: set
    latency: list


def feeds(total=600):
    cuts = st.lists(st.integers(1, total - 1), min_size=3, max_size=12, unique=True).map(sorted)
    latency = st.lists(st.floats(0.0, 2.0), min_size=13, max_size=13)
    return st.builds(Feed, cuts, st.sets(st.integers(0, 12), max_size=4), latency)


def arrivals(source, feed, total=600):
    """(now, source, packet) of one server, in its order: TCP never overtakes itself."""
    edges = [0, *feed.cuts, total]
    out, latest = [], 0.0
    for n, (first, last) in enumerate(pairwise(edges)):
        packet = piece(first, last - first)
        latest = max(latest, end_of(packet) + feed.latency[n])
        if n not in feed.lost:
            out.append((latest, source, packet))
    return out


def merged(events, patience):
    merge, out = Merge(patience), []
    for now, source, packet in events:
        while (due := merge.deadline()) is not None and due < now:
            out += merge.tick(due)
        out += merge.feed(source, packet, now)
    while (due := merge.deadline()) is not None:
        out += merge.tick(due)
    return out


@given(feeds(), feeds(), st.floats(0.1, 3.0))
def test_samples_come_out_in_order_and_none_twice(one, two, patience):
    events = sorted(arrivals("a", one) + arrivals("b", two), key=lambda each: each[0])
    out = merged(events, patience)
    assert numbers(out) == sorted(set(numbers(out)))
    for packet in out:
        assert (packet.start - T0) * RATE == pytest.approx(packet.samples[0], abs=0.01)


@given(feeds(), feeds())
def test_whatever_one_of_two_sources_has_comes_out_if_it_is_waited_for(one, two):
    both = [(T0, "a", piece(-10, 10)), (T0, "b", piece(-10, 10))]
    events = both + sorted(arrivals("a", one) + arrivals("b", two), key=lambda each: each[0])
    had = {n for _, _, packet in events for n in packet.samples.tolist()}
    assert set(numbers(merged(events, 1e9))) == had


@given(feeds(), st.floats(0.1, 3.0))
def test_a_second_source_that_repeats_the_first_changes_nothing(feed, patience):
    once = arrivals("a", feed)
    twice = sorted(once + [(at, "b", packet) for at, _, packet in once], key=lambda e: e[0])
    assert numbers(merged(twice, patience)) == numbers(merged(once, patience))


def test_what_was_given_on_by_another_process_does_not_come_again():
    merge = Merge()
    for first in (0, 100):
        merge.resume(piece(first, 100), now_of(piece(first, 100)))
    assert merge.feed("a", piece(100, 100), T0 + 4.0) == []
    assert numbers(merge.feed("a", piece(150, 100), T0 + 4.0)) == [*range(200, 250)]
    assert merge.counts == {"repeated": 1, "overlap": 1}
    assert merge.deadline() is None


def test_after_a_gap_of_another_process_nothing_is_waited_for():
    merge = Merge()
    merge.resume(piece(0, 100), T0 + 1.2)
    assert numbers(merge.feed("a", piece(400, 100), T0 + 5.2)) == [*range(400, 500)]
    assert merge.counts == {"gap": 1}


def test_a_packet_from_the_future_teaches_nothing_to_those_that_come_after():
    merge = Merge()
    merge.resume(piece(0, 100), T0 - 60.0)
    assert numbers(merge.feed("a", piece(0, 100), T0 + 1.2)) == [*range(100)]


def test_where_a_station_is_is_where_its_last_stream_that_is_alive_is():
    merge, east = Merge(), StreamId("XX", "ABC", "", "HHE")
    silent = StreamId("XX", "DEF", "", "HHZ")
    merge.feed("a", piece(0, 100, silent), T0 + 1.2)
    merge.feed("a", piece(0, 300), T0 + 20.0)
    merge.feed("a", piece(0, 200, east), T0 + 20.0)
    assert merge.ends(T0 + 20.5) == {"XX.ABC": T0 + 2.0}
    assert merge.ends(T0 + 20.0 + ALIVE) == {}
