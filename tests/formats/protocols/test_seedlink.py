import contextlib
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.errors import FormatError
from forewave.formats.protocols.seedlink import (
    RECORD_3,
    FrameReader,
    frame_3,
    frame_4,
    info_3,
    info_4,
)
from forewave.formats.waveforms import miniseed
from forewave.types import Packet, StreamId

PACKET = Packet(StreamId("XX", "ABC", "00", "HHZ"), 1.7e9, 100.0, np.arange(80, dtype=np.int32))
RECORD = miniseed.encode([PACKET], 2, RECORD_3)
RECORD_OF_3 = miniseed.encode([PACKET], 3)


def read(version, *pieces):
    reader = FrameReader(version)
    return [frame for piece in pieces for frame in reader.feed(piece)]


def test_version_3_is_a_number_and_a_record():
    wire = frame_3(0xABCDEF, RECORD)
    assert wire == b"SLABCDEF" + RECORD
    (frame,) = read(3, wire)
    assert (frame.kind, frame.sequence, frame.payload) == ("data", 0xABCDEF, RECORD)


def test_version_3_counts_to_two_to_the_24():
    assert frame_3((1 << 24) + 5, RECORD).startswith(b"SL000005")


def test_version_4_says_length_and_station():
    wire = frame_4("XX_ABC", 2**40, RECORD_OF_3)
    length = len(RECORD_OF_3).to_bytes(4, "little")
    assert wire == b"SE3D" + length + (2**40).to_bytes(8, "little") + b"\x06XX_ABC" + RECORD_OF_3
    (frame,) = read(4, wire)
    assert (frame.kind, frame.station, frame.sequence) == ("data", "XX_ABC", 2**40)
    assert frame.payload == RECORD_OF_3


def test_records_of_any_length_are_read_in_version_3():
    short = miniseed.encode([PACKET], 2, 256)
    frames = read(3, frame_3(1, RECORD_OF_3) + frame_3(2, short[:256]) + frame_3(3, RECORD))
    assert [len(frame.payload) for frame in frames] == [len(RECORD_OF_3), 256, RECORD_3]


def test_a_long_answer_to_info_in_version_3_comes_in_several_records():
    frames = read(3, info_3("<x/>" * 300) + frame_3(1, RECORD))
    assert [frame.kind for frame in frames] == ["info"] * 3 + ["data"]
    assert [frame.more for frame in frames] == [True, True, False, False]
    text = b"".join(frame.payload[begins(frame.payload) :].rstrip(b"\0") for frame in frames[:3])
    assert text == b"<x/>" * 300


def begins(record):
    """The offset of the data that a miniSEED 2 record states."""
    return int.from_bytes(record[44:46], "big")


def test_info_and_errors_of_version_4_are_known():
    frames = read(4, info_4(b"{}") + info_4(b'{"error":{}}', error=True))
    assert [frame.kind for frame in frames] == ["info", "error"]


@pytest.mark.parametrize("version", [3, 4])
def test_lines_between_packets_are_read(version):
    frames = read(version, b"\r\nERROR no such thing\r\nEND")
    assert [(f.kind, f.payload) for f in frames] == [
        ("error", b"ERROR no such thing"),
        ("end", b""),
    ]


def streams():
    """What a server might send, as (version, frames)."""
    three = st.lists(
        st.one_of(
            st.integers(0, 2**24 - 1).map(lambda n: frame_3(n, RECORD)),
            st.text("<a&é>", max_size=900).map(info_3),
        ),
        max_size=6,
    )
    four = st.lists(
        st.one_of(
            st.integers(0, 2**64 - 1).map(lambda n: frame_4("XX_ABC", n, RECORD_OF_3)),
            st.binary(max_size=300).map(info_4),
        ),
        max_size=6,
    )
    return st.one_of(three.map(lambda f: (3, f)), four.map(lambda f: (4, f)))


@given(streams(), st.lists(st.integers(0, 4000)))
def test_bytes_may_be_cut_anywhere(stream, cuts):
    version, frames = stream
    wire = b"".join(frames)
    edges = [0, *sorted(min(cut, len(wire)) for cut in cuts), len(wire)]
    pieces = [wire[a:b] for a, b in pairwise(edges)]
    assert read(version, *pieces) == read(version, wire)


@pytest.mark.parametrize("version", [3, 4])
def test_one_byte_at_a_time(version):
    wire = (frame_3 if version == 3 else lambda n, r: frame_4("XX_ABC", n, r))(7, RECORD)
    assert len(read(version, *(wire[n : n + 1] for n in range(len(wire))))) == 1


@given(st.sampled_from([3, 4]), st.binary(max_size=3000))
def test_nonsense_is_refused_or_waited_for_but_never_anything_else(version, data):
    with contextlib.suppress(FormatError):
        read(version, data)


@pytest.mark.parametrize(
    ("version", "wire"),
    [
        (3, b"HTTP/1.1 400 Bad Request\r\n" * 700),
        (4, frame_3(1, RECORD) * 40),
        (3, (b"SL000001" + b"\x01" * 600) * 300),
        (3, b"ERROR " + b"x" * 20_000),
        (4, b"SE3D" + (1 << 30).to_bytes(4, "little") + bytes(150_000)),
    ],
)
def test_a_stream_without_packets_is_not_seedlink(version, wire):
    with pytest.raises(FormatError, match="expected SeedLink packets, found b"):
        read(version, *(wire[n : n + 1000] for n in range(0, len(wire), 1000)))


