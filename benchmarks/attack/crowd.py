"""Many clients of the stream of one machine, a share of them hostile, in a separate process.

A device reads, and keeps the newest version of each event. A hostile client sends malformed
frames, floods, unfinished or invalid requests, or does not read.
"""

import asyncio
import contextlib
import json
import os
import random
import resource
import struct
import time
from collections import Counter
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

HELLO = (
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)
AGAIN = 1.0  # seconds until a lost device connects again
AT_ONCE = 50  # connections that are opened at the same time at the beginning
HELD = (2.0, 20.0)  # seconds for which a hostile client holds a connection
PING = b'{"type":"ping","id":1}'


class Crowd:
    """What all devices have received: by event and version how many, and with which delay."""

    def __init__(self, http: int, stream: int) -> None:
        self.http, self.stream = http, stream
        self.connected = self.most = 0
        self.lost: Counter[str] = Counter()
        self.tricks: Counter[str] = Counter()
        self.came: dict[tuple[str, int], list[float]] = {}
        self._read: dict[bytes, tuple[str, int] | None] = {}

    def message(self, payload: bytes) -> tuple[str, int] | None:
        """Event and version of a message; None of a heartbeat."""
        if payload not in self._read:
            if len(self._read) > 10_000:
                self._read.clear()
            known = json.loads(payload)
            self._read[payload] = (known["id"], known["n"]) if "t0" in known else None
        return self._read[payload]

    def figures(self) -> dict[str, Any]:
        """The delay of each device behind the first one, by message."""
        late = [1e3 * (np.array(times) - min(times)) for times in self.came.values()]
        everyone = np.concatenate(late) if late else np.array([np.nan])
        # Who connects later is sent what is in force: that is no delay.
        everyone = everyone[everyone < 900.0]
        return {
            "devices": self.most,
            "lost": dict(self.lost),
            "hostile": dict(self.tricks),
            "messages": len(self.came),
            "share": [round(len(times) / max(1, self.most), 3) for times in self.came.values()],
            "delay_ms": {
                "p50": round(float(np.median(everyone)), 1),
                "p99": round(float(np.percentile(everyone, 99)), 1),
                "worst": round(float(np.max(everyone)), 1),
            },
        }


class Device(asyncio.Protocol):
    """One page."""

    def __init__(self, crowd: Crowd, known: dict[str, int], gone: asyncio.Event) -> None:
        self._crowd, self._known, self._gone = crowd, known, gone
        self._data, self._open = bytearray(), False

    def data_received(self, data: bytes) -> None:
        """The answer to the upgrade, then frames."""
        self._data += data
        if not self._open:
            head = self._data.find(b"\r\n\r\n")
            if head < 0:
                return
            self._open = True
            del self._data[: head + 4]
            self._crowd.connected += 1
            self._crowd.most = max(self._crowd.most, self._crowd.connected)
        while (payload := self._frame()) is not None:
            if payload:
                self._take(payload)

    def _frame(self) -> bytes | None:
        """The next whole frame's payload, empty if it is no text; None: there is none yet."""
        if len(self._data) < 4:
            return None
        kind, length, head = self._data[0] & 15, self._data[1] & 127, 2
        if length == 126:
            length, head = struct.unpack_from(">H", self._data, 2)[0], 4
        if len(self._data) < head + length:
            return None
        payload = bytes(self._data[head : head + length]) if kind == 1 else b""
        del self._data[: head + length]
        return payload

    def _take(self, payload: bytes) -> None:
        key = self._crowd.message(payload)
        if key is not None and key[1] > self._known.get(key[0], 0):
            self._known[key[0]] = key[1]
            self._crowd.came.setdefault(key, []).append(time.monotonic())

    def connection_lost(self, error: Exception | None) -> None:
        """Connect again, elsewhere."""
        if self._open:
            self._crowd.connected -= 1
        self._gone.set()


async def device(crowd: Crowd, turns: asyncio.Semaphore) -> None:
    """A page, connected as long as this runs."""
    known: dict[str, int] = {}
    loop = asyncio.get_running_loop()
    while True:
        gone = asyncio.Event()
        try:
            async with turns:
                way, _ = await loop.create_connection(
                    lambda gone=gone: Device(crowd, known, gone), "127.0.0.1", crowd.stream
                )
                way.write(HELLO)
        except OSError as error:
            crowd.lost[error.strerror or type(error).__name__] += 1
        else:
            await gone.wait()
            crowd.lost["closed"] += 1
        await asyncio.sleep(AGAIN)


