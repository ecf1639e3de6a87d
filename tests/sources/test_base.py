import asyncio

import numpy as np

from forewave.sources.base import run_sources
from forewave.sources.intake.inbox import Inbox
from forewave.types import Packet, StreamId

PACKET = Packet(StreamId("XX", "ABC", "", "HHZ"), 100.0, 100.0, np.zeros(100, np.int32))


class Made:
    """A source that does what it is told."""

    def __init__(self, name, work):
        self.name, self._work = name, work

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
