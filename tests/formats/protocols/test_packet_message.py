import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from forewave.formats.protocols import packet_message
from forewave.formats.waveforms import miniseed
from forewave.types import Packet, StreamId

STREAM = StreamId("XX", "ABC", "00", "HNZ")
FINITE = {"allow_nan": False, "allow_infinity": False}
MESSAGE = {"stream": "XX.ABC.00.HNZ", "start": 1.6e9, "rate": 100, "samples": [1, 2, 3]}


def reasons(data):
    received = packet_message.read(data)
    assert received.packets == []
    return [word.reason for word in received.dropped]


@given(
    st.one_of(
        arrays.arrays(np.int32, st.integers(1, 50)),
        arrays.arrays(np.float64, st.integers(1, 50), elements=FINITE),
    )
)
def test_what_is_written_is_read(samples):
    data = packet_message.encode(Packet(STREAM, 1.6e9, 100.0, samples), received=1.6e9 + 1)
    received = packet_message.read(data)
    assert (received.dropped, received.received) == ([], 1.6e9 + 1)
    (packet,) = received.packets
    assert (packet.stream, packet.start, packet.rate) == (STREAM, 1.6e9, 100.0)
    np.testing.assert_array_equal(packet.samples, samples)


def test_whole_numbers_stay_counts():
    (packet,) = packet_message.read(json.dumps(MESSAGE).encode()).packets
    assert packet.samples.dtype == np.int32


def test_miniseed_is_taken_as_it_is():
    piece = Packet(STREAM, 1.6e9, 100.0, np.arange(100, dtype=np.int32))
    received = packet_message.read(miniseed.encode([piece]))
    assert received.dropped == []
    np.testing.assert_array_equal(received.packets[0].samples, piece.samples)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"samples": []}, "empty packet"),
        ({"samples": ["a"]}, "not a packet"),
        ({"rate": 0}, "impossible time or rate"),
        ({"rate": -1}, "impossible time or rate"),
        ({"start": -1}, "impossible time or rate"),
        ({"start": 1e12}, "impossible time or rate"),
        ({"stream": "ABC"}, "unreadable stream name"),
        ({"stream": "XX..00.HNZ"}, "unreadable stream name"),
        ({"stream": "XX.A\n.00.HNZ"}, "unreadable stream name"),
    ],
)
def test_what_cannot_be_used_says_why(change, reason):
    assert reasons(json.dumps(MESSAGE | change).encode()) == [reason]


def test_nothing_is_an_empty_packet():
    assert reasons(b"") == ["empty packet"]


@given(st.binary(max_size=200))
def test_garbage_never_raises(data):
    assert packet_message.read(data).packets == []
