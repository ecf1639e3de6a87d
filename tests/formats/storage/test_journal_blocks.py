import numpy as np
import pytest
from msgspec.structs import replace

from forewave.errors import FormatError
from forewave.formats.storage import journal_blocks
from forewave.types import Packet, StreamId

STREAM = StreamId("XX", "ABC", "00", "HNZ")


def given(number, dtype=np.int32):
    samples = (np.arange(100) - 50).astype(dtype)
    return 1.7e9 + number, Packet(STREAM, 1.7e9 + number - 1.5, 100.0, samples)


def pieces(data, since=0.0):
    return [piece for block in journal_blocks.read(data, since) for piece in block]


@pytest.mark.parametrize("dtype", [np.int32, np.float32, np.float64])
def test_a_packet_comes_back_as_it_was(dtype):
    now, packet = given(1, dtype)
    (piece,) = pieces(journal_blocks.encode([(now, packet)]))
    again = journal_blocks.packet(piece)
    assert (piece.now, piece.code) == (now, "XX.ABC")
    assert (again.stream, again.start, again.rate) == (STREAM, packet.start, 100.0)
    assert again.samples.dtype == dtype
    assert again.samples.tolist() == packet.samples.tolist()
    assert journal_blocks.end_of(piece) == packet.start + 1.0


def test_every_second_sample_comes_back_too():
    now, packet = given(1)
    part = Packet(STREAM, packet.start, 50.0, packet.samples[::2])
    (piece,) = pieces(journal_blocks.encode([(now, part)]))
    assert journal_blocks.packet(piece).samples.tolist() == packet.samples[::2].tolist()


def test_a_file_that_was_cut_off_is_read_up_to_there():
    blocks = [journal_blocks.encode([given(number)]) for number in range(3)]
    whole = b"".join(blocks)
    for cut in range(len(blocks[0]), len(whole) + 1):
        complete = sum(cut >= len(b"".join(blocks[: n + 1])) for n in range(3))
        assert len(pieces(whole[:cut])) == complete


@pytest.mark.parametrize("rest", [b"\0" * 600, b"\xff" * 600, b"x" * 7])
def test_what_is_no_block_ends_it(rest):
    assert len(pieces(journal_blocks.encode([given(0)]) + rest)) == 1


def test_blocks_that_ended_before_are_passed_over():
    data = journal_blocks.encode([given(0), given(1)]) + journal_blocks.encode([given(2)])
    assert [piece.now - 1.7e9 for piece in pieces(data, 1.7e9 + 1.5)] == [2.0]
    assert [piece.now - 1.7e9 for piece in pieces(data, 1.7e9 + 1.0)] == [0.0, 1.0, 2.0]


@pytest.mark.parametrize("rate", [0.0, -100.0, float("nan"), -0.0])
def test_a_packet_of_no_rate_is_refused(rate):
    """Its end would be nowhere, and the machine would not start."""
    now, packet = given(1)
    with pytest.raises(FormatError, match="packet journal: "):
        pieces(journal_blocks.encode([(now, replace(packet, rate=rate))]))


def test_a_block_of_lists_within_lists_is_refused():
    block = b"\x91" * 3000
    head = journal_blocks._HEAD.pack(len(block), journal_blocks._checksum(1.7e9, block), 1.7e9)
    with pytest.raises(FormatError, match="packet journal: "):
        pieces(head + block)
