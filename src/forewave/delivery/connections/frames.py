"""Frames of the WebSocket protocol, server side (RFC 6455). Pure: bytes in, messages out.

The decoder takes any sequence of cuts of the byte stream. Extensions are never negotiated.
"""

import struct
from base64 import b64decode, b64encode
from collections.abc import Iterator
from enum import IntEnum
from hashlib import sha1
from typing import NamedTuple

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, 1.3
_CONTROL = 0x8
_LONGEST_CONTROL = 125  # bytes of payload, 5.5
_KEY_BYTES = 16
_MOST_FRAGMENTS = 64  # of a message: empty ones would otherwise never come to an end


class Opcode(IntEnum):
    """5.2; the others are reserved."""

    CONTINUATION = 0x0
    TEXT = 0x1
    BINARY = 0x2
    CLOSE = 0x8
    PING = 0x9
    PONG = 0xA


class Code(IntEnum):
    """Status codes of a close frame that are used here (7.4.1, and the IANA registry: 1012 on)."""

    OK = 1000
    GOING_AWAY = 1001
    PROTOCOL_ERROR = 1002
    UNSUPPORTED_DATA = 1003
    INVALID_TEXT = 1007
    POLICY_VIOLATION = 1008
    TOO_BIG = 1009
    SERVICE_RESTART = 1012
    TRY_AGAIN_LATER = 1013


class Message(NamedTuple):
    """A whole message or a control frame; fragments are joined."""

    opcode: Opcode
    payload: bytes


class FrameError(Exception):
    """A frame breaks the protocol or a limit. code: for the close frame."""

    def __init__(self, code: Code) -> None:
        super().__init__(code.name)
        self.code = code


class Decoder:
    """Decodes what one client sends. longest: bytes of a message, fragments together."""

    __slots__ = ("_fragments", "_longest", "_opcode", "_parts", "_rest")

    def __init__(self, longest: int) -> None:
        self._longest = longest
        self._rest = b""
        self._opcode: Opcode | None = None  # of the message whose fragments are in _parts
        self._parts = b""
        self._fragments = 0

    def feed(self, data: bytes) -> Iterator[Message]:
        """The messages that `data` completes. Raises FrameError after those before it."""
        self._rest = self._rest + data if self._rest else data
        while (frame := self._next()) is not None:
            message = self._joined(*frame)
            if message is not None:
                yield message

    def _next(self) -> tuple[bool, Opcode, bytes] | None:
        """Take one frame off the rest: whether it is final, its opcode and its payload."""
        data = self._rest
        if len(data) < 2:
            return None
        final, opcode = bool(data[0] & 0x80), _opcode(data[0])
        length, mask_at = _length(data)
        if length is None:
            return None
        self._check(final, opcode, length)
        start = mask_at + 4
        if len(data) < start + length:
            return None
        self._rest = data[start + length :]
        return final, opcode, _unmasked(data[start : start + length], data[mask_at:start])

    def _check(self, final: bool, opcode: Opcode, length: int) -> None:
        if opcode & _CONTROL:
            if not final or length > _LONGEST_CONTROL:
                raise FrameError(Code.PROTOCOL_ERROR)
            return
        if (opcode == Opcode.CONTINUATION) == (self._opcode is None):
            raise FrameError(Code.PROTOCOL_ERROR)
        if length + len(self._parts) > self._longest or self._fragments >= _MOST_FRAGMENTS:
            raise FrameError(Code.TOO_BIG)

    def _joined(self, final: bool, opcode: Opcode, payload: bytes) -> Message | None:
        if opcode & _CONTROL:
            if opcode == Opcode.CLOSE:
                _check_close(payload)
            return Message(opcode, payload)
        kind = self._opcode if self._opcode is not None else opcode
        whole = self._parts + payload
        self._opcode, self._parts = (None, b"") if final else (kind, whole)
        self._fragments = 0 if final else self._fragments + 1
        if not final:
            return None
        if kind == Opcode.TEXT:
            _check_text(whole)
        return Message(kind, whole)


def text_frame(message: bytes) -> bytes:
    """A text message as one frame; the server does not mask (5.1)."""
    return _frame(Opcode.TEXT, message)


def pong_frame(payload: bytes) -> bytes:
    """The answer to a ping: a pong with its payload (5.5.3)."""
    return _frame(Opcode.PONG, payload)


def close_frame(code: int | None, reason: bytes = b"") -> bytes:
    """A close frame (5.5.1); without a code it is empty. reason: at most 123 bytes."""
    return _frame(Opcode.CLOSE, b"" if code is None else struct.pack("!H", code) + reason)


def close_code(payload: bytes) -> int | None:
    """The status code of a close frame, None if it is empty."""
    return struct.unpack("!H", payload[:2])[0] if payload else None


def accept_key(key: str) -> str | None:
    """The Sec-WebSocket-Accept for a Sec-WebSocket-Key (4.2.2); None if that is none."""
    try:
        raw = b64decode(key, validate=True)
    except ValueError:
        return None
    if len(raw) != _KEY_BYTES:
        return None
    return b64encode(sha1(key.encode() + _GUID, usedforsecurity=False).digest()).decode()


def _frame(opcode: Opcode, payload: bytes) -> bytes:
    size = len(payload)
    if size <= _LONGEST_CONTROL:
        return struct.pack("!BB", 0x80 | opcode, size) + payload
    if size < 1 << 16:
        return struct.pack("!BBH", 0x80 | opcode, 126, size) + payload
    return struct.pack("!BBQ", 0x80 | opcode, 127, size) + payload


def _opcode(first: int) -> Opcode:
    try:
        if not first & 0x70:  # the reserved bits are of extensions
            return Opcode(first & 0x0F)
    except ValueError:
        pass
    raise FrameError(Code.PROTOCOL_ERROR)


def _length(data: bytes) -> tuple[int | None, int]:
    """Bytes of the payload, None if they are not known yet; and where the mask is."""
    if not data[1] & 0x80:
        raise FrameError(Code.PROTOCOL_ERROR)  # a client must mask (5.1)
    short = data[1] & 0x7F
    if short <= _LONGEST_CONTROL:
        return short, 2
    size = 2 if short == 126 else 8
    if len(data) < 2 + size:
        return None, 0
    length = int.from_bytes(data[2 : 2 + size])
    shortest = 126 if size == 2 else 1 << 16
    if length < shortest or length >> 63:  # it must be written as short as it can be
        raise FrameError(Code.PROTOCOL_ERROR)
    return length, 2 + size


def _unmasked(data: bytes, mask: bytes) -> bytes:
    size = len(data)
    pad = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(data) ^ int.from_bytes(pad)).to_bytes(size)


def _check_close(payload: bytes) -> None:
    if not payload:
        return
    code = close_code(payload) if len(payload) > 1 else None
    named = code is not None and (1000 <= code <= 1003 or 1007 <= code <= 1014)
    if not named and not (code is not None and 3000 <= code <= 4999):
        raise FrameError(Code.PROTOCOL_ERROR)
    _check_text(payload[2:])


def _check_text(payload: bytes) -> None:
    try:
        payload.decode()
    except UnicodeDecodeError:
        raise FrameError(Code.INVALID_TEXT) from None
