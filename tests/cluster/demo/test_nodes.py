"""The configuration of the nodes on real nodes: devices receive, and can send nothing."""

import asyncio
import contextlib
from pathlib import Path

import aiomqtt
import nats
import pytest
import websockets

from forewave.cluster.demo.nodes import CONFIG, server_binary
from forewave.cluster.wire import devices
from tests.cluster.nats_nodes import opened, three_nodes, until

pytestmark = [pytest.mark.live, pytest.mark.slow]
SUBJECT = devices("actual")
ALERT = b'{"v":1}'


def test_the_server_is_that_of_the_wheel():
    assert Path(server_binary()).is_file()


def test_the_configuration_in_deploy_is_the_tested_one():
    deployed = Path(__file__).parents[3] / "deploy" / "nats" / "nats.conf"
    assert deployed.read_text() == CONFIG.read_text()


def test_a_device_receives_and_cannot_publish_or_read_anything_else(tmp_path):
    async def play(nodes):
        errors, received, spied = [], [], []

        async def on_error(error):
            errors.append(str(error))

        async with opened(nodes) as bus:
            url = f"nats://127.0.0.1:{nodes.clients[1]}"
            device = await nats.connect(url, error_cb=on_error)

            async def on_alert(message):
                received.append(message.data)

            async def on_other(message):
                spied.append(message.data)

            try:
                await device.subscribe(SUBJECT, cb=on_alert)
                with contextlib.suppress(nats.errors.Error):
                    await device.subscribe("forewave.>", cb=on_other)
                await device.flush()
                bus.publish(SUBJECT, ALERT)
                await until(lambda: received)
                heard = []
                await bus.subscribe(SUBJECT, lambda subject, data: heard.append(data))
                await bus.subscribe("forewave.>", lambda subject, data: heard.append(data))
                for subject in (SUBJECT, "forewave.main.published.x", "$KV.x.leader"):
                    await device.publish(subject, b"forged")
                await device.flush()
                bus.publish("forewave.main.beacon", b"marker")
                await until(lambda: b"marker" in heard)
                await asyncio.sleep(0.3)
                assert b"forged" not in heard
                assert spied == []
                assert any("permissions violation" in error.lower() for error in errors)
            finally:
                await device.close()

    with three_nodes(tmp_path) as nodes:
        asyncio.run(play(nodes))


def test_a_page_receives_over_websocket_and_cannot_publish(tmp_path):
    """The protocol of NATS, written out: no client that might hold back what it may not send."""

    async def play(nodes):
        async with opened(nodes) as bus:
            heard = []
            await bus.subscribe(SUBJECT, lambda subject, data: heard.append(data))
            url = f"ws://127.0.0.1:{nodes.websockets[0]}"
            async with asyncio.timeout(20.0), websockets.connect(url) as page:
                await page.send(b'CONNECT {"verbose":false}\r\n')
                await page.send(f"SUB {SUBJECT} 1\r\nPING\r\n".encode())
                await read_until(page, b"PONG")
                bus.publish(SUBJECT, ALERT)
                await read_until(page, ALERT)
                await page.send(f"PUB {SUBJECT} 6\r\nforged\r\n".encode())
                await read_until(page, b"Permissions Violation for Publish")
            heard.clear()
            bus.publish(SUBJECT, b"marker")
            await until(lambda: b"marker" in heard)
            assert b"forged" not in heard

    async def read_until(page, wanted):
        said = b""
        while wanted not in said:
            said += await page.recv()

    with three_nodes(tmp_path) as nodes:
        asyncio.run(play(nodes))


def test_an_mqtt_device_receives_and_cannot_publish(tmp_path):
    topic = SUBJECT.replace(".", "/")

    async def play(nodes):
        async with opened(nodes) as bus:
            heard = []
            await bus.subscribe(SUBJECT, lambda subject, data: heard.append(data))
            for _ in range(100):  # sessions need the cluster's metadata
                with contextlib.suppress(aiomqtt.MqttError):
                    await device(nodes, bus, heard)
                    return
                await asyncio.sleep(0.2)
            raise AssertionError("MQTT never answered")

    async def device(nodes, bus, heard):
        async with aiomqtt.Client("127.0.0.1", nodes.mqtt[0]) as client:
            await client.subscribe(topic)
            bus.publish(SUBJECT, ALERT)
            async with asyncio.timeout(10.0):
                message = await anext(aiter(client.messages))
            assert message.payload == ALERT
        with contextlib.suppress(aiomqtt.MqttError):
            async with aiomqtt.Client("127.0.0.1", nodes.mqtt[0]) as client:
                await client.publish(topic, b"forged")
        heard.clear()
        bus.publish(SUBJECT, b"marker")
        await until(lambda: b"marker" in heard)
        assert b"forged" not in heard

    with three_nodes(tmp_path) as nodes:
        asyncio.run(play(nodes))
