"""The role decide: the rooms of a region, hot; the holder of the lease publishes what they decide.

    batches --> Shards --> Region --> Alert --> (leads?) --> Published --> every node of the bus
    published by others --> Ledger --> adopted where this process has something else

The leader publishes each version at once and again every second until a later one replaces it or it
expires. Who takes over first publishes what its own rooms have and the bus has not (publisher.py).
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterable, Sequence
from math import inf

import msgspec

from forewave.cluster import snapshot
from forewave.cluster.bus import Bus, Once
from forewave.cluster.lease import Candidate
from forewave.cluster.ledger import Ledger
from forewave.cluster.region import Region
from forewave.cluster.registers import Registers
from forewave.cluster.roles.ingest import STATUS_S
from forewave.cluster.roles.publisher import Publisher
from forewave.cluster.shards import Gap, Shards
from forewave.cluster.step_clock import StepClock
from forewave.cluster.wire import (
    Batch,
    Beacon,
    Missing,
    Published,
    RoleStatus,
    Subjects,
    decode,
    encode,
    items,
    unsign,
)
from forewave.delivery.signing import Keys
from forewave.delivery.stream import Readiness
from forewave.errors import FormatError
from forewave.health.collector import NEEDS, Health
from forewave.sources.intake.inbox import SourceStatus
from forewave.types import Alert, Message

_LOG = logging.getLogger(__name__)
REPEAT = 1.0  # seconds between two transmissions of a version, and between beacons
LOOK = 0.02  # seconds between two looks at what has become due
GIVE_WAY = 0.005  # seconds of work after which other tasks run
FORGET_EVERY = 60.0  # seconds
INPUT_LOST = 1.0  # seconds without any shard after which it does not stand for the lease
REFUSED = "bus: not a message of this region"
START_ALONE = 3.0  # seconds for the first answer of the stream of alerts


class Decide:
    """The role; runs until cancelled. readiness: whether it could issue alerts."""

    def __init__(
        self,
        *,
        bus: Bus,
        subjects: Subjects,
        keys: Keys,
        make: Callable[[], Region],
        candidate: Candidate,
        ttl: float,
        health: Health,
        readiness: Callable[[], Readiness],
        clock: StepClock,
    ) -> None:
        self._bus, self._subjects, self._keys = bus, subjects, keys
        self._region, self._candidate = make(), candidate
        self._health, self._clock = health, clock
        self._shards, self._ledger, self._once = Shards(), Ledger(), Once()
        self._publisher = Publisher(
            bus=bus,
            subjects=subjects,
            keys=keys,
            candidate=candidate,
            region=self._region,
            ledger=self._ledger,
            clock=clock,
            readiness=readiness,
        )
        self._registers = Registers(bus, subjects.region, candidate, ttl, self._publisher.look)
        self._some = asyncio.Event()
        self._started = False
        self._asking: set[asyncio.Task[None]] = set()
        self._input_at, self._set_back = -inf, 0
        candidate.stands = False  # until it knows what was published

    async def run(self) -> None:
        """From connecting to the bus to closing it."""
        for need in NEEDS:
            self._health.loaded(need)
        await self._bus.open()
        try:
            await self._bus.subscribe(self._subjects.all_published, self._on_published)
            await self._bus.subscribe(self._subjects.beacon, self._on_beacon)
            await self._bus.subscribe(self._subjects.all_observed, self._on_batch)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._begin())
                tasks.create_task(self._steps())
                tasks.create_task(self._registers.run())
                tasks.create_task(self._repeat())
                tasks.create_task(self._tell())
                tasks.create_task(snapshot.keep(self._bus, self._subjects))
        finally:
            await self._bus.close()

    # What arrives

    def _on_batch(self, subject: str, data: bytes) -> None:
        try:
            batch = decode(data, Batch)
        except FormatError:
            self._health.drop(REFUSED)
            return
        if subject == self._subjects.observed(batch.shard):
            self._shards.feed(batch, time.monotonic())
            self._some.set()

    def _on_published(self, subject: str, data: bytes) -> None:
        if not self._once.is_new(data):
            return
        try:
            record = unsign(data, Published, self._keys.trusted, self._subjects.region)
        except FormatError:
            self._health.drop(REFUSED)
            return
        self._candidate.heard(record.epoch)
        self._ledger.add(record, time.monotonic())

    def _on_beacon(self, subject: str, data: bytes) -> None:
        if not self._once.is_new(data):
            return
        try:
            beacon = unsign(data, Beacon, self._keys.trusted, self._subjects.region)
        except FormatError:
            self._health.drop(REFUSED)
            return
        self._candidate.heard(beacon.epoch)

    # The beginning: what was published, and what the stations observed before

    async def _begin(self) -> None:
        began = time.monotonic()
        while (found := await snapshot.read(self._bus, self._subjects)) is None:
            if time.monotonic() - began > START_ALONE:
                break
            await asyncio.sleep(LOOK)
        for data in found or ():
            self._on_published("", data)
        while not self._shards.caught_up():  # noqa: ASYNC110 (by messages, and by time)
            await asyncio.sleep(LOOK)
        await asyncio.sleep(REPEAT)  # what is repeated has come by now
        self._take_steps(self._shards.release(time.monotonic()))
        self._region.remake(self._ledger.records())
        self._started = True
        _LOG.info("hot: %d alerts known", len(self._ledger.records()))

    # Steps of the rooms

    async def _steps(self) -> None:
        while True:
            self._some.clear()
            at = time.monotonic()
            for gap in self._shards.gaps(at):
                task = asyncio.create_task(self._ask(gap))
                self._asking.add(task)
                task.add_done_callback(self._asking.discard)
            await self._advance(at)
            try:
                async with asyncio.timeout(LOOK):
                    await self._some.wait()
            except TimeoutError:
                pass

    async def _advance(self, at: float) -> None:
        if self._shards.set_back > self._set_back:
            self._set_back = self._shards.set_back
            self._region.begin_anew()
            self._clock.restart()
            _LOG.warning("the stations' clock was set back: the rooms begin anew")
        steps = self._shards.release(at)
        while steps:
            self._take_steps(steps[:1])
            del steps[:1]
            if time.monotonic() - at > GIVE_WAY:
                await asyncio.sleep(0)
                at = time.monotonic()
        self._stand(at)
        if not self._started:
            return
        mark = self._shards.mark(at)
        if mark > -inf:
            self._clock.advance(mark)
            self._handle(self._region.pass_time(mark))
        elif self._publisher.leads:  # no shard at all: at least what is waiting goes on
            self._handle(self._region.pass_time(self._clock()))

    def _stand(self, at: float) -> None:
        """Stand for the lease while it is hot: it knows what was published, and has input."""
        if self._shards.live(at):
            self._input_at = at
        self._candidate.stands = self._started and at - self._input_at < INPUT_LOST

    def _take_steps(self, steps: Iterable[tuple[float, tuple[bytes, ...]]]) -> None:
        for now, encoded in steps:
            try:
                observed = items(encoded)
            except FormatError:
                self._health.drop(REFUSED)
                continue
            if not self._started:
                self._region.remember(now, observed)
                continue
            self._clock.advance(now)
            self._handle(self._region.step(now, observed))

    def _handle(self, output: Sequence[Message]) -> None:
        """Publish alerts, where this process leads; then everything else."""
        for each in output:
            if isinstance(each, Alert):
                self._publisher.offer(each)
        for each in output:
            self._health.receive(each, self._region.now)

    async def _ask(self, gap: Gap) -> None:
        """Ask for missing batches."""
        request = encode(Missing(gap.begun, gap.first, gap.last))
        answer = await self._bus.request(self._subjects.missing(gap.shard), request)
        try:
            found = msgspec.msgpack.decode(answer or b"\x90", type=list[bytes])
        except msgspec.MsgspecError:
            return
        for data in found:
            self._on_batch(self._subjects.observed(gap.shard), data)
        if found:
            self._shards.progressed(gap.shard, time.monotonic())

    async def _repeat(self) -> None:
        """Repeat what is valid; without the lease, check against what others publish."""
        forget = time.monotonic()
        while True:
            at = time.monotonic()
            self._publisher.repeat()
            leads = self._publisher.leads
            if self._started and not leads and self._region.differs(self._ledger, at):
                self._region.remake(self._ledger.records())
                _LOG.info("rooms made again: another publishes what they did not have")
            if at - forget > FORGET_EVERY:
                self._ledger.forget(self._clock())
                forget = at
            await asyncio.sleep(max(0.0, at + REPEAT - time.monotonic()))

    def _statuses(self) -> list[SourceStatus]:
        """The shards as sources."""
        now, live = self._clock(), self._shards.live(time.monotonic())
        return [SourceStatus(f"shard {name}", "live", "", now, now, 0, 0, 1, {}) for name in live]

    async def _tell(self) -> None:
        name = self._candidate.name
        subject = self._subjects.status("decide", name)
        while True:
            self._health.sources(self._statuses())
            status = RoleStatus(
                "decide",
                name,
                self._state(),
                epoch=self._candidate.epoch if self._publisher.leads else 0,
                alerts=len(self._ledger.records()),
                counts={**self._shards.counts, "rooms made again": self._region.remade},
            )
            self._bus.publish(subject, encode(status))
            await asyncio.sleep(STATUS_S)

    def _state(self) -> str:
        if not self._started:
            return "starting"
        return "leads" if self._publisher.leads else "standby"
