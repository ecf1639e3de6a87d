import asyncio
import socket

import aiomqtt
import pytest

from forewave.channels.card import DeliveryError
from forewave.channels.home_assistant import broker as module
from forewave.channels.home_assistant.settings import HomeAssistantSettings
from tests.sources import broker as mosquitto

pytestmark = pytest.mark.live


@pytest.fixture
def server(tmp_path):
    server = mosquitto.Broker.if_there(tmp_path)
    yield server
    server.kill()


def broker(port, will=None, **more):
    settings = HomeAssistantSettings(host="127.0.0.1", port=port, timeout=1.0, **more)
    return module.Broker(settings, will)


async def retained(port, topic):
    """What the broker keeps at a topic, and for how many seconds more; None: nothing."""
    version = aiomqtt.ProtocolVersion.V5
    async with aiomqtt.Client("127.0.0.1", port, protocol=version) as client:
        await client.subscribe("#")
        await client.publish("end", b"x")
        async for message in client.messages:
            if message.topic.value == "end":
                return None
            if message.topic.value == topic:
                return message.payload, getattr(message.properties, "MessageExpiryInterval", None)


def test_a_message_is_retained_for_as_long_as_it_is_valid(server):
    async def main():
        ours = broker(server.port)
        await ours.open()
        await ours.publish("a/valid", b"1", 9.5)
        await ours.publish("a/always", b"2")
        value, left = await retained(server.port, "a/valid")
        assert (value, 9 <= left <= 10) == (b"1", True)
        assert await retained(server.port, "a/always") == (b"2", None)
        await ours.close()

    asyncio.run(main())


def test_mqtt_3_has_no_expiry(server):
    async def main():
        ours = broker(server.port, protocol="3.1.1")
        await ours.open()
        await ours.publish("a/valid", b"1", 9.5)
        assert await retained(server.port, "a/valid") == (b"1", None)
        await ours.close()

    asyncio.run(main())


def test_a_lost_connection_is_noticed_and_the_will_published(server):
    async def main():
        ours = broker(server.port, "a/availability")
        await ours.open()
        watching = asyncio.create_task(ours.watch())
        await asyncio.sleep(0)
        ours._client._client._sock.shutdown(socket.SHUT_RDWR)  # without a word to the broker
        with pytest.raises(DeliveryError, match=r"^no connection: "):
            await asyncio.wait_for(watching, 10.0)
        assert await retained(server.port, "a/availability") == (b"offline", None)

    asyncio.run(main())


def test_no_broker_and_no_connection_are_delivery_errors(server):
    async def main():
        ours = broker(server.port)
        with pytest.raises(DeliveryError, match=r"^not connected$"):
            await ours.publish("a", b"")
        server.kill()
        with pytest.raises(DeliveryError, match=r"^no connection: "):
            await ours.open()
        await ours.close()

    asyncio.run(main())
