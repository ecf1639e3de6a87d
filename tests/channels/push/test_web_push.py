"""The card, as the chain and pages use it, with a push service and devices of our own."""

import asyncio
import contextlib
import json
import sqlite3

import httpx
import pytest
from starlette.applications import Starlette

from forewave.channels import registry
from forewave.channels.card import Context
from forewave.channels.push.web_push import (
    CARD,
    LARGEST,
    TEST_MESSAGE,
    TEST_S,
    WebPush,
    WebPushSettings,
)
from forewave.earth import geohash
from forewave.errors import ConfigError
from tests.channels.push.push_service import Device, PushService
from tests.channels.sent import LAT, LON, NOW

pytestmark = pytest.mark.live

NEAR, FAR = geohash.encode(LAT, LON), geohash.encode(LAT + 9, LON)


class Served:
    """A channel at work, and a page that talks to it."""

    def __init__(self, tmp_path, service):
        self.now = NOW
        settings = WebPushSettings(contact="mailto:a@example.org", services=service.origin)
        self.channel = WebPush(settings, Context(lambda: self.now, tmp_path, record=tmp_path))

    async def __aenter__(self):
        await self.channel.open()
        self._work = asyncio.create_task(self.channel.work())
        app = Starlette(routes=list(self.channel.routes()))
        transport = httpx.ASGITransport(app=app)
        self.page = httpx.AsyncClient(transport=transport, base_url="http://here")
        return self

    async def __aexit__(self, *_):
        self._work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._work
        await self.page.aclose()
        await self.channel.close()

    async def subscribe(self, device, cell):
        answer = await self.page.post("/push/subscribe", json=device.subscription(cell))
        assert answer.status_code == 200

    async def delivered(self, count):
        while self.channel.fan_out.counts["delivered"] < count:  # noqa: ASYNC110 (another task counts)
            await asyncio.sleep(0.01)


@pytest.fixture
def service():
    with PushService() as service:
        yield service


def run(work):
    async def limited():
        async with asyncio.timeout(60):
            await work()

    asyncio.run(limited())


def test_a_device_in_a_cell_that_is_reached_gets_the_signed_message(tmp_path, service, notify):
    near, far = Device(service, "near"), Device(service, "far")

    async def work():
        async with Served(tmp_path, service) as served:
            await served.subscribe(near, NEAR)
            await served.subscribe(far, FAR)
            first = notify("first")
            await served.channel.send(first)
            await served.delivered(1)
            request = service.next()
            assert near.read(request) == first.message
            assert request.headers["ttl"] == "180"

    run(work)
    assert service.received.empty()


def test_a_device_may_test_the_way_but_not_often(tmp_path, service):
    device = Device(service)

    async def work():
        async with Served(tmp_path, service) as served:
            ask = {"endpoint": device.endpoint}
            unknown = await served.page.post("/push/test", json=ask)
            assert unknown.status_code == 404
            await served.subscribe(device, NEAR)
            assert (await served.page.post("/push/test", json=ask)).status_code == 200
            await served.delivered(1)
            assert device.read(service.next()) == TEST_MESSAGE
            assert (await served.page.post("/push/test", json=ask)).status_code == 429
            served.now += TEST_S
            assert (await served.page.post("/push/test", json=ask)).status_code == 200
            await served.delivered(2)

    run(work)


def test_cancel_and_expiry_reach_those_that_had_the_alert(tmp_path, service, notify):
    near, late = Device(service, "near"), Device(service, "late")

    async def work():
        async with Served(tmp_path, service) as served:
            await served.subscribe(near, NEAR)
            await served.channel.send(notify("first"))
            await served.subscribe(late, geohash.encode(LAT + 0.5, LON))
            cancel = notify("cancel", version=2, kind="cancel", why="false")
            await served.channel.send(cancel)
            await served.delivered(2)
            messages = [near.read(service.next()) for _ in range(2)]
            assert messages[1] == cancel.message
            served.now = NOW + 181.0
            await served.channel.send(notify("final"))
            await served.delivered(3)
            assert int(service.next().headers["ttl"]) == 600

    run(work)
    assert service.received.empty()


def test_subscriptions_and_key_survive_a_restart(tmp_path, service, notify):
    device, offers = Device(service), []

    async def work():
        for turn in range(2):
            async with Served(tmp_path, service) as served:
                offers.append((await served.page.get("/push.json")).json())
                if turn == 0:
                    await served.subscribe(device, NEAR)
                else:
                    await served.channel.send(notify("first"))
                    await served.delivered(1)

    run(work)
    assert offers[0] == offers[1]
    assert len(offers[0]["key"]) == 87


def test_subscriptions_that_cannot_be_read_at_first_are_read_later(tmp_path, service, monkeypatch):
    device = Device(service)

    async def work():
        async with Served(tmp_path, service) as served:
            await served.subscribe(device, NEAR)
        again = Served(tmp_path, service).channel
        with monkeypatch.context() as broken:
            broken.setattr(again.subscriptions, "load", locked)
            with pytest.raises(sqlite3.OperationalError):
                await again.open()
        await again.open()
        assert len(again.subscriptions) == 1
        await again.close()

    def locked():
        raise sqlite3.OperationalError("database is locked")

    run(work)


def test_a_cancel_after_a_restart_reaches_those_that_had_the_alert(tmp_path, service, notify):
    near, far = Device(service, "near"), Device(service, "far")

    async def work():
        async with Served(tmp_path, service) as served:
            await served.subscribe(near, NEAR)
            await served.subscribe(far, FAR)
            await served.channel.send(notify("first"))
            await served.delivered(1)
        async with Served(tmp_path, service) as served:
            cancel = notify("cancel", version=2, kind="cancel", why="false")
            await served.channel.send(cancel)
            await served.delivered(1)
            service.next()
            assert near.read(service.next()) == cancel.message

    run(work)
    assert service.received.empty()


def test_who_has_unsubscribed_gets_nothing(tmp_path, service, notify):
    device = Device(service)

    async def work():
        async with Served(tmp_path, service) as served:
            await served.subscribe(device, NEAR)
            body = {"endpoint": device.endpoint}
            assert (await served.page.post("/push/unsubscribe", json=body)).status_code == 200
            await served.channel.send(notify("first"))
            assert len(served.channel.subscriptions) == 0

    run(work)
    assert service.received.empty()


def test_wrong_requests_are_refused_with_the_reason(tmp_path, service):
    good = Device(service).subscription(NEAR)
    wrong = [
        (json.dumps(good | {"endpoint": "http://127.0.0.1:1/"}), "application/json", "endpoint"),
        (json.dumps(good | {"cell": "wm6nq"}), "application/json", "cell"),
        (json.dumps(good), "text/plain", "Content-Type"),
        ("[" * LARGEST * 2, "application/json", "bytes"),
        ("{}", "application/json", "endpoint"),
        ("\xff", "application/json", "body"),
    ]

    async def work():
        async with Served(tmp_path, service) as served:
            for body, kind, why in wrong:
                headers = {"Content-Type": kind}
                answer = await served.page.post(
                    "/push/subscribe", content=body.encode("latin-1"), headers=headers
                )
                assert answer.status_code == 400
                assert why in answer.json()["error"]
            assert len(served.channel.subscriptions) == 0

    run(work)


def test_the_card_is_registered_and_its_contact_is_checked(tmp_path):
    assert registry.CHANNELS["web_push"] is CARD
    wrong = WebPushSettings(contact="nobody")
    with pytest.raises(ConfigError, match="contact"):
        WebPush(wrong, Context(lambda: NOW, tmp_path))
