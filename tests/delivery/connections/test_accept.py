"""Connections are let in at a limited rate, and none right after an alert."""

import asyncio
import contextlib
import socket
import ssl

import pytest

from forewave.delivery.connections import ports
from forewave.delivery.connections.accept import HELD_S, HOLD_EVERY, Acceptor, Pace
from tests.certificate import certificate


def test_a_burst_is_served_at_once_and_then_the_rate_holds():
    pace, now, served = Pace(rate=100.0, burst=10.0), 1000.0, []
    while now < 1002.0:
        served.append(now)
        now += max(pace.take(now), 1e-4)
    assert sum(each < 1000.002 for each in served) == pytest.approx(10, abs=2)
    assert len(served) == pytest.approx(10 + 2.0 * 100, abs=3)


def test_after_a_pause_there_is_no_more_than_one_burst():
    pace = Pace(rate=100.0, burst=10.0)
    pace.take(0.0)
    waits = [pace.take(3600.0) for _ in range(12)]
    assert waits == pytest.approx([0.0] * 10 + [0.01, 0.02])


def test_connections_wait_while_an_alert_goes_out_but_not_for_ever():
    """However many alerts there are."""
    pace, now, waited = Pace(), 50.0, 0.0
    for _ in range(1000):
        pace.hold(now)
        wait = pace.take(now)
        assert wait <= HELD_S
        waited += wait
        now += max(wait, 0.01)
    assert 0.0 < waited / (now - 50.0) <= HELD_S / HOLD_EVERY + 0.01


class Served(asyncio.Protocol):
    def __init__(self, made):
        self.made = made

    def connection_made(self, transport):
        self.made.append(asyncio.get_running_loop().time())
        transport.close()


def test_more_connections_than_the_rate_wait_in_the_backlog_and_are_served():
    async def work():
        made = []
        sock = ports.bind("127.0.0.1", 0, "test")
        sock.setblocking(False)
        address = sock.getsockname()
        acceptor = Acceptor(sock, lambda: Served(made), pace=Pace(rate=200.0, burst=5.0))
        accepting = asyncio.create_task(acceptor.run())
        with contextlib.ExitStack() as clients:
            for _ in range(40):
                clients.enter_context(socket.create_connection(address))
            while len(made) < 40:  # noqa: ASYNC110 (nobody tells us)
                await asyncio.sleep(0.01)
        accepting.cancel()
        await asyncio.gather(accepting, return_exceptions=True)
        assert sock.fileno() == -1
        return made[-1] - made[0]

    assert asyncio.run(asyncio.wait_for(work(), 20.0)) > 0.9 * 35 / 200.0


def test_a_failed_handshake_says_nothing_and_stops_nobody(tmp_path, caplog):
    server, trusted = certificate(tmp_path)
    client = ssl.create_default_context(cafile=trusted)

    async def work():
        made, said = [], []
        asyncio.get_running_loop().set_exception_handler(lambda loop, what: said.append(what))
        sock = ports.bind("127.0.0.1", 0, "test")
        sock.setblocking(False)
        address = sock.getsockname()
        accepting = asyncio.create_task(Acceptor(sock, lambda: Served(made), server).run())
        for sent in (b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03", b""):
            reader, writer = await asyncio.open_connection(*address)
            writer.write(sent)
            writer.write_eof()
            with contextlib.suppress(ConnectionError):
                await reader.read()
            writer.close()
        assert made == []
        reader, writer = await asyncio.open_connection(
            *address, ssl=client, server_hostname="127.0.0.1"
        )
        assert await reader.read() == b""
        assert len(made) == 1
        writer.close()
        accepting.cancel()
        await asyncio.gather(accepting, return_exceptions=True)
        return said

    assert asyncio.run(asyncio.wait_for(work(), 20.0)) == []
    assert caplog.records == []
