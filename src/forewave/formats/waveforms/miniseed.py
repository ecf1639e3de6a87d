"""miniSEED 2 and 3: bytes to packets and back.

libmseed (through pymseed's C interface, four times faster than its record objects) decodes one
record after the other. What it remarks of a header is no damage: a record is refused where its
samples are not what was written (a failed integrity check of a Steim encoding or a checksum, or
samples that are missing). One that it does not decode is tried again with a reconstructed header
(`miniseed_mend`). A record that cannot be decoded then is dropped with its place and reason, and
reading goes on at the next place that looks like the head of a record: one flipped bit costs one
record, never the file.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from math import inf
from typing import Any, Literal

import numpy as np
import pymseed
from msgspec import Struct
from pymseed.clib import clibmseed as libmseed
from pymseed.clib import ffi
from pymseed.logging import begin_operation

from forewave.formats import codes
from forewave.formats.waveforms import miniseed_mend
from forewave.types import Dropped, Packet, Samples, StreamId

HEAD = re.compile(
    rb"MS\x03.{9}[\x00-\x18][\x00-\x3c]{2}|[0-9 \x00]{6}[DRQM][ \x00]", re.DOTALL
)  # of version 3 with an hour, a minute and a second
MOST_MENDED = 500  # headers in a row for which reconstruction fails before it is given up
NAMES_2 = (2, 5, 2, 3)  # letters that miniSEED 2 has for network, station, location, channel
DTYPES: dict[bytes, np.dtype[Any]] = {
    b"i": np.dtype(np.int32),
    b"f": np.dtype(np.float32),
    b"d": np.dtype(np.float64),
}
CALIBRATION = 1  # bit 0 of the flags
FASTEST = 100_000.0  # samples/s; nothing on the ground is sampled faster
EARLIEST, LATEST = -2_208_988_800.0, 4_102_444_800.0  # 1900 to 2100: others are broken heads
SPOILT = (  # parts of the decoder's messages that speak of samples; all others are remarks
    "integrity check",
    "Impossible Steim",
    "compression flag",
    "only decoded",
    "CRC is invalid",
    "out of range: ",
)
MENDABLE = {"damaged record", "truncated record", "not miniSEED", "impossible time or rate"}
FLAGS = libmseed.MSF_UNPACKDATA | libmseed.MSF_VALIDATECRC | libmseed.MSF_ATENDOFFILE


class Head(Struct, frozen=True):
    """Whose record begins at a byte, with which time, and how many bytes it has."""

    stream: StreamId
    start: float
    at: int
    length: int


def packets(data: bytes, most_dropped: float = inf) -> tuple[list[Packet], list[Dropped]]:
    """Every record of `data` as a packet, in file order, and what could not be read.

    most_dropped: records that may be unreadable until the rest is left. Never raises on bad data.
    Samples are copies (n,) of int32, float32 or float64.
    """
    read: list[Packet] = []
    dropped: list[Dropped] = []
    with _Decoder(data) as decoder:
        for word, _, _ in decoder.words():
            (read if isinstance(word, Packet) else dropped).append(word)  # type: ignore[arg-type]
            if len(dropped) > most_dropped:
                break
    return read, dropped


def heads(data: bytes) -> Iterator[Head | Dropped]:
    """Where each record is; its samples are decoded only where its header alone is not enough."""
    with _Decoder(data, FLAGS & ~libmseed.MSF_UNPACKDATA) as decoder:
        for word, at, length in decoder.words():
            if isinstance(word, Dropped):
                yield word
            else:
                yield Head(word.stream, word.start, at, length)


def encode(pieces: Iterable[Packet], version: Literal[2, 3] = 2, record_bytes: int = 512) -> bytes:
    """Packets as miniSEED records: Steim-2 for integers, else floats as they are.

    Version 2 keeps times to a microsecond, rates to seven digits and five letters of a station.
    """
    return b"".join(record for piece in pieces for record in _records(piece, version, record_bytes))


def fits_2(stream: StreamId) -> bool:
    """Whether miniSEED 2 has room for the stream's name."""
    names = (stream.network, stream.station, stream.location, stream.channel)
    return all(len(name) <= most for name, most in zip(names, NAMES_2, strict=True))


