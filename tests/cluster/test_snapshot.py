"""The last version of each alert, for processes that begin later."""

import asyncio

import pytest

from forewave.cluster import snapshot
from forewave.cluster.wire import Subjects
from tests.cluster.nats_nodes import opened, three_nodes, until

pytestmark = [pytest.mark.live, pytest.mark.slow]


def test_the_last_version_of_each_event_is_there_also_after_a_node_has_died(tmp_path):
    async def play(nodes):
        subjects = Subjects("r")
        async with opened(nodes) as bus:
            assert await snapshot.read(bus, subjects) in ([], None)
            await snapshot.keep(bus, subjects)
            for data in (b"first", b"second"):
                bus.publish(subjects.published("fw1"), data)
                await asyncio.sleep(0.2)
            bus.publish(subjects.published("fw2"), b"other")

            async def both():
                found = await snapshot.read(bus, subjects)
                return sorted(found or ()) == [b"other", b"second"]

            await eventually(both)
            nodes.processes[2].kill()
            await until(lambda: bus.connected == 2)
            await eventually(both)

    with three_nodes(tmp_path) as nodes:
        asyncio.run(play(nodes))


async def eventually(condition, seconds=40.0):
    async with asyncio.timeout(seconds):
        while not await condition():  # noqa: ASYNC110 (whatever it depends on)
            await asyncio.sleep(0.1)
