"""Reconstructs records whose header is invalid but whose samples are not.

The decoder refuses a record with a header that it does not understand. Decoding needs only stream,
time, rate, number of samples, offset of the data and encoding. If these are known, a new record is
written: fixed header, blockettes 1000, 1001 and 100, and the data. The decoder checks whether the
samples are valid: with Steim encodings the data state the last sample. In miniSEED 3 records only
times out of range (24:00:00, second 60) are corrected.

Sources: SEED manual 2.4, chapter 8 (fixed section of data header; blockettes 100, 1000, 1001);
FDSN miniSEED 3, fixed header.
"""

import re
import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from msgspec import Struct

from forewave.formats import codes

FIXED = 48  # bytes of the fixed header
_AREA = 128  # bytes of a reconstructed record before its data
SHORTEST, LONGEST = 128, 1 << 16  # bytes of a record whose stated length is wrong
USUAL = 512  # bytes of a record; shorter ones may have been padded to it
# Year, day, hour, minute, second, unused, 0.0001 s, samples, rate factor and multiplier, flags (3),
# blockettes, time correction, offsets of data and of the first blockette.
_FIELDS = "HHBBBBHHhhBBBBiHH"
_TIME_3 = struct.Struct("<IHHBBB")  # nanoseconds, year, day, hour, minute, second: from byte 4 on
_FIXED_3, _CHECKSUM, _SECOND = 40, slice(28, 32), 1_000_000_000  # nanoseconds
_BIG, _LITTLE = struct.Struct(">" + _FIELDS), struct.Struct("<" + _FIELDS)
_STEIM_1, _STEIM_2 = 10, 11
_ENCODINGS = (1, 3, 4, 5, 10, 11, 12, 13, 14, 16, 30, 32, 33)
_BYTES_EACH = {1: 2, 3: 4, 4: 4, 5: 8, 12: 3, 13: 2, 14: 2, 16: 2, 30: 2, 32: 2, 33: 2}
_MOST_BLOCKETTES = 100
_FASTEST = 100_000.0  # samples/s; a blockette 100 with more is ignored
_QUALITIES = b"DRQM"
_HEAD = re.compile(rb"[0-9 \x00]{6}[DRQM][ \x00]")


def _crc_of(byte: int) -> int:
    for _ in range(8):
        byte = (byte >> 1) ^ (0x82F63B78 if byte & 1 else 0)
    return byte


_CRC_TABLE = tuple(map(_crc_of, range(256)))


class _Header(Struct, frozen=True):
    """The fixed header and its byte order (`order`)."""

    order: str
    time: datetime
    samples: int
    factor: int
    multiplier: int
    flags: tuple[int, int, int]
    correction: int
    data: int
    blockettes: int


class _Stated(Struct):
    """What the blockettes state; None: not stated."""

    encoding: int | None = None
    order: int | None = None
    length: int | None = None
    rate: float | None = None
    microseconds: int = 0
    end: int = FIXED


def extent(data: bytes, at: int, stated: int) -> int:
    """Bytes of the record at `at`: as stated, or up to the next header if that comes first.

    Zeros after a record that states less than the usual length are its padding.
    """
    length = SHORTEST
    while length < stated:
        if begins(data, at + length):
            return length
        length *= 2
    end, padded = at + stated, at + 2 * stated
    if (
        length == stated < USUAL
        and padded <= len(data)
        and not data.count(b"\0", end, padded) < stated
    ):
        return 2 * stated
    return stated


def begins(data: bytes, at: int) -> bool:
    """Whether the bytes at `at` look like the header of a miniSEED 2 record."""
    return (
        at + 6 < len(data)
        and data[at + 6] in _QUALITIES
        and bool(_HEAD.match(data, at))
        and _header(data, at) is not None
    )


def mended(data: bytes, at: int) -> Iterator[tuple[bytes, int]]:
    """Reconstructions of the record at `at`, one for each possible reading, and its length."""
    header = _header(data, at)
    if header is None or header.samples == 0:
        return
    stated = _blockettes(data, at, header)
    lengths = [_to_next(data, at), stated.length]
    for length in dict.fromkeys(n for n in lengths if n):
        whole = data[at : at + length]
        for offset in _offsets(header, stated, len(whole)):
            for encoding in _encodings(stated):
                if header.samples * _BYTES_EACH.get(encoding, 0) <= len(whole) - offset:
                    yield _reconstructed(header, stated, whole, offset, encoding), len(whole)


