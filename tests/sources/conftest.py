"""Servers on free ports of the loopback, and a source that is connected to them."""

import asyncio
import contextlib
import time

import numpy as np
import pytest

from forewave.relay.server import Relay
from forewave.sources.base import run_sources
from forewave.sources.intake.inbox import Inbox
from forewave.types import Packet, StreamId

WAIT = 20.0  # more than any of these tests takes


class Lab:
    """What the tests of sources need."""

    @staticmethod
    def run(work):
        asyncio.run(asyncio.wait_for(work, WAIT))

    @staticmethod
    async def until(condition):
        """Let the loop turn until it is so."""
        while not condition():  # noqa: ASYNC110 (nobody tells us)
            await asyncio.sleep(0.001)

    @staticmethod
    def packet(number, station="ABC", channel="HHZ", dtype=np.int32):
        """One second of XX.<station>.00.<channel>, no two alike."""
        samples = (np.arange(100) * (number + 1) % 1000).astype(dtype)
        return Packet(StreamId("XX", station, "00", channel), 1.7e9 + number, 100.0, samples)

    @staticmethod
    @contextlib.asynccontextmanager
    async def relay(**settings):
        relay = Relay(**settings)
        await relay.start()
        try:
            yield relay
        finally:
            await relay.stop()

    @staticmethod
    @contextlib.asynccontextmanager
    async def server(conversation, ssl=None):
        """A port where every client is met by `conversation(reader, writer)`."""

        async def meet(reader, writer):
            with contextlib.suppress(OSError, asyncio.IncompleteReadError):
                await conversation(reader, writer)
            writer.close()

        server = await asyncio.start_server(meet, "127.0.0.1", 0, ssl=ssl)
        try:
            yield server.sockets[0].getsockname()[1]
        finally:
            server.close()

    @staticmethod
    @contextlib.asynccontextmanager
    async def running(*sources, clock=time.time):
        """The sources at work; their inbox."""
        inbox = Inbox(clock)
        work = asyncio.create_task(run_sources(sources, inbox))
        await asyncio.sleep(0)
        try:
            yield inbox
        finally:
            work.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await work

    @staticmethod
    async def take(inbox, count):
        """That many received_packets."""
        taken = []
        while len(taken) < count:
            taken += await inbox.take()
        return taken


@pytest.fixture
def lab():
    return Lab
