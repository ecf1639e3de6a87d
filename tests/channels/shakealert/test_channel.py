"""The channel with a broker, and a receiver that is the library stomp.py."""

import asyncio
import queue

import pytest
from lxml import etree

from forewave.channels import registry
from forewave.channels.card import Context, DeliveryError
from forewave.channels.shakealert import channel
from forewave.channels.shakealert.channel import CARD, ShakeAlert, ShakeAlertSettings
from forewave.errors import ConfigError
from forewave.types import Area
from tests.channels.sent import LAT, LON, NOW
from tests.channels.shakealert.broker import Broker

pytestmark = pytest.mark.live
stomp = pytest.importorskip("stomp", reason="stomp.py is not installed")

TOPIC, DRILLS, BEATS = "/topic/eew.sys.dm.data", "/topic/drills", "/topic/hb"


def run(work):
    async def limited():
        async with asyncio.timeout(30):
            await work()

    asyncio.run(limited())


def made(broker, **change):
    settings = ShakeAlertSettings(host="127.0.0.1", port=broker.port, **change)
    return ShakeAlert(settings, Context(lambda: NOW))


class Listener(stomp.ConnectionListener):
    def __init__(self):
        self.got = queue.Queue()

    def on_message(self, frame):
        self.got.put(frame.body)


def test_another_client_receives_new_update_and_delete(notify):
    sent = [
        notify("first"),
        notify("higher", version=2, kind="update"),
        notify("cancel", version=3, kind="cancel", why="false"),
    ]

    def subscribe(port, listener):
        client = stomp.Connection12([("127.0.0.1", port)], auto_decode=False)
        client.set_listener("", listener)
        client.connect(wait=True)
        client.subscribe(TOPIC, id="1", ack="auto")
        return client

    async def work():
        async with Broker() as broker:
            listener = Listener()
            client = await asyncio.to_thread(subscribe, broker.port, listener)
            sender = made(broker)
            await sender.open()
            for notification in sent:
                await sender.send(notification)
            bodies = [await asyncio.to_thread(listener.got.get, timeout=10) for _ in sent]
            roots = [etree.fromstring(body) for body in bodies]
            assert [r.get("message_type") for r in roots] == ["new", "update", "delete"]
            assert [r.get("version") for r in roots] == ["0", "1", "2"]
            await asyncio.to_thread(client.disconnect)
            await sender.close()

    run(work)


def test_drills_go_to_a_topic_of_their_own_or_nowhere(notify):
    drill = notify("first", mode="drill")

    async def work():
        async with Broker() as broker:
            sender = made(broker)
            await sender.open()
            with pytest.raises(DeliveryError, match="drill_topic") as failed:
                await sender.send(drill)
            assert not failed.value.retry
            await sender.close()
            sender = made(broker, drill_topic=DRILLS)
            await sender.open()
            await sender.send(drill)
            await sender.close()
            assert [topic for topic, _, _ in broker.sent] == [DRILLS]

    run(work)
    with pytest.raises(ConfigError, match="drill_topic"):
        ShakeAlert(ShakeAlertSettings(host="a", drill_topic=TOPIC), Context(lambda: NOW))


def test_the_end_sends_nothing_and_one_station_is_less_likely(notify):
    async def work():
        async with Broker() as broker:
            sender = made(broker)
            await sender.open()
            await sender.send(notify("final"))
            await sender.expire("e1")
            assert broker.sent == []
            await sender.send(notify("first", stations=1, area=Area(LAT, LON, 40.0)))
            root = etree.fromstring(broker.sent[0][2])
            assert root.findtext("core_info/likelihood") == "0.5000"
            await sender.close()

    run(work)


def test_without_a_broker_it_says_so_and_opens_again(notify):
    async def work():
        async with Broker() as broker:
            port = broker.port
            sender = made(broker)
            await sender.open()
        with pytest.raises(DeliveryError):
            await sender.send(notify("first"))
        with pytest.raises(DeliveryError, match="no connection"):
            await sender.open()
        with pytest.raises(DeliveryError, match="no connection"):
            await sender.send(notify("first"))
        async with Broker() as broker:
            sender._settings = ShakeAlertSettings(host="127.0.0.1", port=broker.port)
            await sender.open()
            await sender.send(notify("first"))
            assert len(broker.sent) == 1
            await sender.close()
        assert port

    run(work)


def test_heartbeats_are_sent_while_there_is_a_connection(monkeypatch):
    monkeypatch.setattr(channel, "HEARTBEAT", 0.01)

    async def work():
        async with Broker() as broker:
            sender = made(broker, heartbeat_topic=BEATS)
            await sender.open()
            task = asyncio.create_task(sender.work())
            while len(broker.sent) < 2:  # noqa: ASYNC110 (another task sends)
                await asyncio.sleep(0.005)
            task.cancel()
            await sender.close()
            assert {topic for topic, _, _ in broker.sent} == {BEATS}
            await made(broker).work()  # without a topic there is nothing to do

    run(work)


def test_a_password_without_tls_is_pointed_out(tmp_path):
    assert registry.CHANNELS["shakealert"] is CARD
    assert list(CARD.exposure(ShakeAlertSettings(host="a.example.org", password="x")))
    assert not list(CARD.exposure(ShakeAlertSettings(host="a", password="x", tls=True)))
    wrong = ShakeAlertSettings(host="a", tls=True, tls_ca=str(tmp_path / "none.pem"))
    with pytest.raises(ConfigError, match="tls_ca"):
        ShakeAlert(wrong, Context(lambda: NOW))