class _Decoder:
    """Goes through bytes record by record. Without unpacking, packets have no samples."""

    def __init__(self, data: bytes, flags: int = FLAGS) -> None:
        begin_operation()
        self._data, self._flags = data, flags
        self._buffer, self._record = ffi.from_buffer(data), ffi.new("MS3Record **")
        self._beyond_mending = 0  # heads in a row

    def __enter__(self) -> "_Decoder":
        return self

    def __exit__(self, *error: object) -> None:
        libmseed.msr3_free(self._record)

    def words(self) -> Iterator[tuple[Packet | Dropped, int, int]]:
        """(what is there, its first byte, how many it has)."""
        at = 0
        while at < len(self._data):
            word, length = self._one(at)
            yield word, at, length
            at += length

    def _one(self, at: int) -> tuple[Packet | Dropped, int]:
        word, length = self._parsed(self._buffer + at, len(self._data) - at, self._flags)
        whole = miniseed_mend.extent(self._data, at, length) if length else 0
        if isinstance(word, Packet) and whole >= length:
            return word, whole
        if isinstance(word, Dropped) and word.reason not in MENDABLE:
            return _placed(word, at), length
        found = self._mended(at)
        if found:
            return found
        if isinstance(word, Packet):
            return word, length
        return _placed(word, at), length or next_head(self._data, at) - at

    def _parsed(self, buffer: Any, size: int, flags: int) -> tuple[Packet | Dropped, int]:
        """What begins there and its length, which is 0 where that is not known."""
        status = libmseed.msr3_parse(buffer, size, self._record, flags, 0)
        complaints = pymseed.get_error_messages()
        if status:
            return _refused(status, complaints), 0
        record = self._record[0]
        return _packet(record, complaints, bool(flags & libmseed.MSF_UNPACKDATA)), int(
            record.reclen
        )

    def _mended(self, at: int) -> tuple[Packet, int] | None:
        """The record that a clean header makes of it, if its samples are right then.

        Given up after MOST_MENDED failures: data that only look like headers would take long.
        """
        if self._beyond_mending >= MOST_MENDED:
            return None
        if self._data[at : at + 3] == b"MS\x03":
            one = miniseed_mend.mended_3(self._data, at)
            readings: Iterable[tuple[bytes, int]] = [] if one is None else [one]
            flags = FLAGS & ~libmseed.MSF_VALIDATECRC
        else:
            readings, flags = miniseed_mend.mended(self._data, at), FLAGS
        for clean, length in readings:
            word, _ = self._parsed(ffi.from_buffer(clean), len(clean), flags)
            if isinstance(word, Packet):
                self._beyond_mending = 0
                return word, length
        self._beyond_mending += 1
        return None


def _packet(record: Any, complaints: list[str], unpacked: bool) -> Packet | Dropped:
    """The decoded record as a packet, unless its time or rate is impossible."""
    stream = _stream(ffi.string(record.sid))
    if stream is None:
        return Dropped("miniSEED", "unreadable stream name")
    spoilt = next((c for c in complaints if any(part in c for part in SPOILT)), None)
    if spoilt:
        return Dropped(str(stream), "damaged record", spoilt)
    start, rate = record.starttime / 1e9, record.samprate
    rate = -1.0 / rate if rate < 0 else rate  # miniSEED 3: below zero it is the period
    dtype, count = DTYPES.get(record.sampletype), record.numsamples
    if unpacked and (dtype is None or count <= 0):
        return Dropped(str(stream), "no waveform in record")
    if not (0.0 < rate <= FASTEST and EARLIEST <= start < LATEST):
        detail = f"{rate:g} samples/s at {start:.0f}"
        return Dropped(str(stream), "impossible time or rate", detail)
    if not unpacked or dtype is None:
        return Packet(stream, start, rate, np.empty(0, np.int32))
    raw = ffi.buffer(record.datasamples, count * dtype.itemsize)
    return Packet(stream, start, rate, np.frombuffer(raw, dtype).copy(), _is_calibration(record))


def _is_calibration(record: Any) -> bool:
    """By the flag of either version, or a blockette 300, 310, 320, 390 or 395.

    The decoder puts version 2's activity flag where version 3 has its own, and these blockettes
    among version 3's extra headers.
    """
    if record.flags & CALIBRATION:
        return True
    extra = bytes(ffi.buffer(record.extra, record.extralength)) if record.extralength else b""
    return b'"Calibration"' in extra


def _refused(status: int, complaints: list[str]) -> Dropped:
    if status > 0:
        return Dropped("miniSEED", "truncated record", f"{status} bytes missing")
    reason = "not miniSEED" if status == libmseed.MS_NOTSEED else "damaged record"
    return Dropped("miniSEED", reason, "; ".join(complaints) or reason)


def _placed(word: Dropped, at: int) -> Dropped:
    return Dropped(word.source, word.reason, f"byte {at}: {word.detail}".removesuffix(": "))


def next_head(data: bytes, at: int) -> int:
    """The first byte after `at` that looks like the head of a record; the end if none does."""
    found = HEAD.search(data, at + 1)
    return found.start() if found else len(data)


@lru_cache(maxsize=65536)
def _stream(sid: bytes) -> StreamId | None:
    """The name that a source identifier has, also without the FDSN's namespace before it."""
    text = sid.decode("ascii", "replace")
    try:
        names = pymseed.sourceid2nslc("FDSN:" + text.rpartition(":")[2])
    except (ValueError, pymseed.PymseedError):
        return None
    return codes.stream(*names) if all(name.isprintable() for name in names) else None


def _records(piece: Packet, version: int, record_bytes: int) -> Iterable[bytes]:
    """The records of one packet; int32 that jumps too far for Steim-2 is stored plainly."""
    s = piece.stream
    record = pymseed.MS3Record(reclen=record_bytes, encoding=_encoding(piece.samples))
    record.sourceid = pymseed.nslc2sourceid(s.network, s.station, s.location, s.channel)
    record.formatversion = version
    record.starttime = round(piece.start * 1e6) * 1000
    record.samprate = piece.rate
    record.flags = CALIBRATION * piece.calibration
    kind = next(k for k, dtype in DTYPES.items() if dtype == piece.samples.dtype).decode()
    with record.with_datasamples(np.ascontiguousarray(piece.samples), kind):
        return list(record.generate())


def _encoding(samples: Samples) -> int:
    if samples.dtype == np.float32:
        return pymseed.DataEncoding.FLOAT32
    if samples.dtype == np.float64:
        return pymseed.DataEncoding.FLOAT64
    widest = np.abs(np.diff(samples.astype(np.int64), prepend=0)).max(initial=0)
    return pymseed.DataEncoding.STEIM2 if widest < 1 << 29 else pymseed.DataEncoding.INT32
