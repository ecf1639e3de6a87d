import asyncio

import numpy as np
from msgspec.structs import replace

from forewave.sources.base import run_sources
from forewave.sources.intake.inbox import Inbox
from forewave.types import Packet, StreamId

PACKET = Packet(StreamId("XX", "ABC", "", "HHZ"), 100.0, 100.0, np.zeros(100, np.int32))


class Made:
    """A source that does what it is told."""

    def __init__(self, name, work, vouched=True):
        self.name, self._work, self.vouched = name, work, vouched

    async def run(self, queue):
        await self._work(queue)


def test_a_fault_in_one_source_costs_the_others_nothing(monkeypatch):
    monkeypatch.setattr("forewave.sources.base.RETRY", 0.0)
    broken = iter([True, True, False])

    async def fails(queue):
        if next(broken):
            raise KeyError("x")
        await queue.put(PACKET)

    async def work():
        inbox = Inbox()
        sources = [Made("bad", fails), Made("good", lambda queue: queue.put(PACKET))]
        await run_sources(sources, inbox)
        assert {received.source for received in await inbox.take()} == {"bad", "good"}
        bad, good = inbox.statuses()
        assert bad.dropped == {"fault in forewave": 2}
        assert good.dropped == {}

    asyncio.run(work())


def test_packets_are_vouched_for_only_by_a_source_that_is():
    async def work():
        inbox = Inbox()
        sources = [
            Made("known", lambda queue: queue.put(PACKET)),
            Made("doubted", lambda queue: queue.put(replace(PACKET, vouched=False))),
            Made("anybody", lambda queue: queue.put(PACKET), vouched=False),
        ]
        await run_sources(sources, inbox)
        taken = {received.source: received.packet for received in await inbox.take()}
        assert {name for name, packet in taken.items() if packet.vouched} == {"known"}
        assert taken["known"] is PACKET

    asyncio.run(work())


def test_a_queue_that_is_not_told_vouches_for_nothing():
    async def work():
        inbox = Inbox()
        inbox.open("x").offer(PACKET)
        (received,) = await inbox.take()
        assert not received.packet.vouched

    asyncio.run(work())
