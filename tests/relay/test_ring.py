import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.formats.protocols.seedlink import FrameReader
from forewave.formats.waveforms import miniseed
from forewave.relay.ring import Ring
from forewave.types import Packet, StreamId


def packet(samples, station="ABC", start=1.7e9):
    return Packet(StreamId("XX", station, "00", "HHZ"), start, 100.0, samples)


def decoded(version, entries, form=""):
    reader = FrameReader(version)
    wire = b"".join(entry.as_3 if version == 3 else entry.as_4(form) for entry in entries)
    frames = list(reader.feed(wire))
    return frames, [p for frame in frames for p in miniseed.packets(frame.payload)[0]]


wild = st.one_of(
    st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1, max_size=500).map(
        lambda values: np.array(values, np.int32)
    ),
    st.lists(st.floats(width=32, allow_nan=False), min_size=1, max_size=300).map(
        lambda values: np.array(values, np.float32)
    ),
    st.lists(st.floats(allow_nan=False), min_size=1, max_size=300).map(
        lambda values: np.array(values, np.float64)
    ),
)


@given(wild, st.sampled_from([(3, ""), (4, ""), (4, "2"), (4, "3")]))
def test_every_entry_is_one_record_whatever_the_samples(samples, asked):
    entries = list(Ring().add(packet(samples)))
    frames, packets = decoded(asked[0], entries, asked[1])
    assert len(frames) == len(packets) == len(entries)
    assert [frame.sequence for frame in frames] == list(range(1, len(entries) + 1))
    np.testing.assert_array_equal(np.concatenate([p.samples for p in packets]), samples)
    starts = [1.7e9 + sum(len(p.samples) for p in packets[:n]) / 100 for n in range(len(packets))]
    assert [p.start for p in packets] == pytest.approx(starts, abs=1e-5)


def test_stations_count_for_themselves():
    ring = Ring()
    entries = [
        entry
        for station in ("ABC", "DEF", "ABC")
        for entry in ring.add(packet(np.zeros(10, np.int32), station))
    ]
    assert [(e.number, e.station, e.sequence) for e in entries] == [
        (0, "XX_ABC", 1),
        (1, "XX_DEF", 1),
        (2, "XX_ABC", 2),
    ]


def test_the_oldest_go_and_sequences_go_on():
    ring = Ring(limit=3)
    for n in range(10):
        list(ring.add(packet(np.zeros(10, np.int32), "ABC" if n % 2 else "DEF")))
    assert (ring.first, ring.next) == (7, 10)
    assert [e.sequence for e in ring.stations["XX_ABC"]] == [4, 5]
    assert [e.sequence for e in ring.stations["XX_DEF"]] == [5]
    with pytest.raises(KeyError):
        ring.get(6)


LONG = (
    StreamId("XX", "TOOLONG", "00", "HHZ"),
    StreamId("XX", "ABC", "LOC", "HHZ"),
    StreamId("XX", "ABC", "00", "B_10_Z"),
    StreamId("NET", "ABC", "00", "HHZ"),
)


@pytest.mark.parametrize("stream", LONG)
def test_a_name_that_is_too_long_goes_by_version_4_only_and_as_miniseed_3(stream):
    (entry,) = Ring().add(Packet(stream, 1.7e9, 100.0, np.zeros(10, np.int32)))
    assert entry.as_3 == entry.as_4("2") == b""
    assert entry.as_4() == entry.as_4("3")
    assert entry.as_4()[2:4] == b"3D"


def test_version_4_sends_miniseed_2_unless_it_is_asked_for_3():
    (entry,) = Ring().add(packet(np.arange(10, dtype=np.int32)))
    assert [entry.as_4(form)[2:4] for form in ("", "2", "3")] == [b"2D", b"2D", b"3D"]
    (frame,) = FrameReader(4).feed(entry.as_4())
    assert frame.payload[6:7] in b"DRQM"
    assert frame.payload == entry.as_3[8:]
