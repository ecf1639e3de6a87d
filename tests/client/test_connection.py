"""The connection against a real gateway on free ports of the loopback."""

import asyncio
import contextlib
import json
import time

import pytest
import websockets
import websockets.asyncio.server

from forewave.archive import travel_time
from forewave.client import connection
from forewave.client.connection import Connection
from forewave.client.receiver import Receiver
from forewave.client.service import Service
from forewave.client.trust import Trust
from forewave.delivery import key_list, signing
from forewave.delivery.connections.frames import Code
from forewave.delivery.stream import Readiness
from tests.browser.warner import CHENGDU, Warner

WAIT = 30.0


@pytest.fixture
def warner():
    with Warner() as made:
        yield made


class Client:
    """A connection that is kept while a condition is waited for."""

    def __init__(self, url, pinned=None, **trust):
        self.receiver = Receiver(CHENGDU, travel_time.load().coarse())
        self.alerts, self.states = [], []
        self.changed = asyncio.Event()
        self.connection = Connection(
            Service(url), self.receiver, Trust(pinned, **trust), self.alerts.append, self.look
        )

    def look(self):
        now = self.receiver.readiness(connection.time.monotonic())
        if [now.state] != self.states[-1:]:
            self.states.append(now.state)
        self.changed.set()

    async def until(self, condition):
        while not condition():
            self.changed.clear()
            await asyncio.wait_for(self.changed.wait(), WAIT)


def run(test, *arguments, **options):
    async def whole():
        client = Client(*arguments, **options)
        keeping = asyncio.create_task(client.connection.keep())
        try:
            await asyncio.wait_for(test(client), WAIT)
        finally:
            keeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await keeping
        return client

    return asyncio.run(whole())


def test_it_becomes_ready_and_takes_alerts(warner):
    async def test(client):
        await client.until(lambda: client.states[-1:] == ["ready"])
        warner.publish(warner.alert())
        await client.until(lambda: client.alerts)
        await client.until(lambda: client.receiver.clock.error < 0.5)  # a ping was answered

    client = run(test, warner.url())
    assert [alert.event for alert in client.alerts] == ["e1"]
    assert abs(client.receiver.clock.now(connection.time.monotonic()) - warner.now()) < 1.0


def test_who_connects_late_gets_what_is_in_force(warner):
    warner.publish(warner.alert())

    async def test(client):
        await client.until(lambda: client.alerts)

    run(test, warner.url())


def test_a_connection_that_is_cut_is_made_again(warner):
    async def test(client):
        await client.until(lambda: client.states[-1:] == ["ready"])
        await asyncio.to_thread(warner.cut_off, False)
        await client.until(lambda: client.states[-1:] == ["reconnecting"])
        await client.until(lambda: client.states[-1:] == ["ready"])
        warner.publish(warner.alert())
        await client.until(lambda: client.alerts)

    assert run(test, warner.url()).states[-3:] == ["ready", "reconnecting", "ready"]


def test_a_server_that_restarts_says_when_to_come_back(warner):
    async def test(client):
        await client.until(lambda: client.states[-1:] == ["ready"])
        stop = warner.gateway.stream.stop(Code.SERVICE_RESTART, 0.05)
        await asyncio.to_thread(warner._run, stop)
        await client.until(lambda: client.states[-1:] == ["reconnecting"])
        assert 0.0 <= client.connection.hint_s <= 0.05
        await client.until(lambda: client.states[-1:] == ["ready"])

    run(test, warner.url())


@pytest.mark.parametrize(("tries", "most"), [(0, 5), (1, 5), (2, 10), (3, 20), (4, 30), (99, 30)])
def test_the_wait_is_a_random_share_of_a_time_that_doubles(monkeypatch, tries, most):
    for share in (0.0, 0.5, 0.9):
        monkeypatch.setattr(connection.random, "random", lambda share=share: share)
        assert connection.wait_s(tries, None) == pytest.approx(share * most)
    assert connection.wait_s(tries, 3.5) == 3.5
    assert connection.wait_s(tries, 999.0) == 30.0


def test_what_the_server_can_do_is_told(warner):
    warner.able = Readiness("not ready", ("a live source",))

    async def test(client):
        await client.until(lambda: client.states[-1:] == ["unable"])
        warner.able = Readiness("ready")
        await client.until(lambda: client.states[-1:] == ["ready"])

    run(test, warner.url())


def test_nobody_there_is_no_error(monkeypatch):
    monkeypatch.setattr(connection, "RETRY_FIRST", 0.01)

    async def test(client):
        await client.until(lambda: client.states == ["connecting"])
        at = connection.time.monotonic()
        assert "refused" in client.receiver.readiness(at).detail.lower()

    run(test, "http://127.0.0.1:1")