async def hostile(crowd: Crowd, chance: random.Random) -> None:
    """One trick after the other."""
    tricks = (_broken_frame, _flood, _never_reads, _half_a_request, _odd_request, _in_and_out)
    while True:
        trick = chance.choice(tricks)
        crowd.tricks[trick.__name__.strip("_").replace("_", " ")] += 1
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
            await trick(crowd, chance)
        await asyncio.sleep(chance.uniform(0.1, 2.0))


def frame(kind: int, payload: bytes, *, end: int = 1, mask: int = 1, reserved: int = 0) -> bytes:
    """A frame of a client; every part may be wrong."""
    size, head = len(payload), bytes([end << 7 | reserved << 4 | kind])
    if size < 126:
        head += bytes([mask << 7 | size])
    else:
        head += bytes([mask << 7 | 126]) + struct.pack(">H", size)
    return head + (b"\0\0\0\0" if mask else b"") + payload


async def _upgraded(crowd: Crowd) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", crowd.stream)
    writer.write(HELLO)
    await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10.0)
    return reader, writer


async def _held(writer: asyncio.StreamWriter, chance: random.Random) -> None:
    await asyncio.sleep(chance.uniform(*HELD))
    writer.transport.abort()


async def _broken_frame(crowd: Crowd, chance: random.Random) -> None:
    wrong = (
        frame(1, b"{}", mask=0),
        frame(1, b"a" * 600),
        bytes([0x81, 0xFF]) + b"\xff" * 8,
        frame(1, b"{}", reserved=7),
        frame(3, b""),
        frame(2, b"x"),
        frame(0, b"x"),
        frame(8, b"\x03"),
        frame(1, b"\xff\xfe"),
        frame(1, b"[" * 500),
        frame(1, b'{"type":"ping","id":1e400}'),
        os.urandom(400),
    )
    _, writer = await _upgraded(crowd)
    writer.write(chance.choice(wrong))
    await _held(writer, chance)


async def _flood(crowd: Crowd, chance: random.Random) -> None:
    _, writer = await _upgraded(crowd)
    writer.write(frame(1, PING) * chance.randint(45, 200))
    await _held(writer, chance)


async def _never_reads(crowd: Crowd, chance: random.Random) -> None:
    _, writer = await _upgraded(crowd)
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    await _held(writer, chance)


async def _half_a_request(crowd: Crowd, chance: random.Random) -> None:
    port = chance.choice((crowd.http, crowd.stream))
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-a"[: chance.randint(0, 28)])
    await _held(writer, chance)


async def _odd_request(crowd: Crowd, chance: random.Random) -> None:
    odd = (
        b"GET /../../../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nX: " + b"a" * 200_000 + b"\r\n\r\n",
        b"POST /triggers HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
        b"POST /triggers HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n[[[[",
    )
    _, writer = await asyncio.open_connection("127.0.0.1", crowd.http)
    writer.write(chance.choice(odd))
    await _held(writer, chance)


async def _in_and_out(crowd: Crowd, chance: random.Random) -> None:
    for _ in range(20):
        _, writer = await _upgraded(crowd)
        writer.transport.abort()


def crowd_process(
    pipe: Connection, http: int, stream: int, sockets: int, share: float, seed: int
) -> None:
    """Connects; reports when all devices were connected once, and its counts at the end."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(_crowd(pipe, Crowd(http, stream), sockets, share, seed))


async def _crowd(pipe: Connection, crowd: Crowd, sockets: int, share: float, seed: int) -> None:
    bad, turns = round(sockets * share), asyncio.Semaphore(AT_ONCE)
    tasks = [asyncio.create_task(device(crowd, turns)) for _ in range(sockets - bad)]
    ends = time.monotonic() + 60.0
    while crowd.connected < sockets - bad and time.monotonic() < ends:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    pipe.send(crowd.connected)
    chances = [random.Random(f"{seed} {number}") for number in range(bad)]
    tasks += [asyncio.create_task(hostile(crowd, chance)) for chance in chances]
    await asyncio.to_thread(pipe.recv)
    pipe.send(crowd.figures())
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    with contextlib.suppress(EOFError):  # who ends by itself before that has failed
        await asyncio.to_thread(pipe.recv)
