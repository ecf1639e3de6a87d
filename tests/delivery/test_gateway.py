import asyncio
import contextlib
import json
import socket

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from forewave.delivery import gateway as gateway_module
from forewave.delivery import signing
from forewave.delivery.pages import HOW_TO_BUILD
from forewave.earth import travel_time
from forewave.errors import ConfigError

WAIT = 20.0  # more than any of these takes


def run(work):
    asyncio.run(asyncio.wait_for(work, WAIT))


def stream(gateway):
    return connect(f"ws://127.0.0.1:{gateway.stream_port}/", compression=None)


async def alerts(client, count, seen=lambda message: True):
    """The next alerts on the stream, without repeats of the same version."""
    out = []
    async for text in client:
        message = json.loads(text)
        known = (message.get("id"), message.get("n")) in [(m["id"], m["n"]) for m in out]
        if "type" not in message and not known and seen(message):
            out.append(message)
        if len(out) == count:
            return out
    raise AssertionError(f"closed after {len(out)} alerts")


async def until(condition):
    """Let the loop turn until it is so."""
    while not condition():  # noqa: ASYNC110 (nobody tells us)
        await asyncio.sleep(0)


async def closed(client):
    """Read on until the server closes; a client that does not read would not see it."""
    with contextlib.suppress(ConnectionClosedError):
        async for _ in client:
            pass


async def get(gateway, path, **headers):
    async with httpx.AsyncClient(base_url=gateway.url, headers=headers) as client:
        return await client.get(path)


def test_pages_and_tables(open_gateway, keys):
    async def work():
        async with open_gateway() as gateway:
            assert gateway.pages_built
            assert "phone" in (await get(gateway, "/")).text
            for path in ("/tv", "/tv/"):
                assert "<title>tv" in (await get(gateway, path)).text
            assert (await get(gateway, "/console")).status_code == 503
            assert (await get(gateway, "/nothing")).status_code == 404
            config = (await get(gateway, "/config.json")).json()
            assert config["stream_port"] == gateway.stream_port
            assert config["keys"] == {keys.id: signing.base64url(keys.trusted[keys.id])}
            assert config["place"] == {"name": "here", "lat": 1.5, "lon": 2.5}
            table = (await get(gateway, "/travel_times.json")).json()
            rows, columns = len(table["distance_km"]), len(table["depth_km"])
            assert [len(row) for row in table["s"]] == [columns] * rows
            towns = (await get(gateway, "/towns.json")).json()
            assert len(towns) > 20_000
            assert towns[0][3] >= towns[1][3]
            assert (await get(gateway, "/healthz")).json() == {
                "status": "ok",
                "connected": 0,
                "live": 0,
                "cut_off": {},
            }

    run(work())


def test_headers_keep_the_pages_to_themselves(open_gateway):
    async def work():
        async with open_gateway() as gateway:
            page, asset = await get(gateway, "/"), await get(gateway, "/assets/a-1f.js")
            policy = page.headers["content-security-policy"]
            assert "default-src 'self';" in policy
            assert f"connect-src 'self' ws://127.0.0.1:{gateway.stream_port} wss:" in policy
            assert page.headers["cache-control"] == "no-cache"
            assert "immutable" in asset.headers["cache-control"]
            assert "set-cookie" not in page.headers
            injected = await get(gateway, "/", host="x; script-src *")
            assert "script-src" not in injected.headers.get("content-security-policy", "")

    run(work())


def test_tables_are_sent_compressed_to_those_who_can(open_gateway):
    async def work():
        async with open_gateway() as gateway:
            small = await get(gateway, "/towns.json", **{"accept-encoding": "gzip"})
            plain = await get(gateway, "/towns.json", **{"accept-encoding": "identity"})
            assert small.headers["content-encoding"] == "gzip"
            assert int(small.headers["content-length"]) < int(plain.headers["content-length"]) / 2
            assert small.json() == plain.json()

    run(work())