WITHOUT_LENGTH = RECORD[:39] + b"\0" + RECORD[40:46] + bytes(10) + RECORD[56:]
LONGER_THAN_IT_IS = RECORD[:54] + b"\x0c" + RECORD[55:]
SHORTER_THAN_IT_IS = RECORD[:54] + b"\x08" + RECORD[55:]
# name: (the odd one, how many frames hold its record)
ODD_3 = {
    "zeros": (b"SL000002" + bytes(512), 0),
    "random bytes": (b"SL000002" + np.random.default_rng(3).bytes(512), 0),
    "text": (b"SL000002" + b"no such record".ljust(512), 0),
    "shorter than 512 bytes": (b"SL000002" + bytes(300), 0),
    "longer than 512 bytes": (b"SL000002" + bytes(700), 0),
    "nothing behind its head": (b"SL000002", 0),
    "half a record": (b"SL000002" + RECORD[:300], 0),
    "no sequence number": (b"SL00000G" + RECORD, 1),
    "a record without its length": (b"SL000002" + WITHOUT_LENGTH, 1),
    "a record that states 4096 bytes": (b"SL000002" + LONGER_THAN_IT_IS, 1),
    "a record that states 256 bytes": (b"SL000002" + SHORTER_THAN_IT_IS, 1),
    "bytes between two packets": (b"\xff\x00S\x00" * 30, 0),
    "a line between two packets": (b"hello there\r\n", 0),
    "an answer between two packets": (b"OK\r\n", 0),
    "a page of a web server": (b"HTTP/1.1 400 Bad Request\r\n\r\n<html></html>", 0),
}
ODD_4 = {
    "zeros": frame_4("XX_ABC", 2, bytes(512)),
    "nothing": frame_4("XX_ABC", 2, b""),
    "a length beyond any": b"SE3D" + (1 << 30).to_bytes(4, "little") + bytes(9),
    "a length of too much": frame_4("XX_ABC", 2, bytes(900))[:-300],
    "a length of too little": frame_4("XX_ABC", 2, b"") + bytes(100),
    "an unknown format": frame_4("XX_ABC", 2, b"x" * 40, b"QQ"),
    "half a head": b"SE3D\x00",
    "a packet of version 3": frame_3(2, RECORD),
    "bytes between two packets": b"\xff\x00S\x00" * 30,
}


@pytest.mark.parametrize("piece", [1, 7, 5000])
@pytest.mark.parametrize("odd", ODD_3)
def test_one_odd_packet_of_version_3_costs_only_itself(odd, piece):
    wire = frame_3(1, RECORD) + ODD_3[odd][0] + b"".join(frame_3(n, RECORD) for n in (3, 4))
    frames = read(3, *(wire[n : n + piece] for n in range(0, len(wire), piece)))
    good = [frame.sequence for frame in frames if frame.payload == RECORD]
    extra = [None] if odd == "no sequence number" else []
    assert good == [1, *extra, 3, 4]
    assert any(frame.payload != RECORD for frame in frames) or extra
    assert sum(len(miniseed.packets(frame.payload)[0]) for frame in frames) >= 3 + ODD_3[odd][1]


@pytest.mark.parametrize("piece", [1, 7, 5000])
@pytest.mark.parametrize("odd", ODD_4)
def test_one_odd_packet_of_version_4_costs_only_itself(odd, piece):
    good = [frame_4("XX_ABC", n, RECORD_OF_3) for n in (1, 3, 4)]
    wire = good[0] + ODD_4[odd] + good[1] + good[2]
    frames = read(4, *(wire[n : n + piece] for n in range(0, len(wire), piece)))
    assert [frame.sequence for frame in frames if frame.payload == RECORD_OF_3] == [1, 3, 4]
    assert len(frames) > 3


@given(st.sampled_from([3, 4]), st.binary(max_size=700))
def test_any_bytes_between_packets_cost_at_most_their_neighbours(version, junk):
    packet = (
        (lambda n: frame_3(n, RECORD))
        if version == 3
        else (lambda n: frame_4("XX_ABC", n, RECORD_OF_3))
    )
    wire = packet(1) + junk + b"".join(packet(n) for n in range(2, 8))
    numbers = [frame.sequence for frame in read(version, wire) if frame.kind == "data"]
    assert numbers[0] == 1
    assert numbers[-5:] == [3, 4, 5, 6, 7]


def test_the_next_packet_is_looked_for_once_however_many_are_before_it():
    """Many short packets of an unknown form: each must not search all that follows."""
    reader, searched = FrameReader(4), []

    class Counted:
        def search(self, buffer, at):
            found = pattern.search(buffer, at)
            searched.append((found.start() if found else len(buffer)) - at)
            return found

    pattern, reader._next = reader._next, Counted()
    wire = b"SEQ" + frame_4("XX_ABC", 1, b"short")[3:]
    assert len(list(reader.feed(wire * 500))) >= 499
    assert sum(searched) <= 2 * len(wire) * 500
