"""The packets of SeedLink 3 and 4 on the wire, both ways; no socket.

    version 3   "SL", sequence number in six hexadecimal digits, one miniSEED record. Its length is
                not said: the record itself tells. Answers to INFO are miniSEED records of text
                behind "SLINFO *", the last one behind "SLINFO  ".
    version 4   "SE", format, subformat, length, sequence number, station, and as many bytes.

Between two packets there may be a line: END (nothing more will come) or ERROR.
Sources: SeisComP's documentation of SeedLink 3; FDSN SeedLink 4.0, "Packet format".
"""

import struct
from collections.abc import Iterator
from typing import Literal, TypeAlias

import pymseed
from msgspec import Struct
from pymseed.clib import clibmseed as libmseed
from pymseed.clib import ffi

from forewave.errors import FormatError

Version: TypeAlias = Literal[3, 4]
SEQUENCES_3 = 1 << 24  # version 3 counts packets up to here, then from 0
RECORD_3 = 512  # bytes; clients of version 3 expect no other length
_HEAD_4 = struct.Struct("<2sccIQB")
_LONGEST = 1 << 14  # bytes; records are 512 to 4096. A broken length must not be waited for
_DETECTABLE = 64  # bytes of a record by which its length can be told
_HEADERS = 1024  # bytes within which nearly every record says its length
_TEXT_3 = RECORD_3 - 64
_LINES = (b"END", b"ERROR")


class Frame(Struct, frozen=True):
    """What the server sent: data (a miniSEED record), info, error, or the end.

    station: "NET_STA"; empty where the frame does not say it (version 3). more: this is not the
    last piece of an answer to INFO.
    """

    kind: Literal["data", "info", "error", "end"]
    payload: bytes = b""
    station: str = ""
    sequence: int | None = None
    more: bool = False


class FrameReader:
    """Bytes as they come, to frames."""

    def __init__(self, version: Version) -> None:
        self._read = _frame_3 if version == 3 else _frame_4
        self._signature = b"SL" if version == 3 else b"SE"
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Every frame that is complete now. Raises FormatError at what is not SeedLink."""
        self._buffer += data
        at = 0
        try:
            while found := self._one(at):
                frame, at = found
                yield frame
        finally:
            del self._buffer[:at]

    def _one(self, at: int) -> tuple[Frame, int] | None:
        """The frame that begins there and where it ends; None while it is incomplete."""
        while self._buffer.startswith((b"\r", b"\n"), at):
            at += 1
        head = bytes(self._buffer[at : at + 5])
        if head.startswith(self._signature):
            return self._read(self._buffer, at)
        if self._signature.startswith(head):
            return None
        if not any(line.startswith(head) or head.startswith(line) for line in _LINES):
            raise FormatError(f"sent what is not SeedLink: {head!r}")
        return self._line(at)

    def _line(self, at: int) -> tuple[Frame, int] | None:
        if self._buffer.startswith(b"END", at):
            return Frame("end"), at + 3
        end = self._buffer.find(b"\n", at)
        if end < 0 and len(self._buffer) - at > RECORD_3:
            raise FormatError("sent a line without an end")
        return None if end < 0 else (Frame("error", bytes(self._buffer[at:end]).strip()), end + 1)


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
    """An answer to INFO in version 3: the text in as many records as it needs.

    error: it was refused; then the records are of channel ERR and not INF.
    """
    data = text.encode("ascii", "xmlcharrefreplace")
    pieces = [data[n : n + _TEXT_3] for n in range(0, max(1, len(data)), _TEXT_3)]
    last = len(pieces) - 1
    return b"".join(
        (b"SLINFO  " if n == last else b"SLINFO *") + _text_record(piece, "ERR" if error else "INF")
        for n, piece in enumerate(pieces)
    )


def info_4(json: bytes, *, error: bool = False) -> bytes:
    """An answer to INFO in version 4."""
    return frame_4("", 0, json, b"JE" if error else b"JI")


def _frame_3(buffer: bytearray, at: int) -> tuple[Frame, int] | None:
    if len(buffer) - at < 8 + _DETECTABLE:
        return None
    head, begin = bytes(buffer[at : at + 8]), at + 8
    length = _record_length(buffer, begin)
    if length is None or len(buffer) < begin + length:
        return None
    payload = bytes(buffer[begin : begin + length])
    if head.startswith(b"SLINFO"):
        return Frame("info", payload, more=head.endswith(b"*")), begin + length
    try:
        return Frame("data", payload, sequence=int(head[2:], 16)), begin + length
    except ValueError:
        raise FormatError(f"sent no sequence number: {head!r}") from None


def _record_length(buffer: bytearray, at: int) -> int | None:
    """Of the miniSEED record that begins there; None while it cannot be told."""
    for window in (_HEADERS, _LONGEST):
        known = bytes(buffer[at : at + window])
        length = int(libmseed.ms3_detect(ffi.from_buffer(known), len(known), ffi.new("uint8_t *")))
        if length or len(known) < window:
            break
    pymseed.clear_error_messages()
    if not 0 <= length <= _LONGEST or (length == 0 and len(known) == _LONGEST):
        raise FormatError(f"sent a packet that holds no miniSEED: {known[:8]!r}")
    return length or None


def _frame_4(buffer: bytearray, at: int) -> tuple[Frame, int] | None:
    if len(buffer) - at < _HEAD_4.size:
        return None
    _, form, sub, length, sequence, name_length = _HEAD_4.unpack_from(buffer, at)
    if length > _LONGEST:
        raise FormatError(f"sent a packet of {length} bytes")
    begin = at + _HEAD_4.size
    end = begin + name_length + length
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
    """A miniSEED 2 record of text, as version 3 wants its answers."""
    record = pymseed.MS3Record(reclen=RECORD_3, encoding=pymseed.DataEncoding.TEXT)
    record.sourceid, record.formatversion = f"FDSN:SL_INFO__{'_'.join(channel)}", 2
    record.samprate = 0.0
    record.starttime = 0
    with record.with_datasamples(text, "t"):
        return b"".join(record.generate())
