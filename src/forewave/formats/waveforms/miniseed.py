"""miniSEED 2 and 3: bytes to packets and back.

libmseed (through pymseed's C interface, four times faster than its record objects) decodes one
record after the other. Its remarks on a header are ignored: a record is refused only if its samples
are damaged (failed integrity check of a Steim encoding, failed checksum, missing samples). A record
that is not decoded is tried again with a reconstructed header (`miniseed_mend`). If that fails, it
is dropped with its position and the reason, and reading continues at the next record header: one
flipped bit costs one record, never the file.
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
)  # version 3 also by a valid hour, minute and second
MOST_MENDED = 500  # consecutive failures after which headers are no longer reconstructed
NAMES_2 = (2, 5, 2, 3)  # characters of network, station, location, channel in miniSEED 2
DTYPES: dict[bytes, np.dtype[Any]] = {
    b"i": np.dtype(np.int32),
    b"f": np.dtype(np.float32),
    b"d": np.dtype(np.float64),
}
CALIBRATION = 1  # bit 0 of the flags
FASTEST = 100_000.0  # samples/s; no seismic sensor is sampled faster
EARLIEST, LATEST = (
    -2_208_988_800.0,
    4_102_444_800.0,
)  # 1900 to 2100; other times are damaged headers
SPOILT = (  # parts of the decoder's messages about samples; all other messages are remarks
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
    """Stream and start time of a record, its first byte, its length in bytes, and samples/s."""

    stream: StreamId
    start: float
    at: int
    length: int
    rate: float


def packets(data: bytes, most_dropped: float = inf) -> tuple[list[Packet], list[Dropped]]:
    """Every record of `data` as a packet, in file order, and what could not be read.

    most_dropped: unreadable records after which reading stops. Never raises on bad data.
    Samples are copies (n,) of int32, float32 or float64.
    """
    read: list[Packet] = []
    dropped: list[Dropped] = []
    with _Decoder(data) as decoder:
        for decoded, _, _ in decoder.records():
            (read if isinstance(decoded, Packet) else dropped).append(decoded)  # type: ignore[arg-type]
            if len(dropped) > most_dropped:
                break
    return read, dropped


def heads(data: bytes) -> Iterator[Head | Dropped]:
    """The position of each record; samples are decoded only if the header alone is not enough."""
    with _Decoder(data, FLAGS & ~libmseed.MSF_UNPACKDATA) as decoder:
        for decoded, at, length in decoder.records():
            if isinstance(decoded, Dropped):
                yield decoded
            else:
                yield Head(decoded.stream, decoded.start, at, length, decoded.rate)


def encode(given: Iterable[Packet], version: Literal[2, 3] = 2, record_bytes: int = 512) -> bytes:
    """Packets as miniSEED records: Steim-2 for integers, floats unencoded.

    Version 2 keeps times to 1 microsecond, rates to 7 digits and station codes to 5 characters.
    """
    return b"".join(
        record for packet in given for record in _records(packet, version, record_bytes)
    )


def fits_2(stream: StreamId) -> bool:
    """Whether the codes of a stream fit into a miniSEED 2 header."""
    names = (stream.network, stream.station, stream.location, stream.channel)
    return all(len(name) <= most for name, most in zip(names, NAMES_2, strict=True))


class _Decoder:
    """Decodes bytes record by record. Without MSF_UNPACKDATA, packets have no samples."""

    def __init__(self, data: bytes, flags: int = FLAGS) -> None:
        begin_operation()
        self._data, self._flags = data, flags
        self._buffer, self._record = ffi.from_buffer(data), ffi.new("MS3Record **")
        self._failures = 0  # consecutive, of reconstructed headers

    def __enter__(self) -> "_Decoder":
        return self

    def __exit__(self, *error: object) -> None:
        libmseed.msr3_free(self._record)

    def records(self) -> Iterator[tuple[Packet | Dropped, int, int]]:
        """(packet or reason, first byte, length in bytes) of each record."""
        at = 0
        while at < len(self._data):
            decoded, length = self._one(at)
            yield decoded, at, length
            at += length

    def _one(self, at: int) -> tuple[Packet | Dropped, int]:
        decoded, length = self._parsed(self._buffer + at, len(self._data) - at, self._flags)
        whole = miniseed_mend.extent(self._data, at, length) if length else 0
        if isinstance(decoded, Packet) and whole >= length:
            return decoded, whole
        if isinstance(decoded, Dropped) and decoded.reason not in MENDABLE:
            return _placed(decoded, at), length
        found = self._mended(at)
        if found:
            return found
        if isinstance(decoded, Packet):
            return decoded, length
        return _placed(decoded, at), length or next_head(self._data, at) - at

    def _parsed(self, buffer: Any, size: int, flags: int) -> tuple[Packet | Dropped, int]:
        """The record at the start of `buffer` and its length, which is 0 if unknown."""
        status = libmseed.msr3_parse(buffer, size, self._record, flags, 0)
        complaints = pymseed.get_error_messages()
        if status:
            return _refused(status, complaints), 0
        record = self._record[0]
        return _packet(record, complaints, bool(flags & libmseed.MSF_UNPACKDATA)), int(
            record.reclen
        )

    def _mended(self, at: int) -> tuple[Packet, int] | None:
        """The record decoded with a reconstructed header, if its samples are then valid.

        Not tried after MOST_MENDED failures: data that only resemble headers would take long.
        """
        if self._failures >= MOST_MENDED:
            return None
        if self._data[at : at + 3] == b"MS\x03":
            one = miniseed_mend.mended_3(self._data, at)
            readings: Iterable[tuple[bytes, int]] = [] if one is None else [one]
            flags = FLAGS & ~libmseed.MSF_VALIDATECRC
        else:
            readings, flags = miniseed_mend.mended(self._data, at), FLAGS
        for clean, length in readings:
            decoded, _ = self._parsed(ffi.from_buffer(clean), len(clean), flags)
            if isinstance(decoded, Packet):
                self._failures = 0
                return decoded, length
        self._failures += 1
        return None


def _packet(record: Any, complaints: list[str], unpacked: bool) -> Packet | Dropped:
    """The decoded record as a packet, unless its samples, time or rate are invalid."""
    stream = _stream(ffi.string(record.sid))
    if stream is None:
        return Dropped("miniSEED", "unreadable stream name")
    spoilt = next((c for c in complaints if any(part in c for part in SPOILT)), None)
    if spoilt:
        return Dropped(str(stream), "damaged record", spoilt)
    start, rate = record.starttime / 1e9, record.samprate
    rate = -1.0 / rate if rate < 0 else rate  # miniSEED 3: a negative value is the period
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
    """Whether a flag or a blockette 300, 310, 320, 390 or 395 marks a calibration.

    The decoder maps the activity flag of version 2 to the flag of version 3, and these blockettes
    to extra headers of version 3.
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


