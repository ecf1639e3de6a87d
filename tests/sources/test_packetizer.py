import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewave.formats.recordings.event_directory import EventInfo, Recording
from forewave.sources.packetizer import Packetizer
from forewave.sources.replay import arrivals
from forewave.types import Packet, StreamId
from tests.sources.test_replay import segment

T0 = 1.6e9


def records(whole, sizes):
    """The same in records of so many samples, and what is left in a last one."""
    begin = 0
    for size in [*sizes, len(whole.samples)]:
        samples = whole.samples[begin : begin + size]
        if len(samples):
            yield Packet(whole.stream, whole.start + begin / whole.rate, whole.rate, samples)
        begin += size


def cut(packet_s, pieces):
    packetizer = Packetizer(packet_s)
    return [*(packet for piece in pieces for packet in packetizer.feed(piece)), *packetizer.end()]


def same(here, there):
    return here.start == there.start and here.samples.tolist() == there.samples.tolist()


@settings(deadline=None)
@given(
    st.floats(0, 1),
    st.lists(st.integers(1, 700), max_size=9),
    st.sampled_from([20.0, 100.0, 200.0]),
    st.floats(0.01, 5),
)
def test_however_it_was_recorded_the_packets_are_those_of_a_replay(offset, sizes, rate, packet_s):
    whole = segment(T0 + offset, 1000, rate)
    replayed = arrivals(Recording(None, EventInfo("x"), (), (whole,), None, ()), packet_s)
    got = cut(packet_s, records(whole, sizes))
    assert len(got) == len(replayed)
    assert all(same(here, there) for here, (_, there) in zip(got, replayed, strict=True))


@pytest.mark.parametrize(
    "second",
    [
        Packet(StreamId("XX", "AAA", "", "HNZ"), T0 + 3.0, 100.0, np.arange(99, dtype=np.int32)),
        Packet(StreamId("XX", "AAA", "", "HNZ"), T0 + 1.0, 100.0, np.arange(99, dtype=np.int32)),
        Packet(StreamId("XX", "AAA", "", "HNZ"), T0 + 2.5, 50.0, np.arange(99, dtype=np.int32)),
        Packet(StreamId("XX", "AAA", "", "HNZ"), T0 + 2.5, 100.0, np.zeros(99, np.float32)),
    ],
    ids=["gap", "overlap", "rate", "kind"],
)
def test_what_does_not_continue_begins_anew(second):
    first = segment(T0, 250)
    got = cut(1.0, [first, second])
    before = [packet for packet in got if packet.rate == 100.0][: len(cut(1.0, [first]))]
    assert all(same(*pair) for pair in zip(before, cut(1.0, [first]), strict=True))
    after = got[len(before) :]
    assert after[0].start == second.start
    assert np.concatenate([p.samples for p in after]).tolist() == second.samples.tolist()
