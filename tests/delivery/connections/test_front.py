"""One port: the first request of a connection, or a later one, decides who answers it."""

import asyncio
import contextlib
import json

import pytest

from forewave.delivery.connections import front
from tests.delivery.connections.raw_client import (
    EVENTS,
    PAGE,
    UPGRADE,
    connect,
    frame,
    response,
    upgrade,
)


@pytest.mark.parametrize("path", ["/stream", "/", "/stream?a=b"])
def test_the_stream_is_at_its_path_and_where_older_clients_look_for_it(net, open_gateway, path):
    async def work():
        async with open_gateway() as gateway:
            reader, writer = await connect(gateway)
            writer.write(upgrade(path))
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 101 ")
            assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in head
            assert (await frame(reader))["type"] == "heartbeat"
            assert gateway.connected == 1
            writer.close()

    net.run(work())


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (upgrade("/tv"), 404),
        (upgrade(version=("Version: 13", "Version: 12")), 426),
        (upgrade(key=("dGhlIHNhbXBsZSBub25jZQ==", "short")), 400),
        (upgrade(connection=("keep-alive, Upgrade", "keep-alive")), 400),
        (upgrade(method=("GET", "POST")), 400),
        (upgrade(host=("localhost", "evil.example")), 421),
        (EVENTS.replace(b"localhost", b"evil.example"), 421),
    ],
)
def test_a_bad_request_for_the_stream_is_refused_and_counted(net, open_gateway, request_, status):
    async def work():
        async with open_gateway() as gateway:
            reader, writer = await connect(gateway)
            writer.write(request_)
            line, _ = await response(reader)
            assert f" {status} " in line
            assert await reader.read() == b""
            assert (gateway.connected, dict(gateway.stream.counts)) == (0, {"malformed": 1})
            writer.close()

    net.run(work())


@pytest.mark.parametrize("request_", [upgrade(), EVENTS], ids=["WebSocket", "events"])
@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost:8460", None),
        ("https://home.example", None),
        ("https://evil.example", 403),
        ("null", 403),
    ],
)
@pytest.mark.parametrize("later", [False, True], ids=["first", "after a page"])
def test_the_stream_is_for_pages_of_this_server_and_of_named_sites(
    net, open_gateway, request_, origin, status, later
):
    """By WebSocket and by server-sent events, also where the connection served a page before."""

    async def work():
        async with open_gateway(origins="https://home.example") as gateway:
            reader, writer = await connect(gateway)
            if later:
                writer.write(PAGE)
                await response(reader)
            writer.write(request_.replace(b"\r\n", f"\r\nOrigin: {origin}\r\n".encode(), 1))
            line, _ = await response(reader)
            assert line.split()[1] in ({str(status)} if status else {"101", "200"})
            assert dict(gateway.stream.counts) == ({"origin": 1} if status else {})
            writer.close()

    net.run(work())


def test_a_refused_version_names_the_one_that_is_spoken():
    assert b"\r\nSec-WebSocket-Version: 13\r\n" in front.refusal(front.HTTPStatus(426))


def test_a_request_in_single_bytes_is_understood(net, open_gateway):
    async def work():
        async with open_gateway() as gateway:
            for request, status in ((upgrade(), "101"), (PAGE, "200"), (EVENTS, "200")):
                reader, writer = await connect(gateway)
                for byte in request:
                    writer.write(bytes([byte]))
                    await asyncio.sleep(0)
                assert f" {status} " in (await response(reader))[0]
                writer.close()

    net.run(work())


def test_frames_sent_with_the_handshake_are_answered(net, open_gateway):
    async def work():
        async with open_gateway() as gateway:
            reader, writer = await connect(gateway)
            writer.write(upgrade() + b"\x89\x81\x00\x00\x00\x00p")
            await reader.readuntil(b"\r\n\r\n")
            await frame(reader)
            assert await reader.readexactly(3) == b"\x8a\x01p"
            writer.close()

    net.run(work())


@pytest.mark.parametrize("request_", [upgrade(), EVENTS], ids=["WebSocket", "events"])
@pytest.mark.parametrize("cut", [0, 1, 30])
def test_a_connection_that_served_pages_can_become_a_devices(net, open_gateway, request_, cut):
    """As a proxy reuses its connections, and a browser for server-sent events."""

    async def work():
        async with open_gateway() as gateway:
            reader, writer = await connect(gateway)
            for _ in range(2):
                writer.write(PAGE)
                line, body = await response(reader)
                assert " 200 " in line
                assert json.loads(body)["stream"] == "stream"
            writer.write(request_[:cut])
            await asyncio.sleep(0.01)
            writer.write(request_[cut:])
            assert (await response(reader))[0].split()[1] in ("101", "200")
            await net.until(lambda: gateway.connected == 1)
            assert not gateway._server.server_state.connections
            writer.close()
            await net.until(lambda: gateway.connected == 0)

    net.run(work())


def test_pipelined_requests_for_pages_are_answered_in_order(net, open_gateway):
    async def work():
        async with open_gateway() as gateway:
            reader, writer = await connect(gateway)
            writer.write(PAGE * 3)
            for _ in range(3):
                assert " 200 " in (await response(reader))[0]
            writer.close()

    net.run(work())


def test_a_device_counts_no_longer_as_a_connection_of_the_pages(net, open_gateway, monkeypatch):
    monkeypatch.setattr("forewave.delivery.page_server.MOST", 2)

    async def work():
        async with open_gateway() as gateway:
            devices = [await connect(gateway) for _ in range(1)]
            for number in range(5):
                reader, writer = devices[-1]
                writer.write(upgrade())
                await response(reader)
                assert gateway.connected == number + 1
                devices.append(await connect(gateway))
            assert not gateway.stream.counts
            for _, writer in devices:
                writer.close()

    net.run(work())


def test_a_first_request_that_never_ends_ends_the_connection(net, open_gateway, monkeypatch):
    monkeypatch.setattr("forewave.delivery.page_server.REQUEST_S", 0.05)

    async def work():
        async with open_gateway() as gateway:
            for sent in (b"", b"GET", UPGRADE.encode()[:-1]):
                reader, writer = await connect(gateway)
                writer.write(sent)
                with contextlib.suppress(ConnectionResetError):
                    assert await reader.read() == b""
                writer.close()

    net.run(work())
