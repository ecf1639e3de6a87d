"""miniSEED 2 and 3: bytes to packets and back.

libmseed (through pymseed's C interface, four times faster than its record objects) decodes one
record after the other. A record that cannot be decoded is dropped with its place and reason, and
reading goes on at the next place that looks like the head of a record: one flipped bit costs one
record, never the file.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import pymseed
from msgspec import Struct
from pymseed.clib import clibmseed as libmseed
from pymseed.clib import ffi
from pymseed.logging import begin_operation

from forewave.types import Dropped, Packet, Samples, StreamId

HEAD = re.compile(rb"MS\x03|[0-9 \x00]{6}[DRQM][ \x00]")
NAMES_2 = (2, 5, 2, 3)  # letters that miniSEED 2 has for network, station, location, channel
DTYPES: dict[bytes, np.dtype[Any]] = {
    b"i": np.dtype(np.int32),
    b"f": np.dtype(np.float32),
    b"d": np.dtype(np.float64),
}
FASTEST = 100_000.0  # samples/s; nothing on the ground is sampled faster
LATEST = 4_102_444_800.0  # 2100-01-01: a record that says later has a broken head
FLAGS = libmseed.MSF_UNPACKDATA | libmseed.MSF_VALIDATECRC | libmseed.MSF_ATENDOFFILE


class Head(Struct, frozen=True):
    """Whose record begins at a byte, with which time, and how many bytes it has."""

    stream: StreamId
    start: float
    at: int
    length: int


def packets(data: bytes) -> tuple[list[Packet], list[Dropped]]:
    """Every record of `data` as a packet, in file order, and what could not be read.

    Never raises on bad data. Samples are copies (n,) of int32, float32 or float64.
    """
    begin_operation()
    read: list[Packet] = []
    dropped: list[Dropped] = []
    buffer, record, at = ffi.from_buffer(data), ffi.new("MS3Record **"), 0
    try:
        while at < len(data):
            status = libmseed.msr3_parse(buffer + at, len(data) - at, record, FLAGS, 0)
            word = _refused(status, at) if status else _packet(record[0], at)
            (read if isinstance(word, Packet) else dropped).append(word)  # type: ignore[arg-type]
            at = next_head(data, at) if status else at + int(record[0].reclen)
    finally:
        libmseed.msr3_free(record)
    return read, dropped


def heads(data: bytes) -> Iterator[Head | Dropped]:
    """Where each record is, without decoding it; what is no record is told as by `packets`."""
    begin_operation()
    buffer, record, at = ffi.from_buffer(data), ffi.new("MS3Record **"), 0
    try:
        while at < len(data):
            status = libmseed.msr3_parse(buffer + at, len(data) - at, record, 0, 0)
            yield _refused(status, at) if status else _head(record[0], at)
            at = next_head(data, at) if status else at + int(record[0].reclen)
    finally:
        libmseed.msr3_free(record)


def encode(pieces: Iterable[Packet], version: Literal[2, 3] = 2, record_bytes: int = 512) -> bytes:
    """Packets as miniSEED records: Steim-2 for integers, else floats as they are.

    Version 2 keeps times to a microsecond, rates to seven digits and five letters of a station.
    """
    return b"".join(record for piece in pieces for record in _records(piece, version, record_bytes))


def fits_2(stream: StreamId) -> bool:
    """Whether miniSEED 2 has room for the stream's name."""
    names = (stream.network, stream.station, stream.location, stream.channel)
    return all(len(name) <= most for name, most in zip(names, NAMES_2, strict=True))


def _head(record: Any, at: int) -> Head | Dropped:
    stream = _stream(ffi.string(record.sid))
    if stream is None:
        return Dropped("miniSEED", "unreadable stream name", f"byte {at}")
    return Head(stream, record.starttime * 1e-9, at, int(record.reclen))


def _packet(record: Any, at: int) -> Packet | Dropped:
    """The decoded record as a packet, unless what it says cannot be true."""
    stream = _stream(ffi.string(record.sid))
    if stream is None:
        return Dropped("miniSEED", "unreadable stream name", f"byte {at}")
    complaints = pymseed.get_error_messages()
    if complaints:
        return Dropped(str(stream), "damaged record", f"byte {at}: {complaints[0]}")
    dtype, count = DTYPES.get(record.sampletype), record.numsamples
    if dtype is None or count <= 0:
        return Dropped(str(stream), "no waveform in record", f"byte {at}")
    start, rate = record.starttime * 1e-9, record.samprate
    if not (0.0 < rate <= FASTEST and 0.0 < start < LATEST):
        return Dropped(
            str(stream), "impossible time or rate", f"byte {at}: {rate:g} samples/s at {start:.0f}"
        )
    raw = ffi.buffer(record.datasamples, count * dtype.itemsize)
    return Packet(stream, start, rate, np.frombuffer(raw, dtype).copy())


def _refused(status: int, at: int) -> Dropped:
    complaints = pymseed.get_error_messages()
    if status > 0:
        return Dropped("miniSEED", "truncated record", f"byte {at}: {status} bytes missing")
    reason = "not miniSEED" if status == libmseed.MS_NOTSEED else "damaged record"
    return Dropped("miniSEED", reason, f"byte {at}: {'; '.join(complaints) or reason}")


def next_head(data: bytes, at: int) -> int:
    """The first byte after `at` that looks like the head of a record; the end if none does."""
    found = HEAD.search(data, at + 1)
    return found.start() if found else len(data)


@lru_cache(maxsize=65536)
def _stream(sid: bytes) -> StreamId | None:
    try:
        names = pymseed.sourceid2nslc(sid.decode("ascii"))
    except (ValueError, pymseed.PymseedError):
        return None
    return StreamId(*names) if all(name.isprintable() for name in names) else None


def _records(piece: Packet, version: int, record_bytes: int) -> Iterable[bytes]:
    """The records of one packet; int32 that jumps too far for Steim-2 is stored plainly."""
    s = piece.stream
    record = pymseed.MS3Record(reclen=record_bytes, encoding=_encoding(piece.samples))
    record.sourceid = pymseed.nslc2sourceid(s.network, s.station, s.location, s.channel)
    record.formatversion = version
    record.starttime = round(piece.start * 1e6) * 1000
    record.samprate = piece.rate
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
