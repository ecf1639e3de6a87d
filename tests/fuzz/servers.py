"""The servers that strangers talk to, in this process: pages, stream and relay.

An input is what one client sends. It may be answered or refused; nothing may be raised, logged as
an exception, answered with 500 or left running. What an input costs is the longest that the loop
was held, since these servers answer in turns.
"""

import asyncio
import logging
import socket
import struct
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from forewave.archive import travel_time
from forewave.delivery import page_server, signing, status
from forewave.delivery.connections import ports
from forewave.delivery.connections.front import Front, Gate
from forewave.delivery.gateway import Gateway
from forewave.delivery.stream import Stream
from forewave.relay.client import Client
from forewave.relay.server import Relay
from forewave.sources.phones import Phones
from forewave.types import Packet, StreamId
from tests.fuzz.target import STATION, T0, Take

PATIENCE = 5.0  # seconds after which something was left running
PIECE = 1460  # bytes that come at once
TURNS = 12  # of the loop, in which all that came is worked on
LEAVE_AT_ONCE = struct.pack("ii", 1, 0)  # SO_LINGER: no port is left waiting
HANDSHAKE = (
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


class Room:
    """A loop in which one input after the other is worked on, and what went wrong in it."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        self.loop.set_exception_handler(self._handle)
        self.faults: list[str] = []
        self._longest = 0.0

    def run(self, work: Awaitable[object]) -> float:
        """How long the loop was held at most, in seconds of processor time."""
        self.faults.clear()
        self._longest = 0.0
        self.loop.run_until_complete(asyncio.wait_for(self._watched(work), PATIENCE))
        assert not self.faults, self.faults[0]
        return self._longest

    async def _watched(self, work: Awaitable[object]) -> None:
        watch = asyncio.ensure_future(self._watch())
        try:
            await work
        finally:
            watch.cancel()

    async def _watch(self) -> None:
        last = time.process_time()
        while True:
            await asyncio.sleep(0)
            now = time.process_time()
            self._longest, last = max(self._longest, now - last), now

    def _handle(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        self.faults.append(f"{context.get('message')}: {context.get('exception')!r}")

    def listen_to(self, log: logging.Logger) -> None:
        """Exceptions that a library writes into a log are faults as well."""
        log.handlers, log.propagate = [_Handler(self.faults)], False
        log.setLevel(logging.WARNING)


class _Handler(logging.Handler):
    def __init__(self, faults: list[str]) -> None:
        super().__init__()
        self._faults = faults

    def emit(self, record: logging.LogRecord) -> None:
        if record.exc_info or "xception from" in record.getMessage():
            why = record.exc_info[1] if record.exc_info else ""
            self._faults.append(f"{record.getMessage()}: {why!r}")


class Wire(asyncio.Transport):
    """A client's connection without a socket: what was written is kept."""

    def __init__(self) -> None:
        super().__init__()
        self.written, self.closed, self.paused = bytearray(), False, False

    def write(self, data: Any) -> None:
        self.written += data

    def close(self) -> None:
        self.closed = True

    abort = close

    def is_closing(self) -> bool:
        return self.closed

    def pause_reading(self) -> None:
        self.paused = True

    def resume_reading(self) -> None:
        self.paused = False

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        pass

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"peername": self.getpeername(), "socket": self}.get(name, default)

    def getsockname(self) -> tuple[str, int]:
        """As its own socket."""
        return "127.0.0.1", 80

    def getpeername(self) -> tuple[str, int]:
        return "10.0.0.1", 5

    def setsockopt(self, *option: int) -> None:
        pass


async def _turns(condition: Callable[[], bool] = lambda: False) -> None:
    for _ in range(TURNS):
        if condition():
            return
        await asyncio.sleep(0)


async def _until(condition: Callable[[], bool]) -> None:
    """Ends by `PATIENCE` of the room."""
    for turn in iter(int, 1):
        if condition():
            return
        await asyncio.sleep(0 if turn < TURNS else 0.001)


def _pieces(data: bytes) -> Iterator[bytes]:
    yield from (data[at : at + PIECE] for at in range(0, len(data), PIECE))


class _Told:
    """A live machine's status."""

    def alive(self) -> tuple[bool, dict[str, Any]]:
        return True, {}

    ready = alive

    def snapshot(self) -> Any:
        return {}

    def metrics(self, snapshot: Any) -> bytes:
        return b"x 1\n"

    def facts(self, snapshot: Any) -> Any:
        return {}


def pages(folder: Path) -> Take:
    """Requests to the pages' server, with triggers and status."""
    room = Room()
    room.listen_to(logging.getLogger("uvicorn.error"))
    phones = Phones(lambda: T0, lambda now, sighting: None, [STATION])
    more = [*status.routes(_Told(), "t" * 16), phones.route()]
    gateway = Gateway(signing.generate(), lambda: T0, travel_time.load(), routes=more)
    server = page_server.server(gateway._pages(), proxies="10.0.0.1")
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)

    async def talk(data: bytes) -> None:
        wire, link = Wire(), server.connection()
        link.connection_made(wire)
        for piece in _pieces(data):
            if not wire.closed:
                link.data_received(piece)
                await _turns(lambda: not wire.paused)
        await _turns()
        link.connection_lost(None)
        await _until(lambda: not server.server_state.tasks)
        assert b"HTTP/1.1 500" not in wire.written, "answered with 500"

    return lambda data: room.run(talk(data))


def relay(folder: Path) -> Take:
    """Commands of a client of the relay, which holds a few packets."""
    room, made = Room(), Relay(clock=lambda: T0)
    for second in range(20):
        for code in ("ABC", "DEF"):
            name = StreamId("XX", code, "00", "HNZ")
            made.push(Packet(name, T0 + second, 100.0, np.arange(100, dtype=np.int32)))

    async def talk(data: bytes) -> None:
        wire, client = Wire(), Client(made)
        client.connection_made(wire)
        for piece in _pieces(data):
            await _until(lambda: wire.closed or not wire.paused)
            if not wire.closed:
                client.data_received(piece)
        await _until(lambda: wire.closed or client._answers is None)
        client.connection_lost(None)
        assert not made.connected, "a client is left behind"

    return lambda data: room.run(talk(data))


def websocket(folder: Path) -> Take:
    """Frames of a device, through a real socket; or a handshake, where it begins like one."""
    room, made = Room(), Stream(lambda: T0, lambda: [b"{}"])
    gate = Gate(made, asyncio.Protocol)
    sock = ports.bind("127.0.0.1", 0, "stream")
    address = sock.getsockname()
    served = room.loop.create_server(lambda: Front(gate, PATIENCE), sock=sock)
    room.loop.run_until_complete(served)

    async def talk(data: bytes) -> None:
        with socket.create_connection(address) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LEAVE_AT_ONCE)
            client.setblocking(False)
            whole = data if data.startswith(b"GET ") else HANDSHAKE + data
            await _sent(client, whole)
            await _turns()
        await _until(lambda: not made.connected)

    return lambda data: room.run(talk(data))


async def _sent(client: socket.socket, data: bytes) -> None:
    """As far as the server takes it."""
    for _ in range(200):
        try:
            data = data[client.send(data) :]
        except BlockingIOError:
            pass
        except OSError:
            return
        if not data:
            return
        await asyncio.sleep(0)
