"""Topics that a broker refuses, or that nobody asked for. The broker is a real one."""

import asyncio
import json
import time
from math import floor
from pathlib import Path

import aiomqtt
import pytest

from forewave.check import sources
from forewave.errors import ConfigError
from forewave.formats.protocols import packet_message
from forewave.settings import Settings
from forewave.sources.mqtt.source import TOPICS, MqttSettings, MqttSource
from forewave.sources.mqtt.topics import other_topics
from tests.sources.broker import Broker, Listening, publisher
from tests.sources.mqtt.test_source import PIECE

ACLS = ("publishClientSend", "publishClientReceive", "subscribePattern")
PLUGINS = (*Path("/usr/lib").glob("*/mosquitto_dynamic_security.so"),)


@pytest.fixture
def broker(tmp_path):
    broker = Broker.if_there(tmp_path)
    yield broker
    broker.kill()


@pytest.fixture
def strict(tmp_path):
    """A broker that grants everybody the topics forewave/# and refuses all others (0x80)."""
    if not PLUGINS:
        pytest.skip("no dynamic security in this machine's mosquitto")
    rules = [{"acltype": kind, "topic": "forewave/#", "allow": True} for kind in ACLS]
    rights = {
        "defaultACLAccess": {
            "publishClientSend": False,
            "publishClientReceive": True,
            "subscribe": False,
            "unsubscribe": True,
        },
        "anonymousGroup": "all",
        "groups": [{"groupname": "all", "roles": [{"rolename": "listener"}]}],
        "roles": [{"rolename": "listener", "acls": rules}],
        "clients": [],
    }
    (tmp_path / "rights.json").write_text(json.dumps(rights))
    access = ("allow_anonymous true", f"plugin {PLUGINS[0]}")
    access += (f"plugin_opt_config_file {tmp_path / 'rights.json'}",)
    broker = Broker.if_there(tmp_path, access=access)
    yield broker
    broker.kill()


def test_a_broker_that_refuses_all_topics_is_lost_with_the_reason(strict):
    async def play():
        async with Listening(strict.port, topics=("traces/#", "other/+")) as listening:
            await listening.until(lambda: listening.queue.status().state == "lost")
            return listening.queue.status()

    status = asyncio.run(play())
    assert status.reason == "subscriptions refused by the broker: 2 of 2, such as traces/#"
    entry = MqttSettings("127.0.0.1", strict.port, topics=("traces/#",))
    (found, *_) = sources.live(Settings(sources=(entry,)), (), 1.5)
    assert "refused by the broker: 1 of 1" in found.what
    assert found.remedy == "permit this user to read these topics at the broker, or correct them"


def test_granted_topics_are_received_and_refused_ones_stay_reported(strict):
    refused = "subscriptions refused by the broker: 1 of 2, such as traces/#"

    async def play():
        topics = ("traces/#", "forewave/packet/#")
        async with Listening(strict.port, topics=topics) as listening, publisher(strict) as client:
            await listening.connected()
            before = listening.queue.status()
            await client.publish("forewave/packet/a", packet_message.encode(PIECE))
            await listening.delivered(1)
            await listening.until(lambda: listening.queue.status().reason == refused)
            return before, listening.queue.status()

    before, after = asyncio.run(play())
    assert before.reason == f"connected, no message yet; {refused}"
    assert after.state == "live"


def test_a_topic_that_is_none_is_one_line():
    with pytest.raises(ConfigError, match="'a/#/b' is not an MQTT topic filter"):
        MqttSource(MqttSettings("127.0.0.1", topics=("a/#/b",)))


PLACES = ("traces/A8032A4DD5F0", "traces", "/traces", "iot-2/evt/status/fmt/json")
PLACES += ("iot-2/type/OpenEEW/id/A8032A4DD5F0/evt/status/fmt/json",)


def firmware(taken, states=True):
    """What OpenEEW's published firmware sends: no rate, and the time cut to the second."""
    traces = [{axis: [0.5] * 32 for axis in "xyz"}]
    time_ = {"device_t": floor(taken)} if states else {}
    return json.dumps({"device_id": "A8032A4DD5F0", "traces": traces} | time_)


@pytest.mark.parametrize("place", PLACES)
def test_openeews_own_firmware_is_received_on_each_of_its_topics(broker, place):
    async def play():
        rates = {"XX.A8032A4DD5F0": 31.25}
        async with Listening(broker.port, rates) as listening, publisher(broker) as client:
            await listening.connected()
            taken = time.time()
            await client.publish(place, firmware(taken))
            await listening.delivered(3)
            return taken, listening

    taken, listening = asyncio.run(play())
    assert listening.dropped() == {}
    last = {d.packet.start + 31 / d.packet.rate for d in listening.received}
    assert len(last) == 1
    assert abs(last.pop() - taken) < 1.0


def test_its_rate_is_learned_from_arrivals_without_an_inventory(broker):
    taken = [1.6e9 + 0.4 + number * 32 / 122.0 for number in range(40)]

    async def play():
        async with (
            Listening(broker.port, replayed=True) as listening,
            publisher(broker) as client,
        ):
            await listening.connected()
            for last in taken:
                message = json.loads(firmware(last)) | {"cloud_t": last + 0.15}
                await client.publish("traces/a", json.dumps(message))
            await listening.delivered(3 * (len(taken) - 5))
            return listening

    listening = asyncio.run(play())
    assert listening.dropped() == {"learning the sample rate": 5}
    packet = listening.received[-1].packet
    assert packet.rate == pytest.approx(122.0, rel=1e-3)
    assert packet.start + 31 / packet.rate == pytest.approx(taken[-1], abs=0.15)


def test_other_topics_with_openeew_messages_are_named(broker):
    settings = MqttSettings("127.0.0.1", broker.port)

    async def play():
        looking = asyncio.create_task(other_topics(settings, 4.0))
        async with publisher(broker) as client:
            while not looking.done():
                for topic, payload in CARRIED.items():
                    await client.publish(topic, payload)
                await asyncio.sleep(0.05)
        return await looking

    assert asyncio.run(play()) == ["sensors/9"]


CARRIED = {"sensors/9": firmware(1.7e9), "traces/9": firmware(1.7e9), "weather": b"{}"}


def test_check_names_other_topics_with_openeew_messages(broker):
    async def keep(message):
        async with publisher(broker) as client:
            await client.publish("sensors/9", message, retain=True)

    asyncio.run(keep(firmware(1.7e9)))
    entry = MqttSettings("127.0.0.1", broker.port)
    found = list(sources.live(Settings(sources=(entry,)), (), 4.0))
    (line,) = [each for each in found if "topics" in each.what]
    assert line.what == "OpenEEW messages arrive on topics that are not subscribed: sensors/9"
    assert (line.severity, line.remedy) == ("warning", "add these to the entry's topics")


def test_a_broker_that_cannot_be_had_carries_nothing_else():
    entry = MqttSettings("127.0.0.1", 1, patience=0.2)
    assert asyncio.run(other_topics(entry, 5.0)) == []


def test_the_default_topics_are_filters():
    assert all(aiomqtt.Wildcard(topic).value == topic for topic in TOPICS)
