"""A real broker."""

import asyncio
import json

import aiomqtt
import pytest

from forewave.client.outputs.broker import Broker, address
from forewave.errors import InputError
from tests.client.made import place_alert
from tests.sources.broker import Broker as Mosquitto

WAIT = 30.0


@pytest.fixture
def mosquitto(tmp_path):
    broker = Mosquitto.if_there(tmp_path)
    yield broker
    broker.kill()


def run(work):
    return asyncio.run(asyncio.wait_for(work, WAIT))


async def next_of(client):
    async for message in client.messages:
        return str(message.topic), json.loads(message.payload), message.retain


def test_a_subscriber_gets_the_line(mosquitto):
    async def whole():
        async with aiomqtt.Client("127.0.0.1", mosquitto.port) as client:
            await client.subscribe("#")
            broker = Broker(f"mqtt://127.0.0.1:{mosquitto.port}/a/b", lambda alert: alert, print)
            broker.start()
            broker.put(place_alert())
            found = await next_of(client)
            await broker.stop()
        return found

    topic, line, retained = run(whole())
    assert (topic, line["event"], retained) == ("a/b", "e1", False)


def test_a_broker_that_was_away_gets_the_newest_version_and_changes_are_reported(mosquitto):
    reports = []

    async def told(words):
        while words not in " ".join(reports):  # noqa: ASYNC110 (nobody tells us)
            await asyncio.sleep(0.01)

    async def whole():
        url = f"mqtt://127.0.0.1:{mosquitto.port}"
        broker = Broker(url, lambda alert: alert, reports.append)
        broker.start()
        await told("connected")
        mosquitto.kill()
        await told("trying again")
        broker.put(place_alert())
        broker.put(place_alert(version=2))
        reports.clear()
        mosquitto.start()
        async with aiomqtt.Client("127.0.0.1", mosquitto.port) as client:
            await client.subscribe("#")
            _, line, _ = await next_of(client)
        await told("connected")
        while broker.busy:  # noqa: ASYNC110 (the broker confirms after it has passed it on)
            await asyncio.sleep(0.01)
        await broker.stop()
        return line, broker

    line, broker = run(whole())
    assert line["version"] == 2
    assert broker.failed >= 1
    assert not broker.busy


def test_what_is_no_longer_in_force_is_not_sent(mosquitto):
    async def whole():
        seen = []

        def current(alert):
            seen.append(alert.event)
            return alert if alert.event == "e2" else None

        async with aiomqtt.Client("127.0.0.1", mosquitto.port) as client:
            await client.subscribe("#")
            broker = Broker(f"mqtt://127.0.0.1:{mosquitto.port}", current, print)
            broker.start()
            broker.put(place_alert())
            broker.put(place_alert(event="e2"))
            _, line, _ = await next_of(client)
            await broker.stop()
        return line["event"], seen

    assert run(whole()) == ("e2", ["e1", "e2"])


def test_an_address_has_user_topic_and_usual_ports():
    found = address("mqtts://me:p%40ss@broker.example/home/quake")
    assert (found.host, found.port, found.secure) == ("broker.example", 8883, True)
    assert (found.user, found.password, found.topic) == ("me", "p@ss", "home/quake")
    assert "p@ss" not in found.shown
    assert address("mqtt://[::1]:99").port == 99
    assert address("mqtt://h").topic == "forewave/alert"


@pytest.mark.parametrize(
    "url", ["", "http://h", "mqtt://", "mqtt://u:secret@h:99999", "mqtt://h/a/#", "mqtt://h/a?b"]
)
def test_a_wrong_address_is_refused_without_its_password(url):
    with pytest.raises(InputError, match="--mqtt: expected") as refused:
        address(url)
    assert "secret" not in str(refused.value)
