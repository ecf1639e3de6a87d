"""A client of the STOMP protocol, version 1.2 (stomp.github.io): it connects and sends.

Each message asks for a receipt, so that `send` returns when the broker has it. Subscriptions and
transactions are not needed here.
"""

import asyncio
import ssl
from collections.abc import Mapping
from contextlib import suppress
from itertools import count

from forewave.errors import FormatError

BEAT = 10.0  # seconds: shortest interval of heart-beats that this client offers
LARGEST = 64 * 1024  # bytes of a frame from the broker
_ESCAPES = {"\\": "\\\\", "\n": "\\n", "\r": "\\r", ":": "\\c"}
_UNESCAPED = {"\\": "\\", "n": "\n", "r": "\r", "c": ":"}

Frame = tuple[str, dict[str, str], bytes]


class StompError(OSError):
    """The broker refused, or the connection is lost."""


class Stomp:
    """One connection. Make it with `connect`."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self._receipts: dict[str, asyncio.Future[None]] = {}
        self._numbers = count(1)
        self._tasks: list[asyncio.Task[None]] = []

    async def send(self, destination: str, body: bytes, content_type: str) -> None:
        """Send a message, and wait until the broker has it. Raises StompError."""
        number = str(next(self._numbers))
        future = asyncio.get_running_loop().create_future()
        self._receipts[number] = future
        headers = {
            "destination": destination,
            "content-type": content_type,
            "content-length": str(len(body)),
            "receipt": number,
        }
        try:
            if self._tasks[0].done():
                raise StompError("the broker has closed the connection")
            self._writer.write(encode("SEND", headers, body))
            await self._writer.drain()
            await future
        finally:
            self._receipts.pop(number, None)

    async def close(self) -> None:
        """Disconnect. Never raises."""
        for task in self._tasks:
            task.cancel()
        with suppress(OSError, RuntimeError):
            self._writer.write(encode("DISCONNECT", {}))
            self._writer.close()
            await self._writer.wait_closed()

    async def begin(self, headers: Mapping[str, str]) -> None:
        """Greet the broker. Raises StompError."""
        self._writer.write(encode("CONNECT", headers, escape=False))
        try:
            command, answer, body = await read(self._reader)
        except (EOFError, FormatError) as error:
            raise StompError(f"no STOMP broker: {error}") from None
        if command != "CONNECTED":
            raise StompError(_why(answer, body))
        self._tasks = [asyncio.create_task(self._receive())]
        wanted = _wanted(answer.get("heart-beat", "0,0"))
        if wanted > 0:
            self._tasks.append(asyncio.create_task(self._beat(max(BEAT, wanted))))

    async def _receive(self) -> None:
        why = "the broker has closed the connection"
        try:
            while True:
                command, headers, body = await read(self._reader)
                if command == "RECEIPT":
                    future = self._receipts.get(headers.get("receipt-id", ""))
                    if future is not None and not future.done():
                        future.set_result(None)
                elif command == "ERROR":
                    why = _why(headers, body)
                    return
        except (EOFError, OSError, FormatError):
            return
        finally:
            for future in self._receipts.values():
                if not future.done():
                    future.set_exception(StompError(why))

    async def _beat(self, seconds: float) -> None:
        while True:
            await asyncio.sleep(seconds * 0.8)
            self._writer.write(b"\n")


async def connect(
    host: str,
    port: int,
    user: str = "",
    password: str = "",
    tls: ssl.SSLContext | None = None,
) -> Stomp:
    """A connection to a broker. Raises OSError, of which StompError is one."""
    reader, writer = await asyncio.open_connection(host, port, ssl=tls, limit=LARGEST)
    client = Stomp(reader, writer)
    headers = {"accept-version": "1.2", "host": host, "heart-beat": f"{round(BEAT * 1000)},0"}
    if user:
        headers |= {"login": user, "passcode": password}
    try:
        await client.begin(headers)
    except BaseException:
        writer.close()
        raise
    return client


def encode(
    command: str, headers: Mapping[str, str], body: bytes = b"", *, escape: bool = True
) -> bytes:
    """The bytes of a frame. escape: not in CONNECT, as clients of STOMP 1.0 do not."""

    def escaped(text: str) -> str:
        return "".join(_ESCAPES.get(c, c) for c in text) if escape else text

    lines = [f"{escaped(name)}:{escaped(value)}" for name, value in headers.items()]
    return "\n".join([command, *lines, "", ""]).encode() + body + b"\0"


async def read(reader: asyncio.StreamReader) -> Frame:
    """The next frame. Raises EOFError at the end, FormatError for what is no frame."""
    try:
        line = await reader.readline()
        while line in (b"\n", b"\r\n"):  # heart-beats
            line = await reader.readline()
        if not line:
            raise EOFError("the connection was closed")
        command = line.strip(b"\r\n").decode()
        headers: dict[str, str] = {}
        while (line := (await reader.readline()).rstrip(b"\r\n")) != b"":
            name, colon, value = line.decode().partition(":")
            if not colon or len(headers) > 100:
                raise FormatError(f"STOMP: no header: {line[:80]!r}")
            headers.setdefault(_unescaped(name), _unescaped(value))  # the first counts
        return command, headers, await _body(reader, headers.get("content-length"))
    except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError) as error:
        raise FormatError(f"STOMP: {error}") from None


async def _body(reader: asyncio.StreamReader, length: str | None) -> bytes:
    if length is None:
        return (await reader.readuntil(b"\0"))[:-1]
    if not length.isdigit() or int(length) > LARGEST:
        raise FormatError(f"STOMP: content-length: {length[:20]!r}")
    body = await reader.readexactly(int(length) + 1)
    if body[-1:] != b"\0":
        raise FormatError("STOMP: a frame does not end where its content-length says")
    return body[:-1]


def _unescaped(text: str) -> str:
    out, parts = "", iter(text)
    for c in parts:
        if c != "\\":
            out += c
            continue
        escape = next(parts, "")
        if escape not in _UNESCAPED or escape == "":
            raise FormatError(f"STOMP: unknown escape: \\{escape}")
        out += _UNESCAPED[escape]
    return out


def _wanted(beats: str) -> float:
    """Seconds between the heart-beats that the broker wants; 0: none."""
    _, _, wanted = beats.partition(",")
    return int(wanted) / 1000.0 if wanted.isdigit() else 0.0


def _why(headers: Mapping[str, str], body: bytes) -> str:
    text = headers.get("message") or body.decode("utf-8", "replace")
    return f"the broker refused: {' '.join(text.split())[:200]}"