def mended_3(data: bytes, at: int) -> tuple[bytes, int] | None:
    """A miniSEED 3 record without its checksum, and its length; None if the checksum is wrong.

    24:00, second 60 and 10^9 ns are carried over to the next unit.
    """
    head = data[at : at + _FIXED_3]
    if len(head) < _FIXED_3:
        return None
    extra, payload = struct.unpack_from("<HI", head, 34)
    length = _FIXED_3 + head[33] + extra + payload
    whole = data[at : at + length]
    if length > LONGEST or len(whole) < length:
        return None
    stated = int.from_bytes(whole[_CHECKSUM], "little")
    blank = whole[: _CHECKSUM.start] + bytes(4) + whole[_CHECKSUM.stop :]
    if stated and stated != checksum(blank):
        return None
    nanoseconds, year, day, hour, minute, second = _TIME_3.unpack_from(blank, 4)
    time = _time(year, day, hour, minute, second, 0)
    if time is None or nanoseconds > _SECOND:
        return blank, length
    time += timedelta(seconds=nanoseconds // _SECOND)
    place = (time.year, time.timetuple().tm_yday, time.hour, time.minute, time.second)
    carried = _TIME_3.pack(nanoseconds % _SECOND, *place)
    return blank[:4] + carried + blank[4 + _TIME_3.size :], length


def checksum(data: bytes) -> int:
    """CRC-32C (Castagnoli) of a miniSEED 3 record whose checksum field is zero."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = _CRC_TABLE[(crc ^ byte) & 0xFF] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def _header(data: bytes, at: int) -> _Header | None:
    if len(data) - at < FIXED + 16 or data[at + 6] not in _QUALITIES:
        return None
    if not all(codes.is_printable(byte) for byte in data[at + 8 : at + 20]):
        return None
    for order, layout in ((">", _BIG), ("<", _LITTLE)):
        f = layout.unpack_from(data, at + 20)
        time = _time(f[0], f[1], f[2], f[3], f[4], f[6])
        if time is not None:
            return _Header(order, time, f[7], f[8], f[9], f[10:13], f[14], f[15], f[16])
    return None


def _time(
    year: int, day: int, hour: int, minute: int, second: int, fraction: int
) -> datetime | None:
    """The time with 24:00, second 60 and fraction 10000 carried over; None if out of range."""
    if not (
        1900 <= year <= 2100
        and 1 <= day <= 366
        and hour <= 24
        and minute <= 60
        and second <= 60
        and fraction <= 10_000
    ):
        return None
    passed = timedelta(day - 1, hours=hour, minutes=minute, seconds=second)
    return datetime(year, 1, 1, tzinfo=UTC) + passed + timedelta(microseconds=100 * fraction)


def _blockettes(data: bytes, at: int, header: _Header) -> _Stated:
    """What the chain of blockettes states; without a blockette 1000 in it, one is searched for."""
    stated, place, seen = _Stated(), header.blockettes, 0
    end = min(len(data) - at, LONGEST)
    while FIXED <= place <= end - 8 and seen < _MOST_BLOCKETTES:
        kind, following = struct.unpack_from(header.order + "HH", data, at + place)
        _read_blockette(stated, kind, data[at + place : at + place + 12], header.order)
        stated.end = max(stated.end, place + {1000: 8, 1001: 8, 100: 12}.get(kind, 4))
        if following <= place:
            break
        place, seen = following, seen + 1
    if stated.encoding is None:
        _search(stated, data[at : at + max(header.data, _AREA)], header.order)
    return stated


def _read_blockette(stated: _Stated, kind: int, body: bytes, order: str) -> None:
    if kind == 1000:
        encoding, byte_order, exponent = body[4:7]
        if encoding in _ENCODINGS:
            stated.encoding = encoding
        if byte_order <= 1:
            stated.order = byte_order
        if SHORTEST <= 1 << min(exponent, 30) <= LONGEST:
            stated.length = 1 << exponent
    elif kind == 1001:
        stated.microseconds = struct.unpack_from("b", body, 5)[0]
    elif kind == 100 and len(body) == 12:
        rate = struct.unpack_from(order + "f", body, 4)[0]
        stated.rate = rate if 0 < rate <= _FASTEST else None


def _search(stated: _Stated, area: bytes, order: str) -> None:
    """Find a blockette 1000 outside of the chain."""
    mark = struct.pack(order + "H", 1000)
    place = area.find(mark, FIXED)
    while 0 <= place <= len(area) - 8:
        body = area[place : place + 8]
        aligned = (place - FIXED) % 4 == 0
        if aligned and body[4] in _ENCODINGS and body[5] <= 1 and 7 <= body[6] <= 16:
            _read_blockette(stated, 1000, body, order)
            stated.end = max(stated.end, place + 8)
            return
        place = area.find(mark, place + 1)


def _to_next(data: bytes, at: int) -> int | None:
    """Bytes up to the next record or the end of the data."""
    length = SHORTEST
    while length <= LONGEST and at + length < len(data):
        if begins(data, at + length):
            return length
        length *= 2
    rest = len(data) - at
    return rest if rest <= LONGEST else None


def _offsets(header: _Header, stated: _Stated, length: int) -> list[int]:
    """Possible offsets of the data: as stated, and the first frame after the blockettes."""
    after = -(-stated.end // 64) * 64
    return [n for n in dict.fromkeys((header.data, after)) if FIXED <= n < length]


def _encodings(stated: _Stated) -> tuple[int, ...]:
    return (_STEIM_1, _STEIM_2) if stated.encoding is None else (stated.encoding,)


def _reconstructed(
    header: _Header, stated: _Stated, whole: bytes, offset: int, encoding: int
) -> bytes:
    body = whole[offset:]
    exponent = max(7, (_AREA + len(body) - 1).bit_length())
    time = header.time
    fields = _BIG.pack(
        time.year,
        time.timetuple().tm_yday,
        time.hour,
        time.minute,
        time.second,
        0,
        time.microsecond // 100,
        header.samples,
        header.factor,
        header.multiplier,
        *header.flags,
        2 if stated.rate is None else 3,
        header.correction,
        _AREA,
        FIXED,
    )
    order = stated.order if stated.order is not None else int(header.order == ">")
    blockettes = struct.pack(">HHBBBx", 1000, 56, encoding, order, exponent)
    more = 0 if stated.rate is None else 64
    blockettes += struct.pack(">HHBbxx", 1001, more, 0, stated.microseconds)
    if stated.rate is not None:
        blockettes += struct.pack(">HHf4x", 100, 0, stated.rate)
    head = b"000001" + whole[6:7] + b" " + whole[8:20] + fields + blockettes
    return (head.ljust(_AREA, b"\0") + body).ljust(1 << exponent, b"\0")
