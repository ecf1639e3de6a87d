"""The one loop of a live machine: what arrived, piece by piece, and the moments between.

    Inbox --> Merge --> Pipeline --> on_step(Heard: now, words, whether the rooms thought)

The same order of moments as in a replay: before a packet, what was due before it arrived. `now`
never goes back, whatever the machine's clock does.

Thousands of stations under a large earthquake make more picks than the rooms can think about one
by one. So a loop that is behind rests from thinking for as long as the last thought took: what
the stations say meanwhile is held, and decided on together, at one moment.
"""

import asyncio
import logging
import math
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeAlias

from forewave.pipeline import Heard, Pipeline
from forewave.sources.base import Delivery, Inbox
from forewave.sources.merge import Merge, end_of
from forewave.types import Dropped, Packet, Word

OnPacket: TypeAlias = Callable[[Packet, float], None]
OnMoment: TypeAlias = Callable[[float, Sequence[Word], bool], None]
OnLag: TypeAlias = Callable[[Any, float], None]

_LOG = logging.getLogger(__name__)
SLIP = 0.1  # seconds by which a moment may have passed and still be named as itself
TURN = 0.5  # seconds after which the loop looks around, though nothing came
BEHIND = 0.2  # seconds from a packet's arrival to its turn, from which on the loop is behind
AGAIN, HOPELESS = 0.1, 50  # seconds after a fault amid what was due; such turns in a row at most
GIVE_WAY = 0.005  # seconds of work after which others have their turn: sockets are to be read


class Loop:
    """on_packet: each packet as it came, with its arrival. on_merged: what Merge makes of them.

    on_step: what the rooms said, and whether they thought. past: packets bring their time of
    arrival and are no present; time is then what the last one says. on_lag: seconds by stage.
    """

    def __init__(
        self,
        inbox: Inbox,
        pipeline: Pipeline,
        on_step: OnMoment,
        *,
        on_packet: OnPacket = lambda packet, now: None,
        on_merged: OnPacket = lambda packet, now: None,
        on_lag: OnLag = lambda stage, seconds: None,
        on_turn: Callable[[float], None] = lambda now: None,
        past: bool = False,
    ) -> None:
        self.merge = Merge(order=lambda: inbox.doors)
        self.now = -math.inf
        self._inbox, self._pipeline, self._past = inbox, pipeline, past
        self._on_moment, self._on_packet, self._on_piece = on_step, on_packet, on_merged
        self._on_lag, self._on_turn = on_lag, on_turn
        self._failed = 0  # turns in a row that ended with a fault
        self._held: list[Heard | Dropped] = []
        self._rested = -math.inf  # when it will have rested from its last thought, steady clock

    def clock(self) -> float:
        """What time it is for the rooms and for those who are warned."""
        return max(self.now, 0.0) if self._past else self._inbox.clock()

    def resume(self, said: Sequence[Heard | Dropped]) -> None:
        """What stations said that nobody has decided on yet: it is decided on first."""
        self._held += said

    def begin_anew(self) -> None:
        """Forget all: time has gone back, and what rooms know is of a time that never was."""
        counts, self.merge = self.merge.counts, Merge(order=lambda: self._inbox.doors)
        self.merge.counts = counts
        self._held, self.now = [], -math.inf
        self._pipeline.begin_anew()

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await self.turn()

    async def turn(self) -> None:
        """Take what has arrived, or let time pass until something is due."""
        deliveries: list[Delivery] = []
        try:
            async with asyncio.timeout(self._pause()):
                deliveries = await self._inbox.take()
        except TimeoutError:
            pass
        began = time.monotonic()
        for delivery in deliveries:
            self._guarded(partial(self.take, delivery))
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
        """Whether it went well. One packet that finds a fault in forewave does not end the machine.

        Where nothing goes well any more, the fault ends it, so that a supervisor begins anew.
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

    def take(self, delivery: Delivery) -> None:
        """One packet, after all that was due before it arrived."""
        packet, began = delivery.packet, time.perf_counter()
        self._on_packet(packet, delivery.arrival)
        rests = self.clock() - delivery.arrival > BEHIND and began < self._rested
        while not rests and (deadline := self._deadline()) < delivery.arrival:
            self.pass_time(deadline)
        self.now = max(self.now, delivery.arrival)
        self._on_lag("arrival", delivery.arrival - end_of(packet) + 1.0 / packet.rate)
        self._on_lag("merge", self.clock() - delivery.arrival)
        for piece in self.merge.feed(delivery.source, packet, self.now):
            self._feed(piece, rests)
        self._on_lag("compute", time.perf_counter() - began)

    def _catch_up(self, clock: float) -> None:
        """What is due by now, each at its own moment: looks at an earthquake would drift else."""
        while (deadline := self._deadline()) <= clock:
            self.pass_time(max(deadline, clock - SLIP))
        self.pass_time(clock)

    def pass_time(self, now: float) -> None:
        """Do what is due at a time, or was before."""
        self.now = max(self.now, now)
        for piece in self.merge.tick(self.now):
            self._feed(piece)
        if self._held:
            self._say(partial(self._pipeline.decide, self._taken(), self.now))
        elif self._thinks():
            self._say(partial(self._pipeline.tick, self.now))

    def _feed(self, piece: Packet, rests: bool = False) -> None:
        self._on_piece(piece, self.now)
        if not (rests or self._held):
            self._say(partial(self._pipeline.feed, piece, self.now))
            return
        self._held += self._pipeline.sense(piece, self.now)
        if not rests:
            self._say(partial(self._pipeline.decide, self._taken(), self.now))

    def _taken(self) -> list[Heard | Dropped]:
        held, self._held = self._held, []
        return held

    def _say(self, think: Callable[[], Sequence[Word]]) -> None:
        """What the rooms say, and how long they were at it."""
        thinks, began = self._thinks(), time.perf_counter()
        words = think()
        ended = time.perf_counter()
        self._rested = 2.0 * ended - began
        self._on_moment(self.now, words, thinks)

    def _thinks(self) -> bool:
        deadline = self._pipeline.deadline()
        return deadline is not None and deadline <= self.now

    def _deadline(self) -> float:
        times = (self._pipeline.deadline(), self.merge.deadline())
        return min((moment for moment in times if moment is not None), default=math.inf)

    def _pause(self) -> float:
        wait = self._deadline() - self.clock()
        return TURN if self._past or not math.isfinite(wait) else min(TURN, max(0.0, wait))
