"""The packets of SeedLink 3 and 4 on the wire, both ways; no socket.

    version 3   "SL", sequence number of six hexadecimal digits, one miniSEED record, which states
                its own length. Answers to INFO are miniSEED records of text
                after "SLINFO *", the last one after "SLINFO  ".
    version 4   "SE", format, subformat, length, sequence number, station, and as many bytes.

Between two packets there may be a line: END (end of the data) or ERROR.

An invalid packet does not affect others. A packet ends where its record states or where the next
header begins, whichever is first; a record of version 3 without a stated length has 512 bytes.
Bytes between two packets that are neither a packet nor a line are skipped up to the next head.
Sources: SeisComP's documentation of SeedLink 3; FDSN SeedLink 4.0, "Packet format".
"""

import re
import struct
from collections.abc import Iterator
from typing import Literal, TypeAlias

import pymseed
from msgspec import Struct
from pymseed.clib import clibmseed as libmseed
from pymseed.clib import ffi

from forewave.errors import FormatError

Version: TypeAlias = Literal[3, 4]
SEQUENCES_3 = 1 << 24  # sequence numbers of version 3, which then start again at 0
RECORD_3 = 512  # bytes; clients of version 3 expect no other length
_HEAD_4 = struct.Struct("<2sccIQB")
_LONGEST = 1 << 16  # bytes; records have 512 to 4096. A damaged length must not block the stream
_DETECTABLE = 64  # bytes of a record from which its length is known
_TEXT_3 = RECORD_3 - 64
_LINES = (b"END", b"ERROR", b"OK")
_SKIPPED = 1 << 14  # bytes without a packet after which the connection is given up
_RECORD = rb"(?:[0-9 \x00]{6}[DRQM][ \x00]|MS\x03)"  # how a record of miniSEED 2 or 3 begins
# Headers of packets, to find them among other bytes.
_HEAD_3 = re.compile(rb"SL(?:[0-9A-Fa-f]{6}|INFO [ *])")
_NEXT_3 = re.compile(_HEAD_3.pattern + _RECORD)
_NEXT_4 = re.compile(rb"SE[23JX][A-Z]..\x00\x00.{8}[\x00-\x20]", re.DOTALL)
_LONGEST_HEAD = 17  # bytes that these patterns match


class Frame(Struct, frozen=True):
    """What the server sent: data (a miniSEED record), info, error, the end, or odd bytes.

    station: "NET_STA"; empty in version 3, whose frames have none. sequence: None if it cannot be
    read. more: further parts of an answer to INFO follow. odd: bytes that are not a packet; they
    are skipped.
    """

    kind: Literal["data", "info", "error", "end", "odd"]
    payload: bytes = b""
    station: str = ""
    sequence: int | None = None
    more: bool = False


class FrameReader:
    """Splits the bytes of a connection, as they are received, into frames."""

    def __init__(self, version: Version) -> None:
        self._read = _frame_3 if version == 3 else _frame_4
        self._next = _NEXT_3 if version == 3 else _NEXT_4
        self._signature = b"SL" if version == 3 else b"SE"
        self._buffer = bytearray()
        self._skipped: int | None = None  # bytes since the last packet, while they are odd
        self._following: int | None = None  # position of the next header; -1 if there is none

    def feed(self, data: bytes) -> Iterator[Frame]:
        """The frames that are complete now. Raises FormatError if it is not SeedLink."""
        self._buffer += data
        self._following = None
        at = 0
        try:
            while found := self._one(at):
                frame, at = found
                yield frame
        finally:
            del self._buffer[:at]

    def _one(self, at: int) -> tuple[Frame, int] | None:
        """The frame at `at` and its end; None while it is incomplete."""
        if self._skipped is not None:
            found = self._next.search(self._buffer, at)
            if found is None:
                self._skip(at)
                return None
            at, self._skipped = found.start(), None
        while self._buffer.startswith((b"\r", b"\n"), at):
            at += 1
        head = bytes(self._buffer[at : at + 5])
        if head.startswith(self._signature):
            return self._packet(at)
        if self._signature.startswith(head):
            return None
        if any(line.startswith(head) or head.startswith(line) for line in _LINES):
            return self._line(at)
        return self._odd(at)

    def _packet(self, at: int) -> tuple[Frame, int] | None:
        frame = self._read(self._buffer, at, self._next_after(at + 2))
        if frame is None and len(self._buffer) - at > 2 * _LONGEST:
            return self._odd(at)
        return frame

    def _next_after(self, at: int) -> int | None:
        """Position of the next header; searched for once, however many packets precede it."""
        if self._following is None or 0 <= self._following < at:
            found = self._next.search(self._buffer, at)
            self._following = found.start() if found else -1
        return self._following if self._following >= 0 else None

    def _odd(self, at: int) -> tuple[Frame, int]:
        self._skipped = 0
        return Frame("odd", bytes(self._buffer[at : at + 8])), at + 1

    def _skip(self, at: int) -> None:
        """Discard bytes that are not a packet, except the possible beginning of one."""
        assert self._skipped is not None
        gone = max(0, len(self._buffer) - at - _LONGEST_HEAD)
        begins = bytes(self._buffer[at : at + 5])
        del self._buffer[at : at + gone]
        self._skipped += gone
        if self._skipped > _SKIPPED:
            raise FormatError(f"expected SeedLink packets, found {begins!r}")

    def _line(self, at: int) -> tuple[Frame, int] | None:
        if self._buffer.startswith(b"END", at):
            return Frame("end"), at + 3
        end = self._buffer.find(b"\n", at)
        if end < 0 and len(self._buffer) - at > RECORD_3:
            return self._odd(at)
        line = bytes(self._buffer[at:end]).strip()
        kind: Literal["error", "odd"] = "error" if line.startswith(b"ERROR") else "odd"
        return None if end < 0 else (Frame(kind, line), end + 1)


