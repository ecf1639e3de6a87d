import asyncio

import numpy as np
import pytest

from forewave.sources.intake.inbox import Inbox
from forewave.types import Packet, StreamId

PACKET = Packet(StreamId("XX", "ABC", "", "HHZ"), 100.0, 100.0, np.zeros(100, np.int32))


def test_what_is_put_is_taken_in_order_with_its_arrival_and_source():
    async def work():
        times = iter(range(100))
        inbox = Inbox(lambda: next(times))
        one, two = inbox.open("one"), inbox.open("two")
        await one.put(PACKET, 7.0)
        two.offer(PACKET, 8.0)
        taken = await inbox.take()
        assert [(d.arrival, d.source) for d in taken] == [(7.0, "one"), (8.0, "two")]
        assert [status.waiting for status in inbox.statuses()] == [0, 0]
        await one.put(PACKET)
        assert isinstance((await inbox.take())[0].arrival, int)

    asyncio.run(work())


def test_a_full_queue_holds_up_its_own_source_and_no_other():
    async def work():
        inbox = Inbox()
        flood, calm = inbox.open("flood", limit=2), inbox.open("calm", limit=2)
        putting = asyncio.create_task(put_many(flood, 5))
        await asyncio.sleep(0)
        assert flood.status().waiting == 2
        await calm.put(PACKET)
        counted = {"flood": 0, "calm": 0}
        while not putting.done() or flood.status().waiting:
            for received in await inbox.take():
                counted[received.source] += 1
            await asyncio.sleep(0)
        assert counted == {"flood": 5, "calm": 1}

    asyncio.run(work())


async def put_many(queue, count):
    for _ in range(count):
        await queue.put(PACKET)


def test_a_source_that_cannot_wait_loses_packets_and_they_are_counted():
    inbox = Inbox()
    queue = inbox.open("udp", limit=2)
    assert [queue.offer(PACKET) for _ in range(4)] == [True, True, False, False]
    assert queue.status().dropped == {"consumer too slow": 2}
    assert queue.status().packets == 2


def test_a_queue_knows_its_state_since_when_and_why():
    times = iter([1.0, 2.0, 3.0, 4.0, 5.0])
    queue = Inbox(lambda: next(times)).open("x")
    assert (queue.status().state, queue.status().since) == ("connecting", 1.0)
    queue.set_state("idle", "no data yet")
    queue.set_state("idle", "no data yet")
    assert (queue.status().state, queue.status().since) == ("idle", 2.0)
    queue.offer(PACKET, 9.0)
    assert (queue.status().state, queue.status().reason, queue.status().since) == ("live", "", 3.0)
    queue.set_state("lost", "closed")
    queue.offer(PACKET, 10.0)
    assert (queue.status().connections, queue.status().last) == (2, 10.0)


def test_two_sources_of_one_name_are_refused():
    inbox = Inbox()
    inbox.open("a")
    with pytest.raises(ValueError, match="'a'"):
        inbox.open("a")
