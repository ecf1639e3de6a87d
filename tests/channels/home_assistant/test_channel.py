import asyncio
import json

import aiomqtt
import pytest
from msgspec.structs import replace

from forewave.channels.card import DeliveryError, Notification
from forewave.channels.home_assistant import channel as channel_module
from forewave.channels.registry import make_all
from forewave.delivery.signing import unseal
from forewave.errors import ConfigError
from tests.channels.made import (
    KEYS,
    NOW,
    context,
    entries,
    place_alert,
    seal_now,
    serving,
    until,
)
from tests.sources.broker import Broker

pytestmark = pytest.mark.live


@pytest.fixture
def broker(tmp_path):
    (tmp_path / "broker").mkdir()
    broker = Broker.if_there(tmp_path / "broker")
    yield broker
    broker.kill()


class Client:
    """What a client of the broker sees: every message in order, and what is retained."""

    def __init__(self, broker):
        self.broker, self.log, self.now = broker, [], {}

    async def __aenter__(self):
        self.task = asyncio.create_task(self.listen())
        return self

    async def __aexit__(self, *_):
        self.task.cancel()
        await asyncio.gather(self.task, return_exceptions=True)

    async def listen(self):
        while True:
            try:
                async with aiomqtt.Client("127.0.0.1", self.broker.port) as client:
                    await client.subscribe("#")
                    async for message in client.messages:
                        self.log.append((message.topic.value, message.payload))
                        self.now[message.topic.value] = message.payload
            except aiomqtt.MqttError:
                if asyncio.current_task().cancelling():
                    return  # the library has turned the end into an error
                await asyncio.sleep(0.02)

    def state(self):
        return json.loads(self.now.get("forewave/school/state", b"null"))

    def seen(self, topic):
        return [payload for each, payload in self.log if each == f"forewave/school/{topic}"]


def table(broker, **more):
    return {
        "type": "home_assistant",
        "name": "School",
        "host": "127.0.0.1",
        "port": broker.port,
        "place": [24.5, 121.5],
        "place_name": "School",
        "timeout": 2.0,
    } | more


async def retained(broker):
    """What the broker keeps, by topic."""
    found = {}
    async with aiomqtt.Client("127.0.0.1", broker.port) as client:
        await client.subscribe("forewave/#")
        await client.publish("end", b"", qos=1)
        await client.subscribe("end")
        await client.publish("end", b"x", qos=1)
        async for message in client.messages:
            if message.topic.value == "end":
                return found
            found[message.topic.value] = message.payload


def shown(tmp_path, broker, work, **more):
    async def main():
        async with (
            Client(broker) as client,
            serving(tmp_path, table(broker, **more), record=tmp_path) as (chain, _),
        ):
            await until(lambda: client.now.get("forewave/school/availability") == b"online")
            await work(chain, client)

    asyncio.run(main())


def test_an_alert_is_shown_and_nothing_stale_remains(tmp_path, broker):
    async def work(chain, client):
        chain.publish(seal_now(lasts=1.5))
        await until(lambda: client.now.get("forewave/school/alert") == b"ON")
        state = client.state()
        assert 4.0 < state["mmi"] < 9.0
        assert state["magnitude"] == 6.5
        assert state["title"].startswith("EARTHQUAKE")
        assert state["s_arrival"].endswith("+00:00")
        assert state["place"] == "School"
        assert unseal(client.now["forewave/school/message"], KEYS.trusted).n == 1
        assert client.now.get("forewave/school/drill") in (None, b"OFF")
        await until(lambda: client.now["forewave/school/message"] == b"")
        await until(lambda: client.state()["title"] is None)
        kept = await retained(broker)
        assert kept["forewave/school/alert"] == b"OFF"
        assert "forewave/school/message" not in kept
        assert set(json.loads(kept["forewave/school/state"]).values()) == {None}

    shown(tmp_path, broker, work)


def test_a_cancel_switches_off_and_says_so(tmp_path, broker):
    async def work(chain, client):
        chain.publish(seal_now())
        await until(lambda: client.now.get("forewave/school/alert") == b"ON")
        chain.publish(seal_now(version=2, kind="cancel", why="false"))
        await until(lambda: client.now["forewave/school/alert"] == b"OFF")
        assert client.state()["title"] == "Alert cancelled"
        assert client.state()["mmi"] is None

    shown(tmp_path, broker, work)


def test_a_drill_touches_its_own_entity_only(tmp_path, broker):
    async def work(chain, client):
        await until(lambda: client.now.get("forewave/school/alert") == b"OFF")
        chain.publish(seal_now(mode="drill", lasts=1.0))
        await until(lambda: client.now.get("forewave/school/drill") == b"ON")
        await until(lambda: client.now.get("forewave/school/drill") == b"OFF")
        assert set(client.seen("alert")) == {b"OFF"}
        assert all(json.loads(each)["mmi"] is None for each in client.seen("state"))
        texts = [json.loads(each).get("text") or "" for each in client.seen("drill_state")]
        assert any("DRILL - there is no earthquake" in text for text in texts)

    shown(tmp_path, broker, work, drills=True)


def test_a_broker_that_comes_back_gets_everything_again(tmp_path, broker):
    async def work(chain, client):
        chain.publish(seal_now())
        await until(lambda: client.now.get("forewave/school/alert") == b"ON")
        broker.kill()
        client.now.clear()
        await asyncio.sleep(0.3)
        chain.publish(seal_now(version=2))
        broker.start()  # it has kept nothing
        await until(lambda: client.now.get("forewave/school/alert") == b"ON")
        await until(lambda: client.now.get("forewave/school/availability") == b"online")
        await until(lambda: client.state()["version"] == 2)

    shown(tmp_path, broker, work)