def begins_packet(data: bytes | bytearray, at: int, version: Version) -> bool:
    """Whether the bytes at `at` look like the header of a packet, not like a line."""
    return bool((_HEAD_3 if version == 3 else _NEXT_4).match(data, at))


def frame_3(sequence: int, record: bytes) -> bytes:
    """A packet of version 3."""
    return b"SL%06X%b" % (sequence % SEQUENCES_3, record)


def frame_4(station: str, sequence: int, payload: bytes, form: bytes = b"3D") -> bytes:
    """A packet of version 4. form: format and subformat, e.g. 3D (miniSEED 3) or JI (INFO)."""
    name = station.encode()
    return (
        _HEAD_4.pack(b"SE", form[:1], form[1:], len(payload), sequence, len(name)) + name + payload
    )


def info_3(text: str, *, error: bool = False) -> bytes:
    """An answer to INFO in version 3: text in as many records as needed.

    error: the request was refused; the channel of the records is ERR instead of INF.
    """
    data = text.encode("ascii", "xmlcharrefreplace")
    parts = [data[n : n + _TEXT_3] for n in range(0, max(1, len(data)), _TEXT_3)]
    last = len(parts) - 1
    return b"".join(
        (b"SLINFO  " if n == last else b"SLINFO *") + _text_record(part, "ERR" if error else "INF")
        for n, part in enumerate(parts)
    )


def info_4(json: bytes, *, error: bool = False) -> bytes:
    """An answer to INFO in version 4."""
    return frame_4("", 0, json, b"JE" if error else b"JI")


def _frame_3(buffer: bytearray, at: int, following: int | None) -> tuple[Frame, int] | None:
    """following: position of the next header, if there is one."""
    if len(buffer) - at < 8 + _DETECTABLE and following is None:
        return None
    head, begin = bytes(buffer[at : at + 8]), at + 8
    length = _record_length(buffer, begin)
    end = following if length is None else begin + length
    if end is None or (end > len(buffer) and following is None):
        return None
    end = end if following is None else max(min(end, following), min(begin, following))
    payload = bytes(buffer[begin:end])
    if not payload:
        return Frame("odd", head), end
    if head.startswith(b"SLINFO"):
        return Frame("info", payload, more=head.endswith(b"*")), end
    try:
        return Frame("data", payload, sequence=int(head[2:], 16)), end
    except ValueError:  # the record is valid without it
        return Frame("data", payload), end


def _record_length(buffer: bytearray, at: int) -> int | None:
    """Length of the miniSEED record at `at`; None: not a record, or not known yet."""
    known = bytes(buffer[at : at + RECORD_3])
    length = int(libmseed.ms3_detect(ffi.from_buffer(known), len(known), ffi.new("uint8_t *")))
    pymseed.clear_error_messages()
    stated = length > 0
    if (length == 0 and len(known) == RECORD_3) or (
        not stated and _HEAD_3.match(buffer, at + RECORD_3)
    ):
        return RECORD_3
    return length if stated and length <= _LONGEST else None


def _frame_4(buffer: bytearray, at: int, following: int | None) -> tuple[Frame, int] | None:
    if len(buffer) - at < _HEAD_4.size and following is None:
        return None
    if following is not None and following < at + _HEAD_4.size:
        return Frame("odd", bytes(buffer[at : at + 8])), following
    _, form, sub, length, sequence, name_length = _HEAD_4.unpack_from(buffer, at)
    begin = at + _HEAD_4.size
    end = begin + name_length + length
    if following is not None and following < end:
        return Frame("odd", bytes(buffer[at : at + 8])), following
    if len(buffer) < end:
        return None
    station = bytes(buffer[begin : begin + name_length]).decode("ascii", "replace")
    return Frame(
        _kind_4(form, sub), bytes(buffer[begin + name_length : end]), station, sequence
    ), end


def _kind_4(form: bytes, sub: bytes) -> Literal["data", "info", "error"]:
    if form not in (b"J", b"X"):
        return "data"
    return "error" if sub == b"E" else "info"


def _text_record(text: bytes, channel: str) -> bytes:
    """A miniSEED 2 record of text, the form of answers in version 3."""
    record = pymseed.MS3Record(reclen=RECORD_3, encoding=pymseed.DataEncoding.TEXT)
    record.sourceid, record.formatversion = f"FDSN:SL_INFO__{'_'.join(channel)}", 2
    record.samprate = 0.0
    record.starttime = 0
    with record.with_datasamples(text, "t"):
        return b"".join(record.generate())
