"""A server that misbehaves: it stands before a good one and spoils what passes.

    well      what comes is passed on, both ways
    dead      the port is closed and every connection reset
    hung      connections are accepted and stay open, but nothing passes any more; what was begun
              in that time stays so when the server is well again, as with a thread that is stuck
    slow      a few bytes at a time
    garbage   bytes by chance among those of the good server

`plan` makes up who is in which mood and when, from a seed alone; `spoil` what garbage looks like.
Neither knows of sockets. `BadServer` is the socket part.
"""

import asyncio
import contextlib
import random
from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple

Mood = Literal["well", "dead", "hung", "slow", "garbage"]
BAD: tuple[Mood, ...] = ("dead", "hung", "slow", "garbage")
SLOW_BYTES = 97
SLOW_PAUSE = 0.01
GARBAGE_EVERY = 4  # pieces, on average


class Turn(NamedTuple):
    """From `at` until `until` seconds after the beginning, a server is in that mood."""

    at: float
    until: float
    server: int
    mood: Mood


def plan(
    seed: int, servers: int, seconds: float, every: float = 5.0, lasts: tuple[float, float] = (1, 8)
) -> list[Turn]:
    """Every few seconds some server turns bad for a while; never two moods of one at a time."""
    chance = random.Random(seed)
    turns: list[Turn] = []
    free = [0.0] * servers
    at = 0.0
    while (at := at + chance.expovariate(1 / every)) < seconds:
        server = chance.randrange(servers)
        if at >= free[server]:
            free[server] = min(seconds, at + chance.uniform(*lasts))
            turns.append(Turn(at, free[server], server, chance.choice(BAD)))
    return turns


def spoil(data: bytes, chance: random.Random) -> bytes:
    """With garbage in it, sometimes."""
    if chance.randrange(GARBAGE_EVERY):
        return data
    at = chance.randrange(len(data) + 1)
    return data[:at] + chance.randbytes(chance.randrange(1, 600)) + data[at:]


def dribble(data: bytes) -> Iterator[bytes]:
    """A few bytes at a time."""
    for at in range(0, len(data), SLOW_BYTES):
        yield data[at : at + SLOW_BYTES]


async def perform(
    turns: list[Turn],
    servers: list["BadServer"],
    on_turn: Callable[[Turn, bool], None] = lambda turn, begins: None,
) -> None:
    """Let the servers follow the plan, from now on. on_turn is told when each begins and ends."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    moments = sorted(
        [(turn.at, 1, turn) for turn in turns] + [(turn.until, 0, turn) for turn in turns]
    )
    for at, begins, turn in moments:
        await asyncio.sleep(began + at - loop.time())
        await servers[turn.server].becomes(turn.mood if begins else "well")
        on_turn(turn, bool(begins))


class BadServer:
    """A port of its own before the good server's; the same port in all moods."""

    def __init__(self, good_port: int, seed: int = 0, host: str = "127.0.0.1") -> None:
        self.mood: Mood = "well"
        self.port = 0
        self.accepted = 0
        self._good_port, self._host, self._chance = good_port, host, random.Random(seed)
        self._server: asyncio.Server | None = None
        self._links: set[_Link] = set()

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._accept, self._host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def becomes(self, mood: Mood) -> None:
        """From now on."""
        was, self.mood = self.mood, mood
        if mood == "dead":
            await self.stop()
        elif was == "dead":
            await self.start()
        if mood == "hung":
            for link in self._links:
                link.hang()

    async def stop(self) -> None:
        """Close the port and reset every connection."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for link in tuple(self._links):
            link.reset()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        link = _Link(self, reader, writer)
        self._links.add(link)
        try:
            with contextlib.suppress(asyncio.CancelledError):  # the loop is closing
                await link.carry(self._host, self._good_port, self._chance)
        finally:
            link.reset()
            self._links.discard(link)


class _Link:
    """One client's connection, and the good server's behind it."""

    def __init__(
        self, server: BadServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._server, self._reader, self._writer = server, reader, writer
        self._far: asyncio.StreamWriter | None = None
        self._gone = asyncio.Event()
        self._hung = server.mood == "hung"

    def hang(self) -> None:
        """For ever."""
        self._hung = True

    def reset(self) -> None:
        self._gone.set()
        for writer in (self._writer, self._far):
            if writer is not None:
                writer.transport.abort()

    async def carry(self, host: str, port: int, chance: random.Random) -> None:
        """Until either side closes."""
        with contextlib.suppress(OSError):
            good, self._far = await asyncio.open_connection(host, port)
            ways = (self._pass(self._reader, self._far), self._pass(good, self._writer, chance))
            tasks = [asyncio.create_task(way) for way in ways]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _pass(
        self,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
        chance: random.Random | None = None,
    ) -> None:
        """One way; without `chance` unspoilt, for what the client says is its own affair."""
        while data := await source.read(1 << 16):
            if self._hung:
                await self._gone.wait()
            if chance is not None and self._server.mood == "garbage":
                data = spoil(data, chance)
            if chance is not None and self._server.mood == "slow":
                await self._slowly(data, sink)
            else:
                sink.write(data)
                await sink.drain()

    async def _slowly(self, data: bytes, sink: asyncio.StreamWriter) -> None:
        for piece in dribble(data):
            sink.write(piece)
            await sink.drain()
            if self._server.mood == "slow":
                await asyncio.sleep(SLOW_PAUSE)
