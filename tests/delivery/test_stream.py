import asyncio
import json
import socket

import pytest

from forewave.delivery.connections.frames import Code
from forewave.delivery.stream import Readiness, Stream


def test_the_first_frame_has_the_time_and_ping_is_answered(net, open_gateway, clock):
    async def work():
        async with open_gateway() as gateway, net.stream(gateway) as client:
            assert json.loads(await client.recv()) == {
                "type": "heartbeat",
                "now": round(clock.now * 1000),
            }
            clock.now += 1.5
            await client.send('{"type":"ping","id":7}')
            assert json.loads(await client.recv()) == {
                "type": "pong",
                "id": 7,
                "now": round(clock.now * 1000),
            }

    net.run(work())


@pytest.mark.parametrize(
    ("sent", "reason"),
    [
        ("not json", "malformed"),
        ("[]", "malformed"),
        ('{"type":"ping"}', "malformed"),
        ('{"type":"ping","id":-1}', "malformed"),
        ('{"type":"ping","id":"x"}', "malformed"),
        ('{"v":1,"id":"forged","n":9,"mode":"actual","kind":"new"}', "malformed"),
        (b"\x00\x01", "malformed"),
        ("x" * 10_000, "malformed"),
        ("[" * 500, "malformed"),
    ],
)
def test_only_a_client_that_sends_nonsense_is_disconnected(net, open_gateway, alert, sent, reason):
    async def work():
        async with (
            open_gateway() as gateway,
            net.stream(gateway) as good,
            net.stream(gateway) as bad,
        ):
            await good.recv()
            await bad.send(sent)
            await bad.wait_closed()
            assert gateway.stream.counts == {reason: 1}
            gateway.publish(alert)
            assert (await net.alerts(good, 1))[0]["id"] == "e1"
            assert gateway.connected == 1

    net.run(work())


@pytest.mark.parametrize(
    "raw",
    [
        b"\x81\x02hi",  # not masked
        b"\x83\x80\x00\x00\x00\x00",  # no such opcode
        b"\x89\xfe\x01\x00\x00\x00\x00\x00",  # a ping of 256 bytes
        b"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00",  # 2^64 bytes
    ],
)
def test_frames_that_break_the_protocol_are_counted(net, open_gateway, raw):
    async def work():
        async with open_gateway() as gateway, net.stream(gateway) as client:
            await client.recv()
            client.transport.write(raw)
            await client.wait_closed()
            assert gateway.stream.counts == {"malformed": 1}

    net.run(work())


def test_a_later_clients_question_is_ignored(net, open_gateway):
    async def work():
        async with open_gateway() as gateway, net.stream(gateway) as client:
            await client.recv()
            await client.send('{"type":"subscribe","cell":"wsqq"}')
            await client.send('{"type":"ping","id":1}')
            assert json.loads(await client.recv())["type"] == "pong"
            assert not gateway.stream.counts

    net.run(work())


def test_a_question_longer_than_any_is_not_even_read(net, open_gateway):
    async def work():
        async with open_gateway() as gateway, net.stream(gateway) as client:
            await client.recv()
            await client.send('{"type":"later","pad":"' + "x" * 512 + '"}')
            await net.closed(client)
            assert client.close_code == 1009
            await net.until(lambda: gateway.connected == 0)

    net.run(work())


def test_a_flood_of_questions_is_cut_off(net, open_gateway):
    async def work():
        async with open_gateway() as gateway, net.stream(gateway) as client:
            for _ in range(60):
                await client.send('{"type":"ping","id":1}')
            await net.closed(client)
            assert client.close_code == 1008
            assert gateway.stream.counts == {"flood": 1}

    net.run(work())


@pytest.mark.parametrize("opcode", [9, 10])
def test_a_flood_of_control_frames_is_cut_off_as_questions_are(net, open_gateway, opcode):
    async def work():
        async with open_gateway() as gateway, net.stream(gateway) as client:
            await client.recv()
            client.transport.write(bytes([0x80 | opcode, 0x80, 0, 0, 0, 0]) * 60)
            await net.closed(client)
            assert client.close_code == 1008
            assert gateway.stream.counts == {"flood": 1}

    net.run(work())


def test_a_protocol_ping_is_answered_and_an_unsolicited_pong_ignored(net, open_gateway):
    async def work():
        async with open_gateway() as gateway, net.stream(gateway) as client:
            await client.recv()
            await client.pong(b"here")
            await (await client.ping(b"there"))
            assert gateway.connected == 1
            assert not gateway.stream.counts

    net.run(work())


def test_each_heartbeat_gives_a_client_its_questions_anew(net, open_gateway):
    async def work():
        async with open_gateway() as gateway, net.stream(gateway) as client:
            await client.recv()
            for _ in range(3):
                for _ in range(50):
                    await client.send('{"type":"ping","id":1}')
                    assert json.loads(await client.recv())["type"] == "pong"
                gateway.stream.heartbeat()
                assert json.loads(await client.recv())["type"] == "heartbeat"
            assert not gateway.stream.counts

    net.run(work())


def test_a_device_that_comes_and_goes_is_counted_while_it_is_there(net, open_gateway):
    async def work():
        async with open_gateway() as gateway:
            assert not gateway.stream.first_client.is_set()
            client = await net.stream(gateway)
            await client.recv()
            assert (gateway.connected, gateway.stream.first_client.is_set()) == (1, True)
            await client.close()
            assert client.close_code == 1000
            await net.until(lambda: gateway.connected == 0)
            assert not gateway.stream.counts

    net.run(work())


