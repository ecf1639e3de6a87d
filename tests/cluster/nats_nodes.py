"""Three real NATS nodes, for tests."""

import asyncio
import contextlib

from forewave.cluster.bus import Bus, addresses
from forewave.cluster.demo.nodes import Nodes


@contextlib.contextmanager
def three_nodes(folder):
    nodes = Nodes(folder / "nats")
    nodes.start()
    try:
        yield nodes
    finally:
        for process in nodes.processes:
            process.kill()


@contextlib.asynccontextmanager
async def opened(nodes, who="test"):
    """A bus that is connected to all nodes."""
    bus = Bus(addresses(nodes.bus), who)
    await bus.open()
    try:
        await until(lambda: bus.connected == len(bus.nodes))
        yield bus
    finally:
        await bus.close()


async def until(condition, seconds=30.0):
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 (whatever it depends on)
            await asyncio.sleep(0.01)
