"""What every source is: something that runs until it is cancelled, and hands packets to its door.

    source.run(door) --put/offer--> Door --+
    source.run(door) --put/offer--> Door --+--> Inbox.take() --> the one consumer

A source is one connection, one socket or one set of files, and runs in a task of its own. Its
door is all that it knows of the house: it stamps packets with the time of arrival, keeps the
source's state and counts for health, and is bounded. A door that is full holds up its own source
only (`put` waits, so that TCP slows the server down) or counts what a source that cannot wait
loses (`offer`). Nothing is dropped without being counted. What may come in at all is the same for
every source (`admission.py`), and is asked here.
"""

import asyncio
import logging
import random
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import Any, Literal, Protocol, TypeAlias, runtime_checkable

from msgspec import Struct

from forewave.sources.admission import Admission, Rules
from forewave.sources.loss import Lost as Lost
from forewave.sources.loss import is_silent
from forewave.sources.loss import why_lost as why_lost
from forewave.types import Packet

State: TypeAlias = Literal["connecting", "live", "idle", "lost"]
DOOR_LIMIT = 10_000  # packets of one source that may wait for the consumer
RETRY = 0.6  # seconds, on average, until a lost connection is tried again
WAITED = 0.5  # share of that where the other side was silent: seconds have been waited already
_LOG = logging.getLogger(__name__)


class SourceStatus(Struct, frozen=True):
    """How a source is: for health, metrics and `forewave check`.

    connecting: not there yet. live: packets come. idle: connected, but nothing comes. lost: not
    connected, will be tried again. reason: one line for people, why it is not live. since: when
    the state began. last: arrival of the last packet. waiting: packets that the consumer has
    not taken. connections: how often it connected. dropped: what it lost, by countable reason.
    """

    source: str
    state: State
    reason: str
    since: float
    last: float | None
    packets: int
    waiting: int
    connections: int
    dropped: dict[str, int]


class Delivery(Struct, frozen=True):
    """A packet, when it arrived, and through which source."""

    arrival: float
    source: str
    packet: Packet


class Source(Protocol):
    """One card of SOURCES makes these. The name is unique, e.g. "seedlink host:18000 1/4"."""

    name: str

    async def run(self, door: "Door") -> None:
        """Deliver until cancelled, or until there is no more (files).

        What the network does is no error: say it (door.becomes), count it (door.drop), and try
        again (stay_connected).
        """


class Left(Struct, frozen=True):
    """What a process that ended had last. at: when; ends: by station ("NET.STA"), up to where."""

    at: float
    ends: dict[str, float]


@runtime_checkable
class Resumes(Protocol):
    """A source whose server can be asked for what came while nobody listened."""

    def resume(self, left: Left) -> None:
        """Before `run`: go on where a process before this one ended, if that is short ago."""


@runtime_checkable
class Confined(Protocol):
    """A source that may speak for some stations only."""

    @property
    def own_stations(self) -> Sequence[str]:
        """Patterns of "NET.STA", with ? and *; none: every station."""


def own_stations(source: Source) -> Sequence[str]:
    """Patterns of the stations that a source may speak for; none: every one."""
    return source.own_stations if isinstance(source, Confined) else ()


class Card(Struct, frozen=True):
    """A kind of source: the settings of one entry in forewave.toml, and the sources it makes.

    settings: a frozen msgspec struct with tag_field "kind" and the kind as its tag. One entry may
    make several sources: a server that takes 50 stations a connection needs two for 80.
    """

    kind: str
    settings: type[Struct]
    open: Callable[[Any], Sequence[Source]]


class Inbox:
    """What all sources delivered, in order of arrival, for one consumer."""

    def __init__(self, clock: Callable[[], float] = time.time, rules: Rules | None = None) -> None:
        self.clock, self.rules = clock, rules or Rules()
        self.doors: dict[str, Door] = {}
        self._waiting: deque[Delivery] = deque()
        self._some = asyncio.Event()

    def door(self, name: str, limit: int = DOOR_LIMIT, stations: Sequence[str] = ()) -> "Door":
        """A door for a source. Raises ValueError if the name is taken.

        stations: patterns of those that it may speak for; none: all that the rules allow.
        """
        if name in self.doors:
            raise ValueError(f"two sources are called {name!r}")
        self.doors[name] = Door(name, self, limit, stations)
        return self.doors[name]

    def close(self, name: str) -> None:
        """Forget the door of a source that has ended; what it delivered can still be taken."""
        self.doors.pop(name, None)

    async def take(self) -> list[Delivery]:
        """All that is waiting, at least one."""
        await self._some.wait()
        taken = list(self._waiting)
        self._waiting.clear()
        self._some.clear()
        for delivery in taken:
            if delivery.source in self.doors:
                self.doors[delivery.source].taken()
        return taken

    def add(self, delivery: Delivery) -> None:
        """For doors only."""
        self._waiting.append(delivery)
        self._some.set()

    def statuses(self) -> list[SourceStatus]:
        """How every source is, in the order in which they were opened."""
        return [door.status() for door in self.doors.values()]


