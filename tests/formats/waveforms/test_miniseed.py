import io
import struct

import numpy as np
import obspy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from msgspec.structs import replace

from forewave.formats.waveforms import miniseed
from forewave.formats.waveforms.miniseed import encode, packets
from forewave.formats.waveforms.segments import join
from forewave.types import Dropped, Packet, StreamId

STREAM = StreamId("XX", "ABC", "00", "HNZ")
RAMP = np.arange(5000, dtype=np.int32) ** 2 % 7919
FILE = encode([Packet(STREAM, 1.6e9, 100.0, RAMP)])
RECORD = 512


def joined(data):
    read, dropped = packets(data)
    return join(read)[0], dropped


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("dtype", [np.int32, np.float32, np.float64])
def test_what_is_written_is_read(version, dtype):
    piece = Packet(STREAM, 1.6e9 + 0.25, 31.25, RAMP.astype(dtype))
    (back,), dropped = joined(encode([piece], version))
    assert dropped == []
    assert back.stream == STREAM
    assert back.start == pytest.approx(piece.start, abs=1e-6)
    assert back.rate == pytest.approx(31.25, rel=1e-7)
    assert back.samples.dtype == dtype
    np.testing.assert_array_equal(back.samples, piece.samples)


@settings(deadline=None, max_examples=100)
@given(arrays.arrays(np.int32, st.integers(1, 400)))
def test_any_integers_survive(samples):
    (back,), dropped = joined(encode([Packet(STREAM, 1.6e9, 100.0, samples)]))
    assert dropped == []
    np.testing.assert_array_equal(back.samples, samples)


def test_obspy_reads_what_we_write_and_we_read_what_it_writes():
    trace = obspy.read(io.BytesIO(FILE)).merge()[0]
    np.testing.assert_array_equal(trace.data, RAMP)
    assert trace.stats.starttime.timestamp == 1.6e9
    written = io.BytesIO()
    trace.write(written, "MSEED", encoding="STEIM1", reclen=4096)
    (back,), dropped = joined(written.getvalue())
    assert dropped == []
    np.testing.assert_array_equal(back.samples, RAMP)


def test_a_bad_record_in_the_middle_costs_only_itself():
    assert len(FILE) > 10 * RECORD
    bad = bytearray(FILE)
    bad[4 * RECORD : 4 * RECORD + 64] = b"\xff" * 64
    whole, hurt = packets(FILE)[0], packets(bytes(bad))
    assert len(hurt[0]) == len(whole) - 1
    assert [p.start for p in hurt[0]] == [p.start for i, p in enumerate(whole) if i != 4]
    assert len(hurt[1]) == 1


def test_a_changed_sample_is_noticed():
    bad = bytearray(FILE)
    bad[3 * RECORD + 200] ^= 0x04
    read, dropped = packets(bytes(bad))
    assert len(read) == len(packets(FILE)[0]) - 1
    assert dropped[0].reason == "damaged record"
    assert f"byte {3 * RECORD}" in dropped[0].detail


def test_a_truncated_record_is_named():
    read, dropped = packets(FILE[: 5 * RECORD + 100])
    assert len(read) == 5
    assert dropped == [Dropped("miniSEED", "truncated record", dropped[0].detail)]
    assert f"byte {5 * RECORD}" in dropped[0].detail


def test_rubbish_before_the_first_record_is_passed_over():
    read, dropped = packets(b"HTTP/1.1 200 OK\r\n\r\n" + FILE)
    assert len(read) == len(packets(FILE)[0])
    assert dropped[0].reason == "not miniSEED"


def test_what_only_looks_like_heads_is_not_mended_for_ever(monkeypatch):
    """100 kB of 40 bytes that might begin a record cost as many readings as 20 kB."""
    head = FILE[:40]
    readings = []
    parsed = miniseed._Decoder._parsed
    monkeypatch.setattr(
        miniseed._Decoder,
        "_parsed",
        lambda self, buffer, *rest: readings.append(rest) or parsed(self, buffer, *rest),
    )
    read, _ = packets(head * 2500 + FILE)
    assert len(readings) < 2600 + 5 * miniseed.MOST_MENDED
    assert len(read) >= len(packets(FILE)[0]) - 1


