import asyncio
import ssl

import numpy as np
import pytest

from forewave.sources.base import (
    Inbox,
    Lost,
    run_sources,
    stay_connected,
    why_lost,
)
from forewave.types import Packet, StreamId

PACKET = Packet(StreamId("XX", "ABC", "", "HHZ"), 100.0, 100.0, np.zeros(100, np.int32))


class Made:
    """A source that does what it is told."""

    def __init__(self, name, work):
        self.name, self._work = name, work

    async def run(self, door):
        await self._work(door)


def test_what_is_put_is_taken_in_order_with_its_arrival_and_source():
    async def work():
        times = iter(range(100))
        inbox = Inbox(lambda: next(times))
        one, two = inbox.door("one"), inbox.door("two")
        await one.put(PACKET, 7.0)
        two.offer(PACKET, 8.0)
        taken = await inbox.take()
        assert [(d.arrival, d.source) for d in taken] == [(7.0, "one"), (8.0, "two")]
        assert [status.waiting for status in inbox.statuses()] == [0, 0]
        await one.put(PACKET)
        assert isinstance((await inbox.take())[0].arrival, int)

    asyncio.run(work())


def test_a_full_door_holds_up_its_own_source_and_no_other():
    async def work():
        inbox = Inbox()
        flood, calm = inbox.door("flood", limit=2), inbox.door("calm", limit=2)
        putting = asyncio.create_task(put_many(flood, 5))
        await asyncio.sleep(0)
        assert flood.status().waiting == 2
        await calm.put(PACKET)
        counted = {"flood": 0, "calm": 0}
        while not putting.done() or flood.status().waiting:
            for delivery in await inbox.take():
                counted[delivery.source] += 1
            await asyncio.sleep(0)
        assert counted == {"flood": 5, "calm": 1}

    asyncio.run(work())


async def put_many(door, count):
    for _ in range(count):
        await door.put(PACKET)


def test_a_source_that_cannot_wait_loses_packets_and_they_are_counted():
    inbox = Inbox()
    door = inbox.door("udp", limit=2)
    assert [door.offer(PACKET) for _ in range(4)] == [True, True, False, False]
    assert door.status().dropped == {"consumer too slow": 2}
    assert door.status().packets == 2


def test_a_door_knows_its_state_since_when_and_why():
    times = iter([1.0, 2.0, 3.0, 4.0, 5.0])
    door = Inbox(lambda: next(times)).door("x")
    assert (door.status().state, door.status().since) == ("connecting", 1.0)
    door.becomes("idle", "no data yet")
    door.becomes("idle", "no data yet")
    assert (door.status().state, door.status().since) == ("idle", 2.0)
    door.offer(PACKET, 9.0)
    assert (door.status().state, door.status().reason, door.status().since) == ("live", "", 3.0)
    door.becomes("lost", "closed")
    door.offer(PACKET, 10.0)
    assert (door.status().connections, door.status().last) == (2, 10.0)


def test_two_sources_of_one_name_are_refused():
    inbox = Inbox()
    inbox.door("a")
    with pytest.raises(ValueError, match="'a'"):
        inbox.door("a")


def test_a_connection_is_tried_again_whatever_the_network_did():
    ends = [Lost("garbage"), ConnectionRefusedError(111, "Connection refused"), TimeoutError()]
    ends += [asyncio.IncompleteReadError(b"", 5), None]
    reasons = []

    async def work():
        door = Inbox().door("x")
        done = asyncio.Event()

        async def connection():
            reasons.append(door.status().reason)
            if not ends:
                done.set()
                await asyncio.Event().wait()
            if end := ends.pop(0):
                raise end

        trying = asyncio.create_task(stay_connected(connection, door, retry=0.0))
        await done.wait()
        trying.cancel()

    asyncio.run(work())
    assert reasons == [
        "",
        "garbage",
        "Connection refused",
        "no answer",
        "closed by the server",
        "ended by the server",
    ]


def test_after_silence_the_pause_is_half_as_long(monkeypatch):
    ends = [Lost("closed"), Lost("silent for 2 s", silent=True), TimeoutError(), None]
    pauses = []

    async def connection():
        if end := ends.pop(0):
            raise end

    async def pause(seconds):
        pauses.append(seconds)
        if not ends:
            raise asyncio.CancelledError

    monkeypatch.setattr("forewave.sources.base.random.uniform", lambda least, most: most)
    monkeypatch.setattr("forewave.sources.base.asyncio.sleep", pause)
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(stay_connected(connection, Inbox().door("x")))
    assert pauses == pytest.approx([0.9, 0.45, 0.45, 0.9])


def test_reasons_are_one_line():
    assert why_lost(OSError("two\nlines")) == "two lines"
    assert why_lost(OSError()) == "OSError"
    untrusted = ssl.SSLCertVerificationError()
    untrusted.verify_message = "self-signed certificate"
    assert why_lost(untrusted) == "certificate not trusted: self-signed certificate"


def test_a_fault_in_one_source_costs_the_others_nothing(monkeypatch):
    monkeypatch.setattr("forewave.sources.base.RETRY", 0.0)
    broken = iter([True, True, False])

    async def fails(door):
        if next(broken):
            raise KeyError("x")
        await door.put(PACKET)

    async def work():
        inbox = Inbox()
        sources = [Made("bad", fails), Made("good", lambda door: door.put(PACKET))]
        await run_sources(sources, inbox)
        assert {delivery.source for delivery in await inbox.take()} == {"bad", "good"}
        bad, good = inbox.statuses()
        assert bad.dropped == {"fault in forewave": 2}
        assert good.dropped == {}

    asyncio.run(work())