def _placed(decoded: Dropped, at: int) -> Dropped:
    return Dropped(
        decoded.source, decoded.reason, f"byte {at}: {decoded.detail}".removesuffix(": ")
    )


def next_head(data: bytes, at: int) -> int:
    """The first byte after `at` that looks like a record header; the end if there is none."""
    found = HEAD.search(data, at + 1)
    return found.start() if found else len(data)


@lru_cache(maxsize=65536)
def _stream(sid: bytes) -> StreamId | None:
    """The stream of a source identifier, with or without the namespace "FDSN:"."""
    text = sid.decode("ascii", "replace")
    try:
        names = pymseed.sourceid2nslc("FDSN:" + text.rpartition(":")[2])
    except (ValueError, pymseed.PymseedError):
        return None
    return codes.stream(*names) if all(name.isprintable() for name in names) else None


def _records(packet: Packet, version: int, record_bytes: int) -> Iterable[bytes]:
    """The records of one packet; int32 with differences too large for Steim-2 is not compressed."""
    s = packet.stream
    record = pymseed.MS3Record(reclen=record_bytes, encoding=_encoding(packet.samples))
    record.sourceid = pymseed.nslc2sourceid(s.network, s.station, s.location, s.channel)
    record.formatversion = version
    record.starttime = round(packet.start * 1e6) * 1000
    record.samprate = packet.rate
    record.flags = CALIBRATION * packet.calibration
    kind = next(k for k, dtype in DTYPES.items() if dtype == packet.samples.dtype).decode()
    with record.with_datasamples(np.ascontiguousarray(packet.samples), kind):
        return list(record.generate())


def _encoding(samples: Samples) -> int:
    if samples.dtype == np.float32:
        return pymseed.DataEncoding.FLOAT32
    if samples.dtype == np.float64:
        return pymseed.DataEncoding.FLOAT64
    widest = np.abs(np.diff(samples.astype(np.int64), prepend=0)).max(initial=0)
    return pymseed.DataEncoding.STEIM2 if widest < 1 << 29 else pymseed.DataEncoding.INT32
