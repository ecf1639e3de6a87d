"""The main loop of a live machine: received packets, one by one, and the deadlines between them.

    Inbox --> Merge --> Pipeline --> on_step(time, output, whether deadlines were due)

Steps happen in the same order as in a replay: before a packet, everything that was due before it
arrived. The time of a step never goes back, whatever the clock of the machine does.

Under a large earthquake thousands of stations make more picks than the rooms can evaluate one by
one. While the loop is behind, evaluation is deferred by the duration of the last one; what the
stations emit meanwhile is held and evaluated together in one step.
"""

import asyncio
import logging
import math
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, Protocol, TypeAlias

from forewave.sources.base import Left
from forewave.sources.intake.inbox import Inbox, ReceivedPacket
from forewave.sources.intake.merge import Merge, end_of
from forewave.types import Dropped, Input, Message, Packet

OnPacket: TypeAlias = Callable[[Packet, float], None]
OnStep: TypeAlias = Callable[[float, Sequence[Message], bool], None]
OnLag: TypeAlias = Callable[[Any, float], None]

_LOG = logging.getLogger(__name__)
SLIP = 0.1  # seconds by which a deadline may have passed and still be its step's own time
TURN = 0.5  # seconds after which the loop takes a turn although nothing arrived
BEHIND = 0.2  # seconds from the arrival of a packet to its turn, from which the loop is behind
AGAIN, HOPELESS = 0.1, 50  # seconds after a failed turn; most failed turns in a row
GIVE_WAY = 0.005  # seconds of work after which other tasks run: sockets have to be read


class StepTime:
    """The time that a live machine uses: that of its clock, and of the last step of the rooms.

    clock: POSIX seconds. past: the sources play an archive; then it is the time of the last step.
    now: time of the last step, POSIX seconds; -inf before the first.
    """

    def __init__(self, clock: Callable[[], float], *, past: bool = False) -> None:
        self.now, self.past, self._clock = -math.inf, past, clock

    def __call__(self) -> float:
        """What time it is, POSIX seconds."""
        return max(self.now, 0.0) if self.past else self._clock()

    def advance(self, now: float) -> None:
        """A step at this time, or at that of the last step where that is later."""
        self.now = max(self.now, now)

    def restart(self) -> None:
        """No step has happened yet."""
        self.now = -math.inf


class Rooms(Protocol):
    """What the loop feeds: a Pipeline, or the part of it that one process has."""

    def feed(self, packet: Packet, now: float) -> Sequence[Message]:
        """Take a packet; everything that follows."""

    def sense(self, packet: Packet, now: float) -> Sequence[Input | Dropped]:
        """Take a packet; the observations for `decide`."""

    def decide(self, observed: Iterable[Input | Dropped], now: float) -> Sequence[Message]:
        """Take observations; everything that follows."""

    def tick(self, now: float) -> Sequence[Message]:
        """Do what is due."""

    def deadline(self) -> float | None:
        """When something is due next."""

    def begin_anew(self) -> None:
        """Forget everything."""


