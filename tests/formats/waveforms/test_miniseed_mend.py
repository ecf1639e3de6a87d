"""Records with invalid headers are read as long as their samples can be decoded."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.formats.waveforms import miniseed
from forewave.formats.waveforms.miniseed_mend import checksum, extent, mended, mended_3
from forewave.types import Packet, StreamId

STREAM = StreamId("XX", "ABC", "00", "HNZ")
SAMPLES = np.arange(90, dtype=np.int32) ** 2 - 300
START = 1_600_000_000.0
RECORD = miniseed.encode([Packet(STREAM, START, 100.0, SAMPLES)], 2, 512)
RECORD_3 = miniseed.encode([Packet(STREAM, START, 100.0, SAMPLES)], 3)
NEXT = miniseed.encode([Packet(STREAM, START + 0.9, 100.0, SAMPLES)], 2, 512)


def put(record, *changes):
    data = bytearray(record)
    for at, value in changes:
        data[at : at + len(value)] = value
    return bytes(data)


def with_blockettes(*blockettes):
    """The record with these after its blockette 1000, and its data moved to byte 128 + 64."""
    head = bytearray(RECORD[:56])
    chain = [struct.pack(">HHBBBB", 1000, 56, 11, 1, 9, 0)]
    at = 56
    for n, (kind, body) in enumerate(blockettes):
        size = 4 + len(body)
        following = at + size if n < len(blockettes) - 1 else 0
        chain.append(struct.pack(">HH", kind, following) + body)
        at += size
    whole = bytes(head[:48]) + b"".join(chain)
    whole = put(whole, (39, bytes([1 + len(blockettes)])), (44, struct.pack(">H", 192)))
    return (whole.ljust(192, b"\0") + RECORD[64:])[:512]


def steim_1():
    import io

    import obspy

    trace = obspy.Trace(SAMPLES, {"sampling_rate": 100.0, "starttime": obspy.UTCDateTime(START)})
    for name, value in zip(("network", "station", "location", "channel"), names(), strict=True):
        trace.stats[name] = value
    file = io.BytesIO()
    trace.write(file, "MSEED", encoding="STEIM1", reclen=512)
    return put(file.getvalue()[:512], (39, b"\0"), (46, bytes(10)))


def names():
    return STREAM.network, STREAM.station, STREAM.location, STREAM.channel


B100 = struct.pack(">f4x", 100.0)
REMARKS = {
    "five blockettes counted, one there": put(RECORD, (39, b"\x05")),
    "no blockettes counted": put(RECORD, (39, b"\0")),
    "no blockette 1000, Steim 1": steim_1(),
    "no blockette 1000, Steim 2": put(RECORD, (39, b"\0"), (46, bytes(10))),
    "chain leads nowhere": put(RECORD, (46, b"\0\0")),
    "chain leads beyond the record": put(RECORD, (46, b"\xff\0")),
    "chain leads into the fixed header": put(RECORD, (46, b"\0\x10")),
    "chain goes in a circle": put(RECORD, (50, b"\0\x30")),
    "chain leads on beyond the record": put(RECORD, (50, b"\xff\xff")),
    "unknown blockette": with_blockettes((499, bytes(8))),
    "unknown blockette before another": with_blockettes((12345, bytes(8)), (100, B100)),
    "opaque blockette": with_blockettes((2000, struct.pack(">HHIBBBB", 20, 15, 1, 1, 0, 0, 0))),
    "opaque blockette longer than the record": with_blockettes(
        (2000, struct.pack(">HHIBBBB", 60000, 15, 1, 1, 0, 0, 0))
    ),
    "event detection": with_blockettes((200, bytes(48))),
    "calibration with an impossible time": with_blockettes((300, b"\xff" * 56)),
    "timing with an impossible time": with_blockettes((500, b"\xff" * 100)),
    "beam blockette": with_blockettes((400, bytes(12))),
    "blockette 100 below zero": with_blockettes((100, struct.pack(">f4x", -0.01))),
    "blockette 100 is no number": with_blockettes((100, struct.pack(">f4x", float("nan")))),
    "blockette 100 without end": with_blockettes((100, struct.pack(">f4x", float("inf")))),
    "blockette 100 of zero": with_blockettes((100, struct.pack(">f4x", 0.0))),
    "no encoding that there is": put(RECORD, (52, b"\xff")),
    "no byte order that there is": put(RECORD, (53, b"\x07")),
    "no record length that there is": put(RECORD, (54, b"\x40")),
    "a record length of 1 byte": put(RECORD, (54, b"\0")),
    "a record length of 256": put(RECORD, (54, b"\x08")),
    "a record length of 4096": put(RECORD, (54, b"\x0c")),
    "data said to begin at 0": put(RECORD, (44, b"\0\0")),
    "data said to begin amid the blockettes": put(RECORD, (44, b"\0\x32")),
    "data said to begin beyond the record": put(RECORD, (44, b"\x7f\xff")),
    "letters for a sequence number": put(RECORD, (0, b"ABCDEF")),
    "a reserved byte that is not blank": put(RECORD, (7, b"X")),
}


def spell(**fields):
    """Another time in the header: what the same moment would be, written otherwise."""
    places = {"day": (22, ">H"), "hour": (24, "B"), "minute": (25, "B"), "second": (26, "B")}
    places["fraction"] = (28, ">H")
    changes = [
        (places[name][0], struct.pack(places[name][1], value)) for name, value in fields.items()
    ]
    return put(RECORD, *changes)


# START is 2020-09-13 (day 257) 12:26:40
MIDNIGHT = START - (12 * 3600 + 26 * 60 + 40)
TIMES = {
    "fraction of 10000": (spell(fraction=10_000), START + 1.0),
    "fraction of 10000 at the end of a minute": (spell(second=59, fraction=10_000), START + 20.0),
    "second 60": (spell(second=60), START + 20.0),
    "minute 60": (spell(minute=60), START + 34 * 60),
    "24:00:00": (spell(hour=24, minute=0, second=0), MIDNIGHT + 86_400),
    "23:59:60": (spell(hour=23, minute=59, second=60), MIDNIGHT + 86_400),
    "day 366 of 2021, 24:00": (
        put(RECORD, (20, struct.pack(">HH", 2020, 366)), (24, b"\x18\0\0")),
        1_609_459_200.0,
    ),
}


def read_among_others(odd):
    """What is read of the odd record between two good ones, and of it alone."""
    (alone,), dropped = miniseed.packets(odd)
    assert dropped == []
    before, among, after = read(RECORD + odd + NEXT)
    assert (before.start, after.start) == (START, START + 0.9)
    assert (among.stream, among.start, among.rate) == (alone.stream, alone.start, alone.rate)
    np.testing.assert_array_equal(among.samples, alone.samples)
    heads = list(miniseed.heads(RECORD + odd + NEXT))
    assert [head.at for head in heads] == [0, len(RECORD), len(RECORD) + len(odd)]
    return alone


def read(data):
    packets, dropped = miniseed.packets(data)
    assert dropped == []
    return packets


@pytest.mark.parametrize("name", REMARKS)
def test_a_remark_of_the_decoder_is_no_damage(name):
    piece = read_among_others(REMARKS[name])
    assert (piece.stream, piece.start, piece.rate) == (STREAM, START, 100.0)
    np.testing.assert_array_equal(piece.samples, SAMPLES)


@pytest.mark.parametrize("name", TIMES)
def test_a_time_that_can_be_carried_is_carried(name):
    odd, start = TIMES[name]
    piece = read_among_others(odd)
    assert piece.start == pytest.approx(start, abs=1e-5)
    np.testing.assert_array_equal(piece.samples, SAMPLES)


@pytest.mark.parametrize("dtype", [np.int32, np.float32, np.float64])
def test_other_encodings_are_mended_too(dtype):
    samples = (np.arange(40) * 10_000_000).astype(dtype)
    (record,) = (miniseed.encode([Packet(STREAM, START, 100.0, samples)], 2, 512),)
    (piece,) = read(put(record, (39, b"\x05"), (28, b"\x27\x10")))
    assert piece.start == START + 1.0
    np.testing.assert_array_equal(piece.samples, samples)


@pytest.mark.parametrize("name", ["five blockettes counted, one there", "24:00:00"])
def test_a_failed_integrity_check_still_spoils_the_samples(name):
    odd = REMARKS.get(name) or TIMES[name][0]
    packets, dropped = miniseed.packets(put(odd, (73, b"\x55")) + NEXT)
    assert [piece.start for piece in packets] == [START + 0.9]
    assert [word.reason for word in dropped][:1] in (["damaged record"], ["not miniSEED"])


def test_samples_that_are_not_there_are_not_made_up():
    for dtype in (np.int32, np.float32):
        samples = (np.arange(110) * 20_000_000 % 7_000_000_000).astype(dtype)
        record = miniseed.encode([Packet(STREAM, START, 100.0, samples)], 2, 512)
        packets, dropped = miniseed.packets(record[:400])
        assert packets == []
        assert [word.reason for word in dropped] == ["truncated record"]


def test_a_record_that_lost_only_its_padding_is_whole():
    short = miniseed.encode([Packet(STREAM, START, 100.0, SAMPLES[:20])], 2, 512)[:300]
    (piece,) = read(short)
    np.testing.assert_array_equal(piece.samples, SAMPLES[:20])


@pytest.mark.parametrize(
    ("rate", "right"), [(-0.01, 100.0), (-0.02, 50.0), (-1.0, 1.0), (-60.0, 1 / 60)]
)
def test_a_rate_below_zero_is_the_period_in_version_3(rate, right):
    piece = miniseed.encode([Packet(STREAM, START, 100.0, SAMPLES)], 3)
    odd = unchecked(put(piece, (16, struct.pack("<d", rate))))
    (read_back,) = read(odd)
    assert read_back.rate == pytest.approx(right)
    np.testing.assert_array_equal(read_back.samples, SAMPLES)


def unchecked(record):
    """Without its checksum, as some writers leave it."""
    return put(record, (28, bytes(4)))


def test_a_wrong_checksum_is_damage_and_a_missing_one_is_not():
    (piece,) = read(unchecked(RECORD_3) + RECORD_3)[:1]
    np.testing.assert_array_equal(piece.samples, SAMPLES)
    packets, dropped = miniseed.packets(put(RECORD_3, (28, b"\1\2\3\4")))
    assert packets == []
    assert dropped[0].reason == "damaged record"


@pytest.mark.parametrize(
    ("change", "start"),
    [
        ((4, struct.pack("<I", 1_000_000_000)), START + 1.0),
        ((14, b"\x3c"), START + 20.0),
        ((12, b"\x18\0\0"), MIDNIGHT + 86_400),
    ],
)
@pytest.mark.parametrize("checked", [True, False])
def test_times_of_version_3_are_carried_too(change, start, checked):
    odd = unchecked(put(RECORD_3, change))
    if checked:
        odd = put(odd, (28, struct.pack("<I", checksum(odd))))
    first, piece, last = read(RECORD_3 + odd + RECORD_3)
    assert (first.start, piece.start, last.start) == (START, start, START)
    np.testing.assert_array_equal(piece.samples, SAMPLES)


def test_the_checksum_is_that_of_the_decoder():
    assert checksum(b"123456789") == 0xE3069283  # the check value of CRC-32C
    assert checksum(unchecked(RECORD_3)) == int.from_bytes(RECORD_3[28:32], "little")


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 255)), max_size=6))
def test_any_header_of_version_3_gives_a_record_of_its_length_or_none(changes):
    odd = unchecked(put(RECORD_3, *[(at, bytes([value])) for at, value in changes]))
    found = mended_3(odd, 0)
    assert found is None or len(found[0]) == found[1] <= len(odd)


@pytest.mark.parametrize("sid", [b"XX_ABC_00_H_N_Z", b"ORG:XX_ABC_00_H_N_Z"])
def test_another_namespace_is_no_part_of_a_name(sid):
    rest = RECORD_3[40 + RECORD_3[33] :]
    odd = unchecked(put(RECORD_3[:40], (33, bytes([len(sid)]))) + sid + rest)
    (piece,) = read(odd)
    assert piece.stream == STREAM


def test_headers_of_the_other_byte_order_are_mended():
    """Its fields, offsets and blockettes are turned around; its data were big-endian and stay."""
    fields = struct.unpack_from(">HHBBBBHHhhBBBBiHH", RECORD, 20)
    odd = put(
        RECORD,
        (20, struct.pack("<HHBBBBHHhhBBBBiHH", *fields)),
        (48, struct.pack("<HH", 1000, 0)),
        (39, b"\x07"),
        (28, struct.pack("<H", 10_000)),
    )
    (piece,) = read(odd)
    assert piece.start == START + 1.0
    np.testing.assert_array_equal(piece.samples, SAMPLES)


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("start", [-50_000_000.0, -2_000_000_000.0, 0.0])
def test_times_before_1970_are_times(version, start):
    (piece,) = read(miniseed.encode([Packet(STREAM, start, 100.0, SAMPLES)], version, 512))
    assert piece.start == start


@pytest.mark.parametrize(
    ("written", "channel"), [(b"HZ ", "HZ"), (b"H Z", "HZ"), (b"hnz", "HNZ"), (b" HZ", "HZ")]
)
def test_a_channel_is_called_as_it_is_written(written, channel):
    (piece,) = read(put(RECORD, (15, written)))
    assert piece.stream == StreamId("XX", "ABC", "00", channel)


@pytest.mark.parametrize("written", [b"--", b"  ", b"\0\0"])
def test_an_empty_location_is_empty(written):
    (piece,) = read(put(RECORD, (13, written)))
    assert piece.stream.location == ""


def test_a_length_ends_where_the_next_record_begins():
    data = put(RECORD, (54, b"\x0c")) + NEXT * 7
    assert extent(data, 0, 4096) == 512
    assert extent(RECORD, 0, 512) == 512


@given(st.lists(st.tuples(st.integers(0, 63), st.integers(0, 255)), max_size=6))
def test_any_header_gives_clean_records_or_none(changes):
    odd = put(RECORD, *[(at, bytes([value])) for at, value in changes])
    for clean, length in mended(odd, 0):
        assert len(clean) >= 256
        assert 0 < length <= len(odd)


@given(st.integers(0, 55), st.integers(0, 255))
def test_a_wrong_byte_in_a_head_costs_no_other_record(place, value):
    good = [NEXT, RECORD] * 2
    odd = put(RECORD, (place, bytes([value])))
    packets, _ = miniseed.packets(b"".join([good[0], odd, *good[1:]]))
    assert sum(np.array_equal(piece.samples, SAMPLES) for piece in packets) >= 4
