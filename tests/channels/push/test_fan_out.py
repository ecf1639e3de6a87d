"""Posts to a push service that answers as real ones do, at their worst."""

import asyncio
import contextlib
import threading
import time

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from forewave.channels.push import fan_out
from forewave.channels.push.fan_out import FanOut, Post, topic
from forewave.channels.push.subscriptions import read
from forewave.channels.push.vapid import Vapid
from tests.channels.push.push_service import Device, PushService, claims

pytestmark = pytest.mark.live


@pytest.fixture
def service():
    with PushService() as service:
        yield service


class Sender:
    """A fan-out to devices of one service. later: seconds that the clock is ahead."""

    def __init__(self, service):
        self.removed, self.later = [], 0.0
        vapid = Vapid(ec.generate_private_key(ec.SECP256R1()), "mailto:a@example.org", time.time)
        self.fan_out = FanOut(vapid, lambda: time.time() + self.later, self.removed.append)
        self._service = service

    def put(self, *args, **change):
        self.fan_out.put([self.post(*args, **change)])

    def post(self, device, message, version=1, lasts=60.0, event="e1"):
        subscription = read(services=(self._service.origin,), **device.subscription("wm6n"))
        expires = time.time() + lasts
        return Post(subscription, event, version, message, expires)

    async def until(self, **counts):
        def there():
            return all(self.fan_out.counts[name] >= n for name, n in counts.items())

        while not there():  # noqa: ASYNC110 (another task counts)
            await asyncio.sleep(0.01)


def run(sender, work):
    async def both():
        async with asyncio.timeout(30):
            task = asyncio.create_task(sender.fan_out.run())
            await work()
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    asyncio.run(both())


def test_the_device_reads_what_was_sent_with_the_headers_of_rfc_8030(service):
    sender, device = Sender(service), Device(service)

    async def work():
        sender.put(device, b"the message", lasts=42.0)
        await sender.until(delivered=1)

    run(sender, work)
    request = service.next()
    assert device.read(request) == b"the message"
    assert request.headers["ttl"] == "42"
    assert request.headers["urgency"] == "high"
    assert request.headers["topic"] == topic("e1")
    assert request.headers["content-encoding"] == "aes128gcm"
    assert claims(request.headers["authorization"])["aud"] == service.origin


def test_a_topic_has_the_letters_and_the_length_that_services_take():
    assert all(len(topic(event)) <= 32 for event in ("", "e1", "drill:ü" * 99))
    assert all(c.isalnum() or c in "-_" for c in topic("any event"))


@pytest.mark.parametrize("status", [404, 410])
def test_a_subscription_that_is_gone_is_removed(service, status):
    sender, device = Sender(service), Device(service)
    service.answers[device.path] = [(status, {})]

    async def work():
        sender.put(device, b"m")
        while not sender.removed:  # noqa: ASYNC110 (another thread tells)
            await asyncio.sleep(0.01)

    run(sender, work)
    assert sender.removed == [device.endpoint]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_a_service_refuses_for_now_is_sent_again(service, status, monkeypatch):
    monkeypatch.setattr(fan_out, "FIRST_RETRY", 0.01)
    sender, device = Sender(service), Device(service)
    service.answers[device.path] = [(status, {}), (status, {"Retry-After": "0"})]

    async def work():
        sender.put(device, b"m")
        await sender.until(delivered=1)

    run(sender, work)
    assert sender.fan_out.counts[f"again: {status}"] == 2
    assert [device.read(service.next()) for _ in range(3)] == [b"m"] * 3


def test_what_has_expired_is_not_sent_any_more(service, monkeypatch):
    monkeypatch.setattr(fan_out, "FIRST_RETRY", 0.01)
    sender, device = Sender(service), Device(service)
    service.answers[device.path] = [(503, {})] * 1000

    async def work():
        sender.put(device, b"m", lasts=60.0)
        await sender.until(**{"again: 503": 2})
        sender.later = 61.0
        await sender.until(expired=1)
        assert not sender.fan_out.counts["delivered"]
        tried = service.received.qsize()
        await asyncio.sleep(0.5)  # longer than the pause between two tries
        assert service.received.qsize() == tried

    run(sender, work)