def test_an_alert_that_expires_while_the_broker_is_down_is_cleared_when_it_is_back(
    tmp_path, broker
):
    broker.kill()
    kept = tmp_path / "broker" / "kept"
    kept.mkdir(mode=0o777)
    lines = broker.config.read_text() + f"persistence true\npersistence_location {kept}/\n"
    broker.config.write_text(lines)
    broker.start()

    async def work(chain, client):
        chain.publish(seal_now(lasts=1.5))
        await until(lambda: client.now.get("forewave/school/alert") == b"ON")
        broker.process.terminate()
        broker.process.wait()
        await asyncio.sleep(1.5)
        broker.start()
        await until(lambda: client.now.get("forewave/school/alert") == b"OFF")
        await until(lambda: client.now.get("forewave/school/availability") == b"online")

        async def cleared():
            return "forewave/school/message" not in await retained(broker)

        for _ in range(100):
            if await cleared():
                return
            await asyncio.sleep(0.05)
        raise AssertionError("the message is still retained")

    shown(tmp_path, broker, work)


def test_a_restart_in_the_middle_of_an_alert_does_not_take_it_back(tmp_path, broker):
    async def main():
        async with Client(broker) as client:
            async with serving(tmp_path, table(broker), record=tmp_path) as (chain, _):
                chain.publish(seal_now(lasts=4.0))
                await until(lambda: client.now.get("forewave/school/alert") == b"ON")
                await until(lambda: (tmp_path / "channels.json").exists())
            assert client.now["forewave/school/availability"] == b"offline"
            before = len(client.seen("alert"))
            async with serving(tmp_path, table(broker), record=tmp_path):
                await until(lambda: len(client.seen("alert")) > before)
                assert client.seen("alert")[before:] == [b"ON"]
                await until(lambda: client.now["forewave/school/alert"] == b"OFF")

    asyncio.run(main())


def test_it_is_offline_where_it_vanishes(tmp_path, broker):
    async def main():
        async with Client(broker) as client, serving(tmp_path, table(broker)) as (_, channels):
            await until(lambda: client.now.get("forewave/school/availability") == b"online")
            channels[0]._broker._client._client._sock.close()  # without a word to the broker
            await until(lambda: client.now["forewave/school/availability"] == b"offline")
            await until(lambda: client.now["forewave/school/availability"] == b"online")

    asyncio.run(main())


class Stalled:
    """A broker that fails while `broken`, and keeps what it is told."""

    def __init__(self):
        self.broken, self.now = False, {}

    async def open(self):
        if self.broken:
            raise DeliveryError("no answer")

    async def publish(self, topic, data, seconds=None):
        await self.open()
        self.now[topic.removeprefix("forewave/school/")] = data

    async def watch(self):
        await asyncio.Event().wait()


def stalled(tmp_path, monkeypatch, clock):
    monkeypatch.setattr(channel_module, "SETTLE", 0.01)
    monkeypatch.setattr(channel_module, "LOOK", 0.01)
    table = {"type": "home_assistant", "name": "School", "host": "x"}
    place = replace(context(tmp_path), clock=clock)
    (channel,) = make_all(entries(table, folder=tmp_path), place)
    channel._broker = Stalled()
    return channel


def first(**change):
    return Notification("first", place_alert(**change), seal_now())


async def fails_to_show(channel):
    """The broker stalls while the first alert is sent, and is back afterwards."""
    await channel.open()
    await channel._say(False)
    channel._broker.broken = True
    with pytest.raises(DeliveryError):
        await channel.send(first())
    channel._broker.broken = False


def test_what_has_expired_while_the_broker_stalled_is_not_shown_when_it_is_back(
    tmp_path, monkeypatch
):
    times = [NOW]
    channel = stalled(tmp_path, monkeypatch, lambda: times[0])

    async def main():
        await fails_to_show(channel)
        times[0] = NOW + 101.0
        await channel.open()

    asyncio.run(main())
    assert channel._broker.now["alert"] == b"OFF"
    assert channel._broker.now["message"] == b""
    assert json.loads(channel._broker.now["state"])["title"] is None


def test_what_could_not_be_shown_is_left_to_what_is_sent_next(tmp_path, monkeypatch):
    channel = stalled(tmp_path, monkeypatch, lambda: NOW)

    async def main():
        await fails_to_show(channel)
        await channel.open()
        assert channel._broker.now["alert"] == b"OFF"
        await channel.send(first())
        assert channel._broker.now["alert"] == b"ON"

    asyncio.run(main())


def test_what_expires_is_cleared_although_nobody_says_so(tmp_path, monkeypatch):
    times = [NOW]
    channel = stalled(tmp_path, monkeypatch, lambda: times[0])

    async def main():
        await channel.open()
        working = asyncio.create_task(channel.work())
        await channel.send(first(event="told"))
        channel._broker.broken = True
        with pytest.raises(DeliveryError):
            await channel.send(first())
        channel._broker.broken = False
        times[0] = NOW + 101.0
        await until(lambda: list(channel._shown[False]) == ["told"])  # its end will be sent
        assert channel._broker.now["alert"] == b"ON"
        await channel.expire("told")
        assert channel._broker.now["alert"] == b"OFF"
        working.cancel()

    asyncio.run(main())


@pytest.mark.parametrize("key", ["prefix", "discovery"])
def test_a_prefix_with_wildcards_is_refused(tmp_path, key):
    wrong = {"type": "home_assistant", "host": "x", key: "a/+/b"}
    with pytest.raises(ConfigError, match=key):
        make_all(entries(wrong, folder=tmp_path), context(tmp_path))
