from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forewave.formats.recordings.event_directory import EventInfo, Receipt, Recording, read
from forewave.sources.replay import arrivals
from forewave.types import Packet, StreamId

STREAM = StreamId("XX", "AAA", "", "HNZ")
T0 = 1.6e9


def recording(segments, receipts=None):
    return Recording(Path("x"), EventInfo("x"), (), tuple(segments), receipts, ())


def segment(start=T0, count=1000, rate=100.0, stream=STREAM):
    return Packet(stream, start, rate, np.arange(count, dtype=np.int32))


def last_sample(packet):
    return packet.start + (len(packet.samples) - 1) / packet.rate


@settings(deadline=None)
@given(
    st.floats(0, 1), st.integers(1, 2000), st.floats(20, 500), st.floats(0.01, 5), st.floats(0, 3)
)
def test_every_sample_comes_once_and_in_order(offset, count, rate, packet_s, latency):
    whole = segment(T0 + offset, count, rate)
    got = arrivals(recording([whole]), packet_s, latency)
    samples = np.concatenate([packet.samples for _, packet in got])
    np.testing.assert_array_equal(samples, whole.samples)
    done = 0
    for time, packet in got:
        assert time == pytest.approx(last_sample(packet) + latency, abs=1e-5)
        assert packet.start == pytest.approx(whole.start + done / rate, abs=1e-5)
        assert len(packet.samples) <= max(1, round(packet_s * rate))
        done += len(packet.samples)


def test_samples_are_views():
    whole = segment()
    assert all(np.shares_memory(p.samples, whole.samples) for _, p in arrivals(recording([whole])))


def test_ties_have_a_fixed_order():
    streams = [StreamId("XX", code, "", "HNZ") for code in "CAB"]
    segments = [segment(stream=s) for s in streams]
    got = arrivals(recording(segments))
    assert got == sorted(got, key=lambda pair: (pair[0], pair[1].stream))
    again = arrivals(recording(segments[::-1]))
    assert [(t, p.stream, p.start) for t, p in got] == [(t, p.stream, p.start) for t, p in again]


def test_packets_arrive_as_they_were_received():
    last = [T0 + 2.99, T0 + 5.99, T0 + 9.99]
    received = [T0 + 5.0, T0 + 20.0, T0 + 10.5]
    receipts = tuple(
        Receipt("XX.AAA", a, b, n) for a, b, n in zip(last, received, (300, 300, 400), strict=True)
    )
    got = arrivals(recording([segment()], receipts))
    assert [(t, len(p.samples)) for t, p in got] == [
        (received[0], 300),
        (received[2], 400),
        (received[1], 300),
    ]


def test_samples_without_a_receipt_arrive_after_the_latency():
    receipts = (
        Receipt("XX.AAA", T0 + 2.99, T0 + 3.2, 300),
        Receipt("XX.AAA", T0 + 500.0, T0 + 501.0, 100),
        Receipt("XX.BBB", T0 + 1.0, T0 + 2.0, 100),
    )
    got = arrivals(recording([segment()], receipts), latency=0.7)
    assert [len(p.samples) for _, p in got] == [300, 700]
    assert got[0][0] == T0 + 3.2
    assert got[1][0] == pytest.approx(T0 + 9.99 + 0.7)


@pytest.mark.parametrize("packet_s", [0.0, -1.0, float("nan")])
def test_a_packet_has_a_length(packet_s):
    with pytest.raises(ValueError, match="packet_s"):
        arrivals(recording([segment()]), packet_s)


def test_recorded_packets_are_found_again(recordings):
    mexico = read(recordings / "openeew-mx-20180216T233939")
    got = arrivals(mexico)
    sizes = np.array([len(p.samples) for _, p in got])
    assert abs(len(got) - 3 * len(mexico.receipts)) < 10
    assert np.mean(np.abs(sizes - 32) <= 1) > 0.999
    assert sizes.sum() == sum(len(s.samples) for s in mexico.segments)
    delays = np.array([time - last_sample(p) for time, p in got])
    assert -1.0 < np.median(delays) < 5.0