def test_a_newer_version_takes_the_place_of_an_unsent_one(service, monkeypatch):
    monkeypatch.setattr(fan_out, "FIRST_RETRY", 1.0)
    sender, device = Sender(service), Device(service)
    service.answers[device.path] = [(503, {})]

    async def work():
        sender.fan_out.put([sender.post(device, b"old", 1), sender.post(device, b"new", 2)])
        await sender.until(**{"again: 503": 1})
        sender.put(device, b"newest", 3)
        await sender.until(delivered=1)
        await asyncio.sleep(2.0)  # longer than the pause after which version 2 would come again

    run(sender, work)
    assert [device.read(service.received.get()) for _ in range(2)] == [b"new", b"newest"]
    assert service.received.empty()


def test_one_service_that_fails_delays_no_other(service):
    sender, device = Sender(service), Device(service)
    with PushService() as other:
        gone = Device(other)
        sender._service = other
        subscription = read(services=(other.origin,), **gone.subscription("wm6n"))
    sender._service = service

    async def work():
        sender.fan_out.put([Post(subscription, "e1", 1, b"m", time.time() + 60)])
        sender.put(device, b"m")
        await sender.until(delivered=1, **{"again: no connection": 1})

    run(sender, work)
    assert device.read(service.next()) == b"m"


def test_a_message_that_is_refused_for_good_is_counted_and_not_repeated(service):
    sender, device = Sender(service), Device(service)
    service.answers[device.path] = [(403, {}), (302, {"Location": service.origin + "/elsewhere"})]

    async def work():
        sender.put(device, b"m", event="a")
        await sender.until(**{"refused: 403": 1})
        sender.put(device, b"m", event="b")
        await sender.until(**{"refused: 302": 1})

    run(sender, work)
    assert {request.path for request in list(service.received.queue)} == {device.path}


def test_what_waits_when_it_is_stopped_is_sent_when_it_runs_again(service, monkeypatch):
    monkeypatch.setattr(fan_out, "AT_ONCE", 1)
    monkeypatch.setattr(fan_out, "FIRST_RETRY", 60.0)
    sender = Sender(service)
    under_way, waiting, paused = (Device(service, name) for name in ("u", "w", "p"))
    service.answers[paused.path] = [(503, {})]
    send, began = sender.fan_out._send, threading.Event()

    async def stalled(session, post):
        if post.subscription.endpoint != under_way.endpoint:
            return await send(session, post)
        began.set()
        await asyncio.Event().wait()

    async def before():
        sender.put(paused, b"m")
        await sender.until(**{"again: 503": 1})
        sender.fan_out.put([sender.post(each, b"m") for each in (under_way, waiting)])
        await asyncio.to_thread(began.wait, 20.0)

    async def after():
        await sender.until(delivered=3)
        sender.put(waiting, b"cancel", 2)
        await sender.until(delivered=4)

    monkeypatch.setattr(sender.fan_out, "_send", stalled)
    run(sender, before)
    service.next()
    monkeypatch.setattr(sender.fan_out, "_send", send)
    run(sender, after)
    paths = [service.next().path for _ in range(4)]
    assert sorted(paths[:3]) == [paused.path, under_way.path, waiting.path]
    assert paths[3] == waiting.path


def test_a_version_that_was_stopped_does_not_come_back_after_a_newer_one(service, monkeypatch):
    monkeypatch.setattr(fan_out, "FIRST_RETRY", 60.0)
    sender, device = Sender(service), Device(service)
    service.answers[device.path] = [(503, {})]

    async def before():
        sender.put(device, b"old")
        await sender.until(**{"again: 503": 1})
        sender.put(device, b"new", 2)
        await sender.until(delivered=1)

    async def after():
        await asyncio.sleep(0.3)

    run(sender, before)
    run(sender, after)
    assert [device.read(service.next()) for _ in range(2)] == [b"old", b"new"]
    assert service.received.empty()