class Door:
    """A source's own bounded way into the inbox, and what is known of how the source is.

    packets: how many have been delivered.
    """

    def __init__(
        self, name: str, inbox: Inbox, limit: int = DOOR_LIMIT, stations: Sequence[str] = ()
    ) -> None:
        self.name, self.clock = name, inbox.clock
        self._inbox, self._limit, self._waiting = inbox, limit, 0
        self._room = asyncio.Event()
        self._room.set()
        self._state: State = "connecting"
        self._reason, self._since = "", inbox.clock()
        self._last: float | None = None
        self.packets = self._connections = 0
        self._dropped: Counter[str] = Counter()
        self._admission = Admission(inbox.rules, stations, time.monotonic)

    async def put(self, packet: Packet, arrival: float | None = None) -> None:
        """Deliver; wait while the door is full, or the source brings more than its budget.

        Without `arrival`: it arrived now. What is not admitted is counted and goes no further.
        """
        arrival = self.clock() if arrival is None else arrival
        if wait := self._admission.spend():  # what it has spent too much, it waits for
            await asyncio.sleep(wait)
        while not self._room.is_set():
            await self._room.wait()
        if refusal := self._admission.refusal(packet, arrival):
            self.drop(refusal)
        else:
            self._deliver(packet, arrival)

    def offer(self, packet: Packet, arrival: float | None = None) -> bool:
        """Deliver without waiting; while the door is full the packet is lost, and counted."""
        arrival = self.clock() if arrival is None else arrival
        refusal = self._admission.refusal(packet, arrival)
        if not refusal and not self._admission.may():
            refusal = "more than its budget"
        if not refusal and not self._room.is_set():
            refusal = "consumer too slow"
        if refusal:
            self.drop(refusal)
            return False
        self._deliver(packet, arrival)
        return True

    def stranger(self, code: str) -> str:
        """Why nothing of a station ("NET.STA") may come in here; empty if it may."""
        return self._admission.stranger(code)

    def becomes(self, state: State, reason: str = "") -> None:
        """The source's state, with one line why. Saying the same again changes nothing."""
        if state != self._state:
            self._since = self.clock()
            self._connections += state in ("live", "idle") and self._state in ("connecting", "lost")
        self._state, self._reason = state, reason

    def drop(self, reason: str, count: int = 1) -> None:
        """Count what was refused or lost. Reasons are few and fixed: no numbers or names."""
        if count:
            self._dropped[reason] += count

    def taken(self) -> None:
        """The consumer has taken one, perhaps of a door before this one of the same name."""
        self._waiting = max(0, self._waiting - 1)
        self._room.set()

    def status(self) -> SourceStatus:
        """As it is now."""
        return SourceStatus(
            self.name,
            self._state,
            self._reason,
            self._since,
            self._last,
            self.packets,
            self._waiting,
            self._connections,
            dict(self._dropped),
        )

    def _deliver(self, packet: Packet, arrival: float) -> None:
        if self._state != "live":
            self.becomes("live")
        self._last = arrival
        self.packets += 1
        self._waiting += 1
        if self._waiting >= self._limit:
            self._room.clear()
        self._inbox.add(Delivery(arrival, self.name, packet))


async def run_sources(sources: Iterable[Source], inbox: Inbox) -> None:
    """Every source in a task of its own, until all have ended or this is cancelled."""
    async with asyncio.TaskGroup() as tasks:
        for source in sources:
            door = inbox.door(source.name, stations=own_stations(source))
            tasks.create_task(guarded(source, door), name=source.name)


async def stay_connected(
    connection: Callable[[], Awaitable[None]], door: Door, retry: float = RETRY
) -> None:
    """One connection after the other for ever; each ends by raising Lost or OSError, or returns.

    The pause is `retry` seconds, half more or less by chance, so that the thousand clients of
    a server that was restarted do not all come back in the same moment. It does not grow: a
    station is wanted back the second its server is. After seconds of silence it is shorter, since
    whoever was silent has been left in peace for so long.
    """
    while True:
        pause = retry
        door.becomes("connecting", door.status().reason)
        try:
            await connection()
        except (Lost, OSError, asyncio.IncompleteReadError) as why:
            door.becomes("lost", why_lost(why))
            pause *= WAITED if is_silent(why) else 1.0
        else:
            door.becomes("lost", "ended by the server")
        await asyncio.sleep(pause * random.uniform(0.5, 1.5))


async def guarded(source: Source, door: Door) -> None:
    """A fault in one source's code must not take the others with it: it is told, and runs again."""
    while True:
        try:
            await source.run(door)
        except Exception as fault:
            _LOG.exception("%s failed", source.name)
            door.drop("fault in forewave")
            door.becomes("lost", f"a fault in forewave: {type(fault).__name__}: {fault}")
            await asyncio.sleep(RETRY)
        else:
            return
