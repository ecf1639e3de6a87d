"""The lease on real NATS nodes: one leader, also while a node is dead, and soon another one."""

import asyncio
import time

import pytest

from forewave.cluster.lease import TTL, Candidate
from forewave.cluster.registers import Registers
from tests.cluster.nats_nodes import opened, three_nodes, until

pytestmark = [pytest.mark.live, pytest.mark.slow]


def test_one_leads_through_the_death_of_any_node_and_the_other_follows_soon(tmp_path):
    async def play(nodes):
        async with opened(nodes, "a") as one, opened(nodes, "b") as other:
            candidates = Candidate("a", 3), Candidate("b", 3)
            buses = one, other
            tasks = [
                asyncio.create_task(Registers(bus, "r", candidate, TTL, lambda: None).run())
                for bus, candidate in zip(buses, candidates, strict=True)
            ]
            try:
                await follow(nodes, candidates, tasks)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def follow(nodes, candidates, tasks):
        def leaders():
            now = time.monotonic()
            return [n for n, each in enumerate(candidates) if each.leads(now)]

        await until(lambda: len(leaders()) == 1)
        (first,) = leaders()
        await asyncio.sleep(1.0)  # registers of all three nodes are made and held
        epoch = candidates[first].epoch
        for number in range(3):
            nodes.processes[number].kill()
            gaps, ends = 0, time.monotonic() + 1.5
            while time.monotonic() < ends:
                gaps += leaders() != [first]
                assert len(leaders()) <= 1
                await asyncio.sleep(0.01)
            assert gaps <= 20, f"nobody led for {gaps} looks without n{number + 1}"
            nodes.processes[number].start()
            await asyncio.sleep(1.5)
        assert candidates[first].epoch >= epoch
        tasks[first].cancel()
        await asyncio.gather(tasks[first], return_exceptions=True)
        before = candidates[first].epoch
        began = time.monotonic()
        await until(lambda: leaders() == [1 - first])
        assert time.monotonic() - began < 2.0
        assert candidates[1 - first].epoch > before

    with three_nodes(tmp_path) as nodes:
        asyncio.run(play(nodes))
