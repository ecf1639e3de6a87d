"""Connections are limited where they are accepted, whoever accepts them."""

import asyncio
import contextlib
import os
import socket
import subprocess
import sys

import pytest

from forewave.delivery import page_server
from forewave.delivery.connections import ports
from forewave.delivery.connections.listener import Listener
from tests.certificate import certificate


async def until(condition):
    """Let the loop turn until it is so."""
    while not condition():  # noqa: ASYNC110 (nobody tells us)
        await asyncio.sleep(0)


class Refused:
    count = 0

    def __call__(self):
        self.count += 1


def listening(most):
    refused = Refused()
    return Listener(ports.bind("127.0.0.1", 0, "test"), most, refused), refused


async def plain(listener, tls):
    """asyncio's own server, of a protocol that never closes."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(asyncio.Protocol, sock=listener, ssl=tls)


async def pages(listener, tls):
    server = page_server.server(lambda *any: None, tls=tls)
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup([listener])
    return server.servers[0]


@pytest.mark.parametrize("serve", [plain, pages])
@pytest.mark.parametrize("with_tls", [False, True], ids=["plain", "TLS that is never spoken"])
def test_a_burst_beyond_the_limit_is_refused_before_anything_is_spoken(serve, with_tls, tmp_path):
    tls = certificate(tmp_path)[0] if with_tls else None

    async def work():
        listener, refused = listening(5)
        server = await serve(listener, tls)
        address = listener.getsockname()
        with contextlib.ExitStack() as open_ones:
            for _ in range(100):
                open_ones.enter_context(socket.create_connection(address))
            await until(lambda: refused.count == 95)
            assert listener.connections == 5
        await until(lambda: not listener.connections)
        _, writer = await asyncio.open_connection(*address)
        await until(lambda: listener.connections == 1)
        writer.transport.abort()
        server.close()

    asyncio.run(asyncio.wait_for(work(), 20.0))


def test_a_released_connection_counts_no_longer_even_where_its_descriptor_is_used_again():
    async def work():
        listener, refused = listening(2)
        server = await plain(listener, None)
        address = listener.getsockname()
        _, first = await asyncio.open_connection(*address)
        await until(lambda: listener.connections == 1)
        (descriptor,) = listener._open
        listener.release(descriptor)
        assert listener.connections == 0
        others = [await asyncio.open_connection(*address) for _ in range(2)]
        await until(lambda: listener.connections == 2)
        first.transport.abort()
        await asyncio.sleep(0)
        assert (listener.connections, refused.count) == (2, 0)
        for _, writer in others:
            writer.transport.abort()
        await until(lambda: not listener.connections)
        server.close()

    asyncio.run(asyncio.wait_for(work(), 20.0))


def test_without_a_descriptor_left_the_backlog_is_still_emptied():
    """Or the loop would be woken for ever by connections that it cannot accept."""
    code = """
import os, resource, socket
from forewave.delivery.connections import ports
from forewave.delivery.connections.listener import Listener
refused = []
listener = Listener(ports.bind("127.0.0.1", 0, "x"), 1000, lambda: refused.append(1))
client = socket.create_connection(listener.getsockname())
other = socket.create_connection(listener.getsockname())
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
held = []
try:
    while True:
        held.append(os.dup(0))
except OSError:
    pass
try:
    listener.accept()
except BlockingIOError:
    pass
assert len(refused) == 2, refused
assert client.recv(1) == b""
os.close(held.pop())
os.close(held.pop())
third = socket.create_connection(listener.getsockname())
assert listener.accept()[0].fileno() > 0
"""
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_closed_listener_holds_nothing():
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else None
    listener, _ = listening(5)
    listener.close()
    listener.close()
    if before is not None:
        assert len(os.listdir("/proc/self/fd")) == before
