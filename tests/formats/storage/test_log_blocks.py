import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.errors import FormatError
from forewave.formats.storage import log_blocks
from forewave.formats.storage.log_blocks import Began, Blocks, Goes, Lost, Step, read
from forewave.types import Amplitude, Packet, StationState, StreamId

STATE = StationState("XX.ABC", 1.6e9 + 0.1, 0.5, "good", 1e-3, float("nan"))
ENTRIES = [
    Began(1.0, "setup-1.msgpack", None),
    Began(1.0, "setup-1.msgpack", 0.1),
    Goes(2.0, "setup-1.msgpack"),
    Step(3.0, ()),
    Step(3.5, (STATE, STATE)),
    Lost(4.0, 7),
]


def file_of(*blocks):
    coder = Blocks()
    return b"".join(coder.encode(block) for block in blocks)


def test_entries_come_back_in_order():
    back = list(read(io.BytesIO(file_of(ENTRIES[:2], ENTRIES[2:5], [], ENTRIES[5:]))))
    assert list(map(repr, back)) == list(map(repr, ENTRIES))


def test_packets_are_words_too():
    packet = Packet(StreamId("XX", "ABC", "", "HNZ"), 1.5, 100.0, np.arange(9, dtype=np.int32))
    (moment,) = read(io.BytesIO(file_of([Step(1.0, (packet,))])))
    np.testing.assert_array_equal(moment.words[0].samples, packet.samples)


@given(st.integers(0, 1000))
def test_a_file_cut_anywhere_is_read_up_to_there(where):
    blocks = [[entry] for entry in ENTRIES]
    whole = file_of(*blocks)
    back = list(read(io.BytesIO(whole[: where % (len(whole) + 1)])))
    assert list(map(repr, back)) == list(map(repr, ENTRIES[: len(back)]))


@pytest.mark.parametrize("at", [0, 4, 9])
def test_a_damaged_block_ends_it(at):
    damaged = bytearray(file_of(ENTRIES))
    damaged[at] ^= 0xFF
    assert list(read(io.BytesIO(damaged))) == []


def test_the_states_of_a_station_take_few_bytes():
    states = [StationState("XX.ABC", 1.6e9 + n, 0.5, "good", 1e-3, 1e-6) for n in range(1000)]
    data = file_of(*([Step(state.latest, (state,))] for state in states))
    assert len(data) / len(states) < 60


def test_old_states_may_be_left_out():
    other = Amplitude("XX.ABC", 1.0, None, None, *[0.0] * 6, False)
    data = file_of([Step(1.0, (STATE,)), Step(2.0, (STATE, other)), Step(3.0, (STATE,))])
    back = list(read(io.BytesIO(data), stateless=3.0))
    assert list(map(repr, back)) == list(map(repr, [Step(2.0, (other,)), Step(3.0, (STATE,))]))


@pytest.mark.parametrize("stateless", [0.0, 1.5, 3.0, 9.0])
def test_blocks_of_old_states_are_passed_over_and_no_others(stateless):
    other = Amplitude("XX.ABC", 1.0, None, None, *[0.0] * 6, False)
    entries = [
        Step(1.0, (STATE,)),
        Goes(1.2, "setup-1.msgpack"),
        Step(2.0, (other,)),
        Lost(2.5, 3),
        Step(3.0, (STATE,)),
        Step(4.0, (STATE, other)),
    ]
    one, each = file_of(entries), file_of(*([entry] for entry in entries))
    back = [list(map(repr, read(io.BytesIO(data), stateless))) for data in (one, each)]
    assert back[0] == back[1]
    assert len(back[1]) == 6 - (stateless > 1.0) - (stateless > 3.0)


def packed(plain):
    deflate = zlib.compressobj(1)
    block = deflate.compress(plain) + deflate.flush(zlib.Z_SYNC_FLUSH)
    return io.BytesIO(struct.pack("<II", len(block), zlib.crc32(block)) + block)


@pytest.mark.parametrize(
    "plain",
    [b"\x91" * 3000, b"\x91\xa3\xff\xfe\xfd", b"\x91\x92\xa5Began\xa1\xff", b"\xc1"],
    ids=["lists within lists", "no text", "no text within", "no MessagePack"],
)
def test_a_block_with_the_right_checksum_and_the_wrong_content_is_one_error(plain):
    with pytest.raises(FormatError, match="event log: "):
        list(read(packed(plain)))


def test_a_block_that_is_too_long_when_decompressed_is_refused(monkeypatch):
    monkeypatch.setattr(log_blocks, "LONGEST", 10_000)
    with pytest.raises(FormatError, match="expected blocks of at most 10000 bytes"):
        list(read(packed(bytes(20_000))))
