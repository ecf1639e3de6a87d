"""The role ingest: sources and the rooms of one shard of stations; what they observe to the bus.

A pick is sent at once, everything else within FLUSH seconds, and with it the time up to which all
has been sent: it is the clock of those who decide. Batches of the last minutes are kept, for those
who missed some or have just begun.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from zlib import crc32

import msgspec

from forewave.cluster.bus import Bus
from forewave.cluster.shards import AT_ONCE
from forewave.cluster.wire import Batch, Missing, RoleStatus, Subjects, decode, encode
from forewave.errors import ConfigError, FormatError
from forewave.formats.storage import codec
from forewave.health import ntp
from forewave.live.loop import Loop
from forewave.live.sources import LiveSources
from forewave.live.steady_clock import SteadyClock
from forewave.pipeline import Pipeline
from forewave.process.supervise import SideTasks
from forewave.types import Dropped, Input, Message, Observation, Packet, Pick, Station, StationState

FLUSH = 0.05  # seconds between two batches, at least, without a pick
KEPT = 400.0  # seconds of batches: as long as an event lives (recovery.MEMORY)
STATUS_S = 0.5  # seconds between two reports of a role on itself
USABLE = 10.0  # seconds after its last state that a station is counted
ANSWER_BYTES = 500_000  # of one answer; NATS allows 1 MB by default


def shard_of(text: str) -> tuple[int, int]:
    """ "2/3" as (2, 3). Raises ConfigError."""
    number, _, of = text.partition("/")
    if not (number.isdigit() and of.isdigit() and 1 <= int(number) <= int(of) <= 1000):
        raise ConfigError(f"cluster.shard: {text!r}: expected NUMBER/COUNT such as 1/3")
    return int(number), int(of)


def stations_of(stations: Iterable[Station], shard: str) -> tuple[Station, ...]:
    """The stations of a shard, by a hash of their code: the same on every machine."""
    number, of = shard_of(shard)
    return tuple(s for s in stations if crc32(s.code.encode()) % of == number - 1)


class StationRooms:
    """The rooms of the stations for a Loop: packets in, observations out, and nothing behind them.

    Its deadline is the next batch, so that time is sent on although no packet arrives.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._due = 0.0

    def feed(self, packet: Packet, now: float) -> Sequence[Message]:
        """The observations of a packet."""
        return self._pipeline.sense(packet, now)

    def sense(self, packet: Packet, now: float) -> Sequence[Observation | Dropped]:
        """The same."""
        return self._pipeline.sense(packet, now)

    def decide(self, observed: Iterable[Input | Dropped], now: float) -> Sequence[Message]:
        """Nothing is decided here."""
        return list(observed)

    def tick(self, now: float) -> Sequence[Message]:
        """A batch is due."""
        self._due = now + FLUSH
        return ()

    def deadline(self) -> float | None:
        """When the next batch is due."""
        return self._due

    def begin_anew(self) -> None:
        """The clock was set back."""
        self._pipeline.begin_anew()
        self._due = 0.0


class Batches:
    """Collects steps and sends them. send: called with each batch, encoded."""

    def __init__(self, shard: str, begun: int, send: Callable[[bytes], None]) -> None:
        self._shard, self._begun, self._send = shard, begun, send
        self._steps: list[tuple[float, tuple[bytes, ...]]] = []
        self._kept: deque[tuple[float, bytes]] = deque()
        self._states: dict[str, float] = {}
        self._flushed = 0.0
        self.n = 0

    def step(self, now: float, output: Sequence[Message], due: bool) -> None:
        """Take the output of the stations' rooms at a time."""
        observed = [each for each in output if not isinstance(each, Dropped)]
        if observed:
            self._steps.append((now, tuple(map(codec.encode, observed))))
            self._states.update((s.station, now) for s in observed if isinstance(s, StationState))
        if due or now - self._flushed >= FLUSH or any(isinstance(e, Pick) for e in observed):
            self._flush(now)

    def _flush(self, now: float) -> None:
        self.n += 1
        usable = sum(now - last < USABLE for last in self._states.values())
        batch = Batch(self._shard, self._begun, self.n, now, tuple(self._steps), usable)
        data = encode(batch)
        self._steps, self._flushed = [], now
        self._kept.append((now, data))
        while self._kept[0][0] < now - KEPT:
            self._kept.popleft()
        self._send(data)

    def begin_anew(self) -> None:
        """The clock was set back: what follows is of another process, for those who merge it."""
        self._begun, self.n, self._flushed = max(self._begun + 1, begun()), 0, 0.0
        self._steps = []
        self._kept.clear()
        self._states.clear()

    def answer(self, request: bytes) -> bytes:
        """The batches that are missing somewhere, as far as they are kept and fit."""
        try:
            missing = decode(request, Missing)
        except FormatError:
            return b""
        if missing.begun != self._begun:
            return b""
        oldest = self.n - len(self._kept) + 1
        first = max(missing.first, oldest)
        last = min(missing.last, self.n, first + AT_ONCE - 1)
        found = [self._kept[number - oldest][1] for number in range(first, last + 1)]
        return msgspec.msgpack.encode(_fitting(found))


def _fitting(batches: Sequence[bytes]) -> list[bytes]:
    size = 0
    out: list[bytes] = []
    for each in batches:
        size += len(each)
        if out and size > ANSWER_BYTES:
            break
        out.append(each)
    return out


class Ingest:
    """The role; runs until cancelled. beside: further tasks, by name, which may fail."""

    def __init__(
        self,
        *,
        name: str,
        shard: str,
        bus: Bus,
        subjects: Subjects,
        sources: LiveSources,
        loop: Loop,
        batches: Batches,
        side: SideTasks,
        beside: Mapping[str, Callable[[], Awaitable[None]]],
    ) -> None:
        self._name, self._shard = name, shard
        self._bus, self._subjects = bus, subjects
        self._sources, self._loop, self._batches = sources, loop, batches
        self._side, self._beside = side, beside

    async def run(self) -> None:
        """From connecting to the bus to closing it."""
        await self._bus.open()
        try:
            await self._bus.serve(self._subjects.missing(self._shard), self._batches.answer)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._sources.run())
                tasks.create_task(self._loop.run())
                tasks.create_task(self._side.keep("status", self._tell))
                for name, work in self._beside.items():
                    tasks.create_task(self._side.keep(name, work))
        finally:
            await self._bus.close()

    def reload(self) -> None:
        """Read the sources again."""
        self._sources.reload()

    async def _tell(self) -> None:
        subject = self._subjects.status("ingest", self._name)
        while True:
            state = f"shard {self._shard}, batch {self._batches.n}"
            self._bus.publish(subject, encode(RoleStatus("ingest", self._name, state)))
            await asyncio.sleep(STATUS_S)


async def follow_clock(steady: SteadyClock, loop: Loop, batches: Batches) -> None:
    """Let the clock follow the wall clock where there is reason to, once a second."""
    while True:
        if steady.look(ntp.synchronised()) < 0.0:
            loop.begin_anew()
            batches.begin_anew()
        await asyncio.sleep(1.0)


def begun() -> int:
    """The number of this process: the time in ms."""
    return int(time.time() * 1000.0)
