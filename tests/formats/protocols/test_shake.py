import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from forewave.formats.protocols import shake
from forewave.formats.waveforms import miniseed, segments
from forewave.types import Dropped, Packet, StreamId

STREAM = StreamId("AM", "R24FA", "00", "EHZ")


def read(data):
    return shake.packet(data, "AM.R24FA", 100.0)


def test_a_datagram():
    packet = read(b"{'EHZ', 1582315130.292, 14168, 14927, -3}")
    assert packet.stream == STREAM
    assert (packet.start, packet.rate) == (1582315130.292, 100.0)
    assert packet.samples.tolist() == [14168, 14927, -3]
    assert packet.samples.dtype == np.int32


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{'EHZ', 1582315130.292}",
        b"{'EHZ', soon, 1, 2}",
        b"{'EH', 1582315130.292, 1, 2}",
        b"{'EHZ', 1582315130.292, 1, 2",
        b"{'EHZ', 1582315130.292, 1, nan}",
        b"{'EHZ', 1582315130.292, 1, 2} and more",
        b"{'EHZ', 1582315130.292" + b", 1" * 30_000 + b"}",
    ],
)
def test_what_is_no_datagram_is_dropped(data):
    assert read(data).reason == "not a Raspberry Shake datagram"


@pytest.mark.parametrize("data", [b"{'EHZ', 0, 1}", b"{'EHZ', 9999999999, 1}", b"{'EHZ', 1e9, 1}"])
def test_an_impossible_time_is_dropped(data):
    assert isinstance(read(data), Dropped)


def test_an_impossible_value_is_dropped():
    assert read(b"{'EHZ', 1582315130.292, 9999999999}").reason == "impossible time or value"


@given(st.binary(max_size=200))
def test_garbage_is_dropped(data):
    assert isinstance(read(data), Dropped)


@given(st.binary(min_size=1, max_size=3), st.integers(0, 60))
def test_a_damaged_datagram_never_raises(noise, at):
    data = b"{'EHZ', 1582315130.292, 14168, 14927, 16112, 17537}"
    assert isinstance(read(data[:at] + noise + data[at + len(noise) :]), Dropped | Packet)


@given(arrays.arrays(np.int32, st.integers(1, 60)), st.integers(10**12, 2 * 10**12))
def test_what_is_written_is_read(samples, milliseconds):
    piece = Packet(STREAM, milliseconds / 1000.0, 100.0, samples)
    back = read(shake.encode(piece))
    assert back.start == pytest.approx(piece.start, abs=1e-6)
    np.testing.assert_array_equal(back.samples, samples)


def test_recorded_datagrams_are_the_recorded_waveforms(recordings):
    folder = recordings / "rshake-R24FA-20200130"
    lines = (folder / "udp-packets.txt").read_bytes().splitlines()
    joined, repeated = segments.of_recording(
        [read(line) for line in lines if line.startswith(b"{")]
    )
    assert repeated == []
    expected, _ = segments.of_recording(
        miniseed.packets((folder / "waveforms.mseed").read_bytes())[0]
    )
    assert len(joined) == len(expected) == 4
    for here, there in zip(joined, expected, strict=True):
        assert here.stream.channel == there.stream.channel
        assert here.start == pytest.approx(there.start, abs=0.002)
        count = min(len(here.samples), len(there.samples))
        assert count > 10_900
        np.testing.assert_array_equal(here.samples[:count], there.samples[:count])


@pytest.mark.parametrize("blank", [b"", b" ", b"\r", b"\n\t", b"   "])
def test_blanks_may_stand_before_every_comma(blank):
    """Before the first one as well: what was raised there reached the socket's loop."""
    data = b"{'EHZ', 1582315130.292, 1, 2, 3}".replace(b",", blank + b",")
    assert read(data).samples.tolist() == [1, 2, 3]
