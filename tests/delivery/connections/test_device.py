"""Devices as they are: WebSocket clients with habits of their own, and server-sent events."""

import asyncio
import json
import shutil

import httpx
import pytest

from forewave.delivery.connections import device as device_module
from forewave.delivery.connections.frames import Code
from tests.delivery.connections.raw_client import EVENTS, connect, frame, response, upgrade


async def opened(gateway):
    reader, writer = await connect(gateway)
    writer.write(upgrade())
    await reader.readuntil(b"\r\n\r\n")
    await frame(reader)
    return reader, writer


def test_a_client_that_sends_pongs_every_time_as_dotnet_does_stays(net, open_gateway, alert):
    """ClientWebSocket of .NET sends an unsolicited pong every 30 s as keep-alive."""

    async def work():
        async with open_gateway() as gateway:
            reader, writer = await opened(gateway)
            for _ in range(10):
                writer.write(b"\x8a\x80\x01\x02\x03\x04")
            writer.write(b"\x89\x80\x01\x02\x03\x04")
            assert await reader.readexactly(2) == b"\x8a\x00"
            sent = gateway.publish(alert)
            assert (await reader.readexactly(4 + len(sent)))[4:] == sent
            assert not gateway.stream.counts
            writer.close()

    net.run(work())


def test_a_question_in_fragments_is_answered(net, open_gateway):
    async def work():
        async with open_gateway() as gateway:
            reader, writer = await opened(gateway)
            text = b'{"type":"ping","id":7}'
            writer.write(b"\x01\x85\x00\x00\x00\x00" + text[:5])
            writer.write(b"\x89\x80\x00\x00\x00\x00")
            writer.write(b"\x80" + bytes([0x80 | len(text) - 5]) + bytes(4) + text[5:])
            assert await reader.readexactly(2) == b"\x8a\x00"
            assert (await frame(reader))["id"] == 7
            writer.close()

    net.run(work())


@pytest.mark.parametrize("payload", [b"", b"\x03\xe8", b"\x03\xe9bye"])
def test_a_close_frame_is_answered_with_its_code(net, open_gateway, payload):
    async def work():
        async with open_gateway() as gateway:
            reader, writer = await opened(gateway)
            writer.write(b"\x88" + bytes([0x80 | len(payload)]) + bytes(4) + payload)
            assert await reader.read() == b"\x88" + bytes([len(payload[:2])]) + payload[:2]
            await net.until(lambda: gateway.connected == 0)
            assert not gateway.stream.counts
            writer.close()

    net.run(work())


def test_a_device_that_does_not_answer_a_close_frame_is_aborted(net, open_gateway, monkeypatch):
    monkeypatch.setattr(device_module, "CLOSING_S", 0.05)

    async def work():
        async with open_gateway() as gateway:
            reader, writer = await opened(gateway)
            (device,) = gateway.stream._clients
            gateway.stream.cut(device, "test", Code.GOING_AWAY)
            assert await reader.readexactly(4) == b"\x88\x02\x03\xe9"
            with pytest.raises((asyncio.IncompleteReadError, ConnectionResetError)):
                await reader.readexactly(1)
            assert not gateway.stream._closing
            writer.close()

    net.run(work())


def test_server_sent_events_have_what_the_websocket_has(net, open_gateway, alert):
    async def work():
        async with open_gateway() as gateway, httpx.AsyncClient() as client:
            old = gateway.publish(alert)
            async with client.stream("GET", gateway.url + "events") as answer:
                assert answer.headers["content-type"] == "text/event-stream"
                assert answer.headers["x-accel-buffering"] == "no"
                assert "no-store" in answer.headers["cache-control"]
                lines = answer.aiter_lines()
                said = [await anext(lines) for _ in range(6)]
                retry, heartbeat, live = said[0], said[2], said[4]
                assert 500 <= int(retry.removeprefix("retry: ")) <= 5000
                assert json.loads(heartbeat.removeprefix("data: "))["type"] == "heartbeat"
                assert live == f"data: {old.decode()}"
                gateway.stream.heartbeat()
                assert '"heartbeat"' in await anext(lines)
                assert gateway.connected == 1
            await net.until(lambda: gateway.connected == 0)

    net.run(work())


def test_a_request_for_events_beyond_the_limit_is_asked_to_come_later(net, open_gateway):
    async def work():
        async with open_gateway() as gateway:
            gateway.stream.max_clients = 0
            reader, writer = await connect(gateway)
            writer.write(EVENTS)
            assert " 503 " in (await response(reader))[0]
            assert gateway.stream.counts == {"full": 1}
            writer.close()

    net.run(work())


def test_a_reader_of_events_that_floods_or_does_not_read_is_cut_off(net, open_gateway, version):
    async def work():
        async with open_gateway() as gateway:
            _, writer = await connect(gateway)
            writer.write(EVENTS)
            await net.until(lambda: gateway.connected == 1)
            while gateway.connected:
                writer.write(b"x")
                await asyncio.sleep(0)
            assert gateway.stream.counts == {"flood": 1}
            writer.close()
            _, writer = await connect(gateway)
            writer.write(EVENTS)
            writer.transport.pause_reading()
            await net.until(lambda: gateway.connected == 1)
            number = 0
            while gateway.connected:
                number += 1
                gateway.publish(version(number))
                await asyncio.sleep(0)
            assert gateway.stream.counts["slow"] == 1
            writer.close()

    net.run(work())


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_curl_shows_the_alert(net, open_gateway, alert):
    async def work():
        async with open_gateway() as gateway:
            curl = await asyncio.create_subprocess_exec(
                "curl", "-sN", gateway.url + "events", stdout=asyncio.subprocess.PIPE
            )
            await gateway.stream.first_client.wait()
            sent = gateway.publish(alert)
            while (line := await curl.stdout.readline()) != b"data: " + sent + b"\n":
                assert line
            curl.terminate()
            await curl.wait()

    net.run(work())
