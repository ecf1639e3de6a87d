"""The bad server is as bad as it says, and a source comes back from every mood of it."""

import asyncio
import random
from itertools import pairwise

import numpy as np
import pytest

from forewave.relay.server import Relay
from forewave.sources.base import run_sources
from forewave.sources.intake.inbox import Inbox
from forewave.sources.intake.merge import Merge
from forewave.sources.seedlink.source import SeedLinkSettings, connections
from forewave.types import Packet, StreamId
from tests.chaos.bad_server import BAD, BadServer, dribble, plan, spoil

WAIT = 30.0  # more than any of these takes
STREAM = StreamId("XX", "ABC", "00", "HHZ")


def test_the_plan_is_the_same_for_the_same_seed_and_no_server_is_in_two_moods():
    turns = plan(1, 7, 600.0)
    assert turns == plan(1, 7, 600.0) != plan(2, 7, 600.0)
    assert {turn.mood for turn in turns} == set(BAD)
    for server in range(7):
        mine = [turn for turn in turns if turn.server == server]
        assert all(a.until <= b.at for a, b in pairwise(mine))


def test_garbage_is_added_sometimes_and_nothing_is_taken_away():
    chance = random.Random(3)
    spoilt = [spoil(b"abc", chance) for _ in range(100)]
    assert b"abc" in spoilt
    assert any(len(data) > 100 for data in spoilt)
    assert all(data[0] == 97 or data[-1] == 99 or len(data) > 3 for data in spoilt)


def test_a_dribble_is_all_of_it():
    assert b"".join(dribble(b"x" * 1000 + b"y")) == b"x" * 1000 + b"y"


@pytest.mark.parametrize("mood", BAD)
@pytest.mark.parametrize("protocol", ["3", "4"])
def test_a_source_comes_back_from_every_mood(mood, protocol):
    async def work():
        relay = Relay()
        await relay.start()
        server = BadServer(relay.port)
        await server.start()
        settings = SeedLinkSettings(
            f"127.0.0.1:{server.port}",
            ("XX.ABC",),
            protocol=protocol,
            connect_s=0.4,
            answer_s=0.1,
            idle_s=0.5,
        )
        inbox = Inbox()
        tasks = [
            asyncio.create_task(run_sources(connections(settings), inbox)),
            asyncio.create_task(push_for_ever(relay)),
        ]
        await inbox.take()
        await server.becomes(mood)
        if mood == "garbage":  # costs the packets that it hits, and no connection
            await until(lambda: inbox.statuses()[0].dropped)
        elif mood != "slow":
            await until(lambda: inbox.statuses()[0].state == "lost")
        await server.becomes("well")
        before = inbox.statuses()[0].connections
        await inbox.take()
        if mood in ("dead", "hung"):
            await until(lambda: inbox.statuses()[0].connections > before)
        await inbox.take()
        assert inbox.statuses()[0].state == "live"
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await server.stop()
        await relay.stop()

    asyncio.run(asyncio.wait_for(work(), WAIT))


def test_of_two_servers_that_take_turns_at_being_bad_nothing_is_lost():
    """The station comes through both; the sum of them is whole, in order, and nothing twice."""

    async def work():
        relay = Relay()
        await relay.start()
        servers = [BadServer(relay.port, seed) for seed in (1, 2)]
        for server in servers:
            await server.start()
        quick = {"connect_s": 0.4, "answer_s": 0.1, "idle_s": 0.5}
        ports = [server.port for server in servers]
        settings = [SeedLinkSettings(f"127.0.0.1:{port}", ("XX.ABC",), **quick) for port in ports]
        inbox, merge, samples = Inbox(), Merge(), []
        sources = [source for each in settings for source in connections(each)]
        tasks = [asyncio.create_task(run_sources(sources, inbox))]
        await until(lambda: relay.streaming == 2)
        tasks.append(asyncio.create_task(push_for_ever(relay)))
        tasks.append(asyncio.create_task(merge_for_ever(inbox, merge, samples)))
        for server, mood in [(0, "dead"), (1, "hung"), (0, "garbage"), (1, "dead")]:
            await until(lambda: all(status.state == "live" for status in inbox.statuses()))
            await servers[server].becomes(mood)
            name = sources[server].name
            await until(lambda name=name, mood=mood: struck(inbox.queues[name].status(), mood))
            await servers[server].becomes("well")
        await until(lambda: all(status.state == "live" for status in inbox.statuses()))
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for server in servers:
            await server.stop()
        await relay.stop()
        assert samples == list(range(samples[0], samples[0] + len(samples)))
        assert len(samples) > 5000

    asyncio.run(asyncio.wait_for(work(), WAIT))


def struck(status, mood):
    return bool(status.dropped) if mood == "garbage" else status.state == "lost"


async def merge_for_ever(inbox, merge, samples):
    while True:
        for each in await inbox.take():
            for piece in merge.feed(each.source, each.packet, each.arrival):
                samples += piece.samples.tolist()


async def push_for_ever(relay):
    for n in range(1_000_000):
        numbers = np.arange(100 * n, 100 * n + 100, dtype=np.int32)
        relay.push(Packet(STREAM, 1_700_000_000.0 + n, 100.0, numbers))
        await asyncio.sleep(0.01)


async def until(condition):
    while not condition():  # noqa: ASYNC110 (nobody tells us)
        await asyncio.sleep(0.001)