@pytest.mark.parametrize(("start", "rate"), [(-2.5e9, 100.0), (9e9, 100.0), (1.6e9, 1e9)])
def test_impossible_time_or_rate(start, rate):
    read, dropped = packets(encode([Packet(STREAM, start, rate, RAMP[:10])], version=3))
    assert read == []
    assert {d.reason for d in dropped} == {"impossible time or rate"}
    assert dropped[0].source == "XX.ABC.00.HNZ"


def test_nothing_is_nothing():
    assert packets(b"") == ([], [])


def is_answer(data):
    read, dropped = packets(data)
    assert all(isinstance(word, Dropped) and word.reason for word in dropped)
    for piece in read:
        assert len(piece.samples)
        assert piece.rate > 0
        assert np.isfinite(piece.start)


@settings(deadline=None, max_examples=400)
@given(st.binary(max_size=2000))
def test_any_bytes_give_an_answer(data):
    is_answer(data)


@settings(deadline=None, max_examples=600)
@given(
    st.sampled_from([2, 3]),
    st.lists(st.tuples(st.integers(0, 1500), st.integers(1, 255)), min_size=1, max_size=30),
    st.integers(0, 2000),
)
def test_flipped_and_cut_records_give_an_answer(version, flips, cut):
    data = bytearray(encode([Packet(STREAM, 1.6e9, 100.0, RAMP[:1000])], version))
    for place, change in flips:
        data[place % len(data)] ^= change
    is_answer(bytes(data[: max(0, len(data) - cut)]))


@settings(deadline=None, max_examples=300)
@given(st.integers(0, 63), st.integers(0, 255))
def test_a_wrong_byte_in_a_head_never_costs_a_third_record(place, value):
    data = bytearray(FILE[: 8 * RECORD])
    data[2 * RECORD + place] = value
    assert len(packets(bytes(data))[0]) >= 6


@pytest.mark.parametrize("version", [2, 3])
def test_the_flag_of_calibration_is_read_and_written(version):
    piece = Packet(StreamId("XX", "CAL", "", "HNZ"), 1.7e9, 100.0, np.arange(50, dtype=np.int32))
    for calibration in (False, True):
        data = encode([replace(piece, calibration=calibration)], version)
        assert [p.calibration for p in packets(data)[0]] == [calibration]


@pytest.mark.parametrize("kind", [300, 310, 320, 390, 395])
def test_a_blockette_of_calibration_says_the_same(kind):
    """Behind the first blockette of a record of 512 bytes, where its samples leave room."""
    piece = Packet(StreamId("XX", "CAL", "", "HNZ"), 1.7e9, 100.0, np.arange(50, dtype=np.int32))
    record = bytearray(encode([piece]))
    data_at, first = struct.unpack_from(">HH", record, 44)
    length = {300: 60, 310: 60, 320: 64, 390: 28, 395: 16}[kind]
    assert struct.unpack_from(">H", record, first)[0] in (1000, 1001)
    last = first
    while after := struct.unpack_from(">H", record, last + 2)[0]:
        last = after
    samples = bytes(record[data_at:])
    at, moved = last + 8, 192
    struct.pack_into(">H", record, last + 2, at)
    record[at : at + length] = struct.pack(">HH", kind, 0) + bytes(length - 4)
    struct.pack_into(">HHBBBBH", record, at + 4, 2023, 318, 22, 13, 20, 0, 0)
    record[moved:512] = samples[: 512 - moved]
    struct.pack_into(">H", record, 44, moved)
    record[39] += 1
    assert [p.calibration for p in packets(bytes(record))[0]] == [True]