def test_a_client_that_is_cut_off_is_sent_nothing_more(net, open_gateway, alert):
    async def work():
        async with open_gateway() as gateway, net.stream(gateway) as client:
            await client.recv()
            (there,) = gateway.stream._clients
            gateway.stream.cut(there, "flood", Code.POLICY_VIOLATION)
            assert gateway.connected == 0
            gateway.publish(alert)
            await client.wait_closed()
            assert client.close_code == 1008

    net.run(work())


def test_a_request_for_a_page_is_no_device(net, open_gateway):
    async def work():
        async with open_gateway() as gateway:
            reader, writer = await asyncio.open_connection("127.0.0.1", gateway.stream_port)
            writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            assert b" 200 " in (await reader.read()).split(b"\r\n")[0]
            writer.close()
            assert gateway.connected == 0

    net.run(work())


def test_a_client_that_does_not_read_is_disconnected_and_delays_no_other(
    net, open_gateway, alert, version
):
    async def work():
        async with open_gateway() as gateway, net.stream(gateway) as good:
            await good.recv()
            with socket.create_connection(("127.0.0.1", gateway.stream_port)) as slow:
                slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
                slow.sendall(_UPGRADE)
                await net.until(lambda: gateway.connected == 2)
                n = 0
                while not gateway.stream.counts:
                    n += 1
                    gateway.publish(version(n))
                    await asyncio.wait_for(net.alerts(good, 1, lambda m, n=n: m["n"] == n), 1.0)
                assert gateway.stream.counts == {"slow": 1}
                assert gateway.connected == 1
            gateway.publish(version(n + 1))
            assert (await net.alerts(good, 1, lambda m: m["n"] == n + 1))[0]["n"] == n + 1

    net.run(work())


_UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: [::1]\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


def test_hundreds_of_clients_get_every_version_once_and_in_order(net, open_gateway, version):
    async def work():
        async with open_gateway() as gateway:
            clients = await asyncio.gather(*(net.stream(gateway) for _ in range(300)))
            await asyncio.gather(*(client.recv() for client in clients))
            assert gateway.connected == 300
            for n in range(1, 6):
                gateway.publish(version(n))
            received = await asyncio.gather(*(net.alerts(client, 5) for client in clients))
            assert {tuple(m["n"] for m in messages) for messages in received} == {(1, 2, 3, 4, 5)}
            await asyncio.gather(*(client.close() for client in clients))
            await net.until(lambda: gateway.connected == 0)

    net.run(work())


def test_more_clients_than_allowed_are_sent_try_again_later(net, open_gateway):
    async def work():
        async with open_gateway() as gateway:
            gateway.stream.max_clients = 1
            async with net.stream(gateway) as first, net.stream(gateway) as second:
                await first.recv()
                await second.wait_closed()
                assert second.close_code == 1013
                assert gateway.stream.counts == {"full": 1}

    net.run(work())


def test_a_handshake_in_letters_that_http_has_not_is_refused(net, open_gateway):
    """The library cannot answer them, and says so with a traceback for each."""
    said = []

    async def work():
        asyncio.get_running_loop().set_exception_handler(lambda loop, what: said.append(what))
        async with open_gateway() as gateway:
            reader, writer = await asyncio.open_connection("127.0.0.1", gateway.stream_port)
            writer.write(
                b"GET / HTTP/1.1\r\nHost: [::1]\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
                b"Sec-WebSocket-Version: 1\xbc\r\n\r\n"
            )
            assert b"101" not in await reader.read()
            assert gateway.stream.counts == {"malformed": 1}
            writer.close()

    net.run(work())
    assert said == []


def test_a_heartbeat_asks_for_the_readiness_once():
    """Or what the devices were sent and what is compared for a change could differ."""
    asked = []

    def readiness():
        asked.append(len(asked))
        return Readiness("ready")

    stream = Stream(lambda: 0.0, list, readiness=readiness)
    before = len(asked)
    stream.heartbeat()
    assert len(asked) == before + 1


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, "101"),
        ({"Origin": "http://127.0.0.1:8460"}, "101"),
        ({"Origin": "https://evil.example"}, "403"),
        ({"Origin": "null"}, "403"),
        ({"Origin": "http://evil.example", "Host": "evil.example"}, "421"),
    ],
)
def test_the_stream_is_for_pages_of_this_server_and_for_programs(
    net, open_gateway, headers, status
):
    """Another site's page, also under a name of its own (DNS rebinding), is refused and counted."""

    async def work():
        async with open_gateway() as gateway:
            reader, writer = await asyncio.open_connection("127.0.0.1", gateway.stream_port)
            lines = {**_HANDSHAKE, **headers}
            head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
            writer.write(f"GET / HTTP/1.1\r\n{head}\r\n".encode())
            answer = (await reader.readline()).decode()
            writer.close()
            assert answer.split()[1] == status
            assert gateway.stream.counts["origin"] == (status == "403")
            assert gateway.stream.counts["malformed"] == (status == "421")

    net.run(work())


_HANDSHAKE = {
    "Host": "127.0.0.1",
    "Upgrade": "websocket",
    "Connection": "Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}