class Loop:
    """Feeds the pipeline with what arrives, and with the passing of time.

    on_step: time, output of the rooms, and whether their deadlines were due. clock: by default
    that of the inbox. on_packet: each packet as received, with its arrival. on_merged: each packet
    that Merge passes on. on_lag: a stage of processing and the seconds it took. on_turn: the time,
    at the end of each turn that did not fail.
    """

    def __init__(
        self,
        inbox: Inbox,
        pipeline: Rooms,
        on_step: OnStep,
        *,
        clock: StepTime | None = None,
        on_packet: OnPacket = lambda packet, now: None,
        on_merged: OnPacket = lambda packet, now: None,
        on_lag: OnLag = lambda stage, seconds: None,
        on_turn: Callable[[float], None] = lambda now: None,
    ) -> None:
        self.merge = Merge(order=lambda: inbox.queues)
        self.clock = clock or StepTime(inbox.clock)
        self._inbox, self._pipeline = inbox, pipeline
        self._on_step, self._on_packet, self._on_merged = on_step, on_packet, on_merged
        self._on_lag, self._on_turn = on_lag, on_turn
        self._failed = 0  # turns in a row that ended with a fault
        self._held: list[Input | Dropped] = []
        self._deferred_until = -math.inf  # monotonic clock

    @property
    def now(self) -> float:
        """Time of the last step, POSIX seconds; -inf before the first."""
        return self.clock.now

    def received(self) -> Left:
        """Up to what time each station has been received, for sources that can resume."""
        now = self.clock()
        return Left(now, self.merge.ends(now))

    def resume(self, observations: Sequence[Input | Dropped]) -> None:
        """Take what was not evaluated before a restart, or comes from elsewhere than the sources.

        The next step evaluates it, within TURN.
        """
        self._held += observations

    def begin_anew(self) -> None:
        """Forget everything: the clock was set back, and the rooms know times that are not yet."""
        counts, self.merge = self.merge.counts, Merge(order=lambda: self._inbox.queues)
        self.merge.counts = counts
        self._held = []
        self.clock.restart()
        self._pipeline.begin_anew()

    async def run(self) -> None:
        """Take turns until cancelled."""
        while True:
            await self.turn()

    async def turn(self) -> None:
        """Take what has arrived, or let time pass until something is due."""
        received_packets: list[ReceivedPacket] = []
        try:
            async with asyncio.timeout(self._pause()):
                received_packets = await self._inbox.take()
        except TimeoutError:
            pass
        began = time.monotonic()
        for received in received_packets:
            self._guarded(partial(self.take, received))
            if time.monotonic() - began > GIVE_WAY:
                await asyncio.sleep(0)
                began = time.monotonic()
        self._failed = (
            0 if self._guarded(partial(self._catch_up, self.clock())) else (self._failed + 1)
        )
        if self._failed:
            await asyncio.sleep(AGAIN)
        else:
            self._on_turn(self.now)

    def _guarded(self, work: Callable[[], None]) -> bool:
        """Whether it succeeded: a packet that triggers a fault in forewave must not end the run.

        After HOPELESS failed turns in a row the fault is raised, so that a supervisor restarts.
        """
        try:
            work()
        except Exception:
            if self._failed >= HOPELESS:
                raise
            self.merge.counts["fault in forewave"] += 1
            _LOG.exception("a fault in forewave; the loop goes on")
            return False
        return True

    def take(self, received: ReceivedPacket) -> None:
        """One packet, after everything that was due before it arrived."""
        packet, began = received.packet, time.perf_counter()
        self._on_packet(packet, received.arrival)
        deferred = self.clock() - received.arrival > BEHIND and began < self._deferred_until
        while not deferred and (deadline := self._deadline()) < received.arrival:
            self.pass_time(deadline)
        self.clock.advance(received.arrival)
        self._on_lag("arrival", received.arrival - end_of(packet) + 1.0 / packet.rate)
        self._on_lag("merge", self.clock() - received.arrival)
        for merged in self.merge.feed(received.source, packet, self.now):
            self._feed(merged, deferred)
        self._on_lag("compute", time.perf_counter() - began)

    def _catch_up(self, clock: float) -> None:
        """Everything due by now, each at its own time: update intervals would drift otherwise."""
        while (deadline := self._deadline()) <= clock:
            self.pass_time(max(deadline, clock - SLIP))
        self.pass_time(clock)

    def pass_time(self, now: float) -> None:
        """Do what is due at this time or before it."""
        self.clock.advance(now)
        for merged in self.merge.tick(self.now):
            self._feed(merged)
        if self._held:
            self._step(partial(self._pipeline.decide, self._take_held(), self.now))
        elif self._is_due():
            self._step(partial(self._pipeline.tick, self.now))

    def _feed(self, merged: Packet, deferred: bool = False) -> None:
        self._on_merged(merged, self.now)
        if not (deferred or self._held):
            self._step(partial(self._pipeline.feed, merged, self.now))
            return
        self._held += self._pipeline.sense(merged, self.now)
        if not deferred:
            self._step(partial(self._pipeline.decide, self._take_held(), self.now))

    def _take_held(self) -> list[Input | Dropped]:
        held, self._held = self._held, []
        return held

    def _step(self, evaluate: Callable[[], Sequence[Message]]) -> None:
        """Evaluate, remember how long it took, and hand on the output."""
        due, began = self._is_due(), time.perf_counter()
        output = evaluate()
        ended = time.perf_counter()
        self._deferred_until = 2.0 * ended - began
        self._on_step(self.now, output, due)

    def _is_due(self) -> bool:
        deadline = self._pipeline.deadline()
        return deadline is not None and deadline <= self.now

    def _deadline(self) -> float:
        deadlines = (self._pipeline.deadline(), self.merge.deadline())
        return min((each for each in deadlines if each is not None), default=math.inf)

    def _pause(self) -> float:
        wait = self._deadline() - self.clock()
        return TURN if self.clock.past or not math.isfinite(wait) else min(TURN, max(0.0, wait))