def test_pinned_keys_that_the_server_does_not_list_are_not_enough(warner):
    warner.publish(warner.alert())
    stranger = signing.generate()

    async def test(client):
        await client.until(lambda: client.states[-1:] == ["untrusted"])
        await client.until(lambda: client.connection.frames > 4)

    assert run(test, warner.url(), stranger.trusted).alerts == []


def test_pinned_keys_that_it_lists_are_enough(warner):
    warner.publish(warner.alert())

    async def test(client):
        await client.until(lambda: client.alerts)

    pinned = {**signing.generate().trusted, **warner.gateway._keys.trusted}
    assert run(test, warner.url(), pinned).states[-1] == "ready"


def test_a_key_that_is_listed_later_is_asked_for(warner, monkeypatch):
    """The server begins to sign with another key; the connection stays."""
    monkeypatch.setattr(connection, "RENEW_EVERY", 0.0)

    async def test(client):
        await client.until(lambda: client.states[-1:] == ["ready"])
        warner.gateway._keys = signing.generate()
        warner.publish(warner.alert())
        await client.until(lambda: client.alerts)

    assert "untrusted" not in run(test, warner.url()).states


class Silent:
    """A server that answers what it is, says nothing more, and writes down what it is sent."""

    def __init__(self):
        self.requests, self.frames = [], []

    async def __aenter__(self):
        self._stream = await websockets.asyncio.server.serve(self._keep, "127.0.0.1", 0)
        self._pages = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *error):
        self._stream.close()
        self._pages.close()

    @property
    def url(self):
        return f"http://127.0.0.1:{port_of(self._pages)}"

    async def _keep(self, client):
        self.requests.append(f"{client.request.path}{client.request.headers}")
        with contextlib.suppress(websockets.exceptions.ConnectionClosedError):
            async for text in client:
                self.frames.append(text)

    async def _answer(self, reader, writer):
        self.requests.append((await reader.readuntil(b"\r\n\r\n")).decode())
        body = json.dumps({"stream_port": port_of(self._stream), "keys": {}})
        writer.write(f"HTTP/1.0 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        await writer.drain()
        writer.close()


def port_of(server):
    return next(iter(server.sockets)).getsockname()[1]


def test_a_server_that_falls_silent_is_left_and_tried_again(monkeypatch):
    monkeypatch.setattr(connection, "SILENT", 0.1)
    monkeypatch.setattr(connection, "RETRY_FIRST", 0.01)

    async def whole():
        async with Silent() as server:
            client = Client(server.url)
            keeping = asyncio.create_task(client.connection.keep())
            await client.until(lambda: len(server.requests) >= 4)  # two connections, of two each
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)

    asyncio.run(asyncio.wait_for(whole(), WAIT))


def test_the_place_is_never_sent():
    """All that leaves are two requests, and pings."""

    async def whole():
        async with Silent() as server:
            client = Client(server.url)
            keeping = asyncio.create_task(client.connection.keep())
            await client.until(lambda: len(server.frames) >= 2)
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            return server

    server = asyncio.run(asyncio.wait_for(whole(), WAIT))
    assert server.requests[0].startswith("GET /config.json HTTP/1.1")
    assert all(set(json.loads(text)) == {"type", "id"} for text in server.frames)
    sent = "".join([*server.requests, *server.frames])
    assert not [word for word in (CHENGDU.name, str(CHENGDU.lat), str(CHENGDU.lon)) if word in sent]


ROOT, FIRST, NEXT = signing.generate(), signing.generate(), signing.generate()


def served(n, *keys, revoked=()):
    now = time.time()
    entries = [key_list.listed(key.trusted[key.id], now - 9.0, now + 999.0) for key in keys]
    data = key_list.make(ROOT, entries, n=n, made=now, until=now + 999.0, revoked=revoked)
    return key_list.read_unverified(data), data.strip()


def test_keys_change_while_it_is_connected_and_no_alert_is_lost(monkeypatch):
    """The next key, then a revocation of the first: each alert comes, what is forged does not."""
    monkeypatch.setattr(connection, "RENEW_EVERY", 0.1)
    with Warner(keys=FIRST, key_list=served(1, FIRST)) as warner:

        async def test(client):
            keys = client.connection._keys
            await client.until(lambda: client.states[-1:] == ["ready"])
            warner.rekey(FIRST, served(2, FIRST, NEXT))
            await client.until(lambda: keys.version == 2)
            warner.rekey(NEXT, served(2, FIRST, NEXT))
            warner.publish(warner.alert())
            await client.until(lambda: client.alerts)
            warner.rekey(NEXT, served(3, NEXT, revoked=[FIRST.id]))
            await client.until(lambda: keys.version == 3)
            warner.send(FIRST.seal(warner.alert(event="forged", id="forged.1")))
            warner.publish(warner.alert(event="e2", id="e2.1"))
            await client.until(lambda: len(client.alerts) > 1)

        client = run(test, warner.url())
    assert [alert.event for alert in client.alerts] == ["e1", "e2"]
    assert "lost" not in client.states
    assert "reconnecting" not in client.states