def test_nothing_outside_the_pages_is_served(open_gateway, web):
    (web.parent / "secret").write_text("secret")

    async def work():
        async with open_gateway() as gateway:
            reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
            writer.write(b"GET /%2e%2e/secret HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            answer = await reader.read()
            assert b" 404 " in answer.split(b"\r\n")[0]
            assert b"secret" not in answer
            writer.close()

    run(work())


def test_missing_pages_say_how_to_build_them(open_gateway, tmp_path):
    async def work():
        async with open_gateway(web=tmp_path / "none") as gateway:
            assert not gateway.pages_built
            page = await get(gateway, "/")
            assert (page.status_code, page.text) == (503, HOW_TO_BUILD)

    run(work())


def test_a_published_alert_reaches_everybody_signed(open_gateway, alert, keys):
    async def work():
        async with open_gateway() as gateway, stream(gateway) as one, stream(gateway) as two:
            await asyncio.gather(one.recv(), two.recv())
            assert gateway.connected == 2
            sent = gateway.publish(alert)
            for client in (one, two):
                text = await client.recv()
                assert text.encode() == sent
                assert signing.unseal(text, keys.trusted).n == 1

    run(work())


def test_the_first_frame_tells_the_time_and_ping_is_answered(open_gateway, clock):
    async def work():
        async with open_gateway() as gateway, stream(gateway) as client:
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

    run(work())


def test_newcomers_get_what_is_in_force(open_gateway, alert, version, clock):
    async def work():
        async with open_gateway() as gateway:
            gateway.publish(alert)
            gateway.publish(version(2))
            gateway.publish(version(1, event="e2", expires=clock.now + 5))
            clock.now += 6
            async with stream(gateway) as client:
                await client.recv()
                assert json.loads(await client.recv())["n"] == 2
                assert len(gateway.live()) == 1

    run(work())


@pytest.fixture
def hasty(monkeypatch):
    """Repeats come twenty times as often."""
    monkeypatch.setattr(gateway_module, "REPEAT", 0.05)


def test_an_alert_is_repeated_until_a_later_version_comes(hasty, open_gateway, alert, version):
    async def work():
        async with open_gateway() as gateway, stream(gateway) as client:
            await client.recv()
            gateway.publish(alert)
            assert [json.loads(await client.recv())["n"] for _ in range(3)] == [1, 1, 1]
            gateway.publish(version(2, kind="cancel", why="false"))
            assert [json.loads(await client.recv())["n"] for _ in range(2)] == [2, 2]

    run(work())


def test_an_expired_alert_is_not_repeated(hasty, open_gateway, alert, clock):
    async def work():
        async with open_gateway() as gateway, stream(gateway) as client:
            await client.recv()
            gateway.publish(alert)
            await client.recv()
            clock.now = alert.expires
            assert json.loads(await client.recv())["type"] == "heartbeat"  # five repeats later

    run(work())


def test_an_older_version_changes_nothing(open_gateway, alert, version):
    async def work():
        async with open_gateway() as gateway:
            sent = gateway.publish(version(3))
            assert gateway.publish(alert) == sent
            assert gateway.publish(version(3, kind="cancel", why="false")) == sent
            assert gateway.live() == [sent]

    run(work())


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
def test_whoever_sends_nonsense_is_cut_off_and_nobody_else(open_gateway, alert, sent, reason):
    async def work():
        async with open_gateway() as gateway, stream(gateway) as good, stream(gateway) as bad:
            await good.recv()
            await bad.send(sent)
            await bad.wait_closed()
            assert gateway.stream.counts == {reason: 1}
            gateway.publish(alert)
            assert (await alerts(good, 1))[0]["id"] == "e1"
            assert gateway.connected == 1

    run(work())


@pytest.mark.parametrize(
    "raw",
    [
        b"\x81\x02hi",  # not masked
        b"\x83\x80\x00\x00\x00\x00",  # no such opcode
        b"\x89\xfe\x01\x00\x00\x00\x00\x00",  # a ping of 256 bytes
        b"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\x00\x00\x00\x00",  # 2^64 bytes
    ],
)
def test_frames_that_break_the_protocol_are_counted(open_gateway, raw):
    async def work():
        async with open_gateway() as gateway, stream(gateway) as client:
            await client.recv()
            client.transport.write(raw)
            await client.wait_closed()
            assert gateway.stream.counts == {"malformed": 1}

    run(work())


def test_a_later_clients_question_is_ignored(open_gateway):
    async def work():
        async with open_gateway() as gateway, stream(gateway) as client:
            await client.recv()
            await client.send('{"type":"subscribe","cell":"wsqq"}')
            await client.send('{"type":"ping","id":1}')
            assert json.loads(await client.recv())["type"] == "pong"
            assert not gateway.stream.counts

    run(work())


def test_a_flood_of_questions_is_cut_off(open_gateway):
    async def work():
        async with open_gateway() as gateway, stream(gateway) as client:
            for _ in range(60):
                await client.send('{"type":"ping","id":1}')
            await closed(client)
            assert gateway.stream.counts == {"flood": 1}

    run(work())


def test_a_request_that_is_no_websocket_is_refused(open_gateway):
    async def work():
        async with open_gateway() as gateway:
            reader, writer = await asyncio.open_connection("127.0.0.1", gateway.stream_port)
            writer.write(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            assert b" 400 " in (await reader.read()).split(b"\r\n")[0]
            writer.close()
            assert gateway.connected == 0

    run(work())


def test_a_client_that_does_not_read_is_dropped_and_holds_nobody_up(open_gateway, alert, version):
    async def work():
        async with open_gateway() as gateway, stream(gateway) as good:
            await good.recv()
            with socket.create_connection(("127.0.0.1", gateway.stream_port)) as slow:
                slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
                slow.sendall(_UPGRADE)
                await until(lambda: gateway.connected == 2)
                n = 0
                while not gateway.stream.counts:
                    n += 1
                    gateway.publish(version(n))
                    await asyncio.wait_for(alerts(good, 1, lambda m, n=n: m["n"] == n), 1.0)
                assert gateway.stream.counts == {"slow": 1}
                assert gateway.connected == 1
            gateway.publish(version(n + 1))
            assert (await alerts(good, 1, lambda m: m["n"] == n + 1))[0]["n"] == n + 1

    run(work())


_UPGRADE = (
    b"GET / HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


def test_hundreds_of_clients_get_every_version_once_and_in_order(open_gateway, version):
    async def work():
        async with open_gateway() as gateway:
            clients = await asyncio.gather(*(stream(gateway) for _ in range(300)))
            await asyncio.gather(*(client.recv() for client in clients))
            assert gateway.connected == 300
            for n in range(1, 6):
                gateway.publish(version(n))
            received = await asyncio.gather(*(alerts(client, 5) for client in clients))
            assert {tuple(m["n"] for m in messages) for messages in received} == {(1, 2, 3, 4, 5)}
            await asyncio.gather(*(client.close() for client in clients))
            await until(lambda: gateway.connected == 0)

    run(work())


def test_more_clients_than_allowed_are_told_to_come_back(open_gateway):
    async def work():
        async with open_gateway() as gateway:
            gateway.stream.max_clients = 1
            async with stream(gateway) as first, stream(gateway) as second:
                await first.recv()
                await second.wait_closed()
                assert second.close_code == 1013
                assert gateway.stream.counts == {"full": 1}

    run(work())


def test_a_taken_port_is_one_clear_line(open_gateway):
    async def work():
        async with open_gateway() as gateway:
            for taken in ({"port": gateway.port}, {"stream_port": gateway.port}):
                with pytest.raises(ConfigError, match=r"cannot open port \d+ .*: Address already"):
                    async with open_gateway(**taken):
                        pass

    run(work())


def test_stop_closes_everything(open_gateway):
    async def work():
        async with open_gateway() as gateway:
            client = await stream(gateway)
            await client.recv()
        await client.wait_closed()
        assert client.close_code == 1001
        for port in (gateway.port, gateway.stream_port):
            with pytest.raises(OSError, match=str(port)):
                await asyncio.open_connection("127.0.0.1", port)

    run(work())


def test_a_gateway_that_was_never_started_stops(keys, clock):
    run(gateway_module.Gateway(keys, clock, travel_time.load()).stop())
