"""The queues between the sources and their one consumer: bounded, one for each source.

    source.run(queue) --put/offer--> SourceQueue --+
    source.run(queue) --put/offer--> SourceQueue --+--> Inbox.take() --> consumer

A queue stamps packets with their time of arrival, refuses what is not admissible (`admission.py`),
marks those of a source that is not authenticated, and keeps the state and the counts of its source.
A full queue slows down its own source only: `put`
waits, so that TCP slows the server down; `offer` drops the packet and counts it. No packet is
dropped without being counted.
"""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from forewave.sources.intake.admission import Admission, Rules
from forewave.types import Packet

State: TypeAlias = Literal["connecting", "live", "idle", "lost"]
QUEUE_LIMIT = 10_000  # packets of one source that may wait for the consumer


class SourceStatus(Struct, frozen=True):
    """State of a source, for health, metrics and `forewave check`.

    state: "connecting"; "live", packets arrive; "idle", connected, but no packets arrive; "lost",
    not connected, will be tried again. reason: one line, why it is not live. since: when the state
    began. last: arrival of the last packet. waiting: packets that the consumer has not taken yet.
    connections: how often it connected. dropped: packets refused or lost, by reason. Times are
    POSIX seconds.
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


class ReceivedPacket(Struct, frozen=True):
    """A packet, its arrival (POSIX seconds) and the name of the source that delivered it."""

    arrival: float
    source: str
    packet: Packet


class Inbox:
    """The packets of all sources in order of arrival, for one consumer. queues: by source."""

    def __init__(self, clock: Callable[[], float] = time.time, rules: Rules | None = None) -> None:
        self.clock, self.rules = clock, rules or Rules()
        self.queues: dict[str, SourceQueue] = {}
        self._waiting: deque[ReceivedPacket] = deque()
        self._some = asyncio.Event()

    def open(
        self,
        name: str,
        limit: int = QUEUE_LIMIT,
        stations: Sequence[str] = (),
        *,
        vouched: bool = False,
    ) -> "SourceQueue":
        """Open the queue of a source. Raises ValueError if the name is taken.

        limit: packets that may wait in it. stations: patterns of the stations for which the source
        is accepted; empty: all that the rules allow. vouched: the source is authenticated; if not,
        no packet of it is vouched for.
        """
        if name in self.queues:
            raise ValueError(f"two sources have the name {name!r}")
        self.queues[name] = SourceQueue(name, self, limit, stations, vouched)
        return self.queues[name]

    def close(self, name: str) -> None:
        """Close the queue of a source that has ended; its packets can still be taken."""
        self.queues.pop(name, None)

    async def take(self) -> list[ReceivedPacket]:
        """All packets that are waiting; waits for at least one."""
        await self._some.wait()
        taken = list(self._waiting)
        self._waiting.clear()
        self._some.clear()
        for received in taken:
            if received.source in self.queues:
                self.queues[received.source].taken()
        return taken

    def add(self, received: ReceivedPacket) -> None:
        """Called by the queues only."""
        self._waiting.append(received)
        self._some.set()

    def statuses(self) -> list[SourceStatus]:
        """The status of every source, in the order in which they were opened."""
        return [queue.status() for queue in self.queues.values()]


class SourceQueue:
    """The bounded queue of one source, and the state of the source. packets: delivered so far."""

    def __init__(
        self, name: str, inbox: Inbox, limit: int, stations: Sequence[str], vouched: bool
    ) -> None:
        self.name, self.clock = name, inbox.clock
        self._inbox, self._limit, self._waiting = inbox, limit, 0
        self._vouched = vouched
        self._room = asyncio.Event()
        self._room.set()
        self._state: State = "connecting"
        self._reason, self._since = "", inbox.clock()
        self._last: float | None = None
        self.packets = self._connections = 0
        self._dropped: Counter[str] = Counter()
        self._admission = Admission(inbox.rules, stations, time.monotonic)

    async def put(self, packet: Packet, arrival: float | None = None) -> None:
        """Deliver a packet; wait while the queue is full or the source exceeds its rate limit.

        arrival: default now. A packet that is not admissible is counted and dropped.
        """
        arrival = self.clock() if arrival is None else arrival
        if wait := self._admission.take():
            await asyncio.sleep(wait)
        while not self._room.is_set():
            await self._room.wait()
        if refusal := self._admission.refusal(packet, arrival):
            self.drop(refusal)
        else:
            self._deliver(packet, arrival)

    def offer(self, packet: Packet, arrival: float | None = None) -> bool:
        """Deliver a packet without waiting: False if it was dropped, and counted."""
        arrival = self.clock() if arrival is None else arrival
        refusal = self._admission.refusal(packet, arrival)
        if not refusal and not self._admission.try_take():
            refusal = "more than its budget"
        if not refusal and not self._room.is_set():
            refusal = "consumer too slow"
        if refusal:
            self.drop(refusal)
            return False
        self._deliver(packet, arrival)
        return True

    def station_refusal(self, code: str) -> str:
        """Why packets of a station ("NET.STA") are refused; empty if they are admitted."""
        return self._admission.station_refusal(code)

    def set_state(self, state: State, reason: str = "") -> None:
        """Set the state, with a reason in one line. `since` changes only if the state does."""
        if state != self._state:
            self._since = self.clock()
            self._connections += state in ("live", "idle") and self._state in ("connecting", "lost")
        self._state, self._reason = state, reason

    def drop(self, reason: str, count: int = 1) -> None:
        """Count refused or lost packets. Reasons are few and fixed: no numbers, no names."""
        if count:
            self._dropped[reason] += count

    def taken(self) -> None:
        """The consumer took one packet, perhaps of an earlier queue of the same name."""
        self._waiting = max(0, self._waiting - 1)
        self._room.set()

    def status(self) -> SourceStatus:
        """The current status."""
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
        if packet.vouched and not self._vouched:
            packet = replace(packet, vouched=False)
        if self._state != "live":
            self.set_state("live")
        self._last = arrival
        self.packets += 1
        self._waiting += 1
        if self._waiting >= self._limit:
            self._room.clear()
        self._inbox.add(ReceivedPacket(arrival, self.name, packet))
