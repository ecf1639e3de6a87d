import asyncio
import hashlib
import hmac
import json
import re
import time
from contextlib import asynccontextmanager

import pytest

from forewave.channels.webhook import SIGNATURE, signature
from forewave.errors import ConfigError
from tests.channels.made import KEYS, PATIENCE, entries, seal_now, serving, until

pytestmark = pytest.mark.live


class Server:
    """An HTTP server that keeps requests, and answers as told."""

    def __init__(self):
        self.requests, self.answers, self.delay = [], [], 0.0

    async def serve(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        line, *lines = head.decode().strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (x.partition(": ") for x in lines)}
        body = await reader.readexactly(int(headers["content-length"]))
        self.requests.append((line, headers, body))
        await asyncio.sleep(self.delay)
        writer.write(self.answers.pop(0) if self.answers else b"HTTP/1.1 204 No Content\r\n\r\n")
        await writer.drain()
        writer.close()


@asynccontextmanager
async def listening(tls=None):
    server = Server()
    opened = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield server, opened.sockets[0].getsockname()[1]
    finally:
        opened.close()


def hooked(folder, work, tls=None, url="http://127.0.0.1:{port}/alerts?x=1", **keys):
    async def main():
        async with listening(tls) as (server, port):
            table = {"type": "webhook", "url": url.format(port=port), **keys}
            async with serving(folder, table) as (chain, _):
                await work(chain, server)
            return dict(chain.workers[0].counts)

    return asyncio.run(main())


def test_a_signed_post_brings_the_alert(tmp_path):
    async def work(chain, server):
        chain.publish(seal_now())
        await until(lambda: server.requests)
        line, headers, body = server.requests[0]
        assert line == "POST /alerts?x=1 HTTP/1.1"
        assert headers["x-more"] == "yes"
        stamp, _, made = headers[SIGNATURE.lower()].removeprefix("t=").partition(",v1=")
        assert abs(int(stamp) - time.time()) < PATIENCE
        assert made == hmac.new(b"key", f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
        told = json.loads(body)
        assert (told["type"], told["reason"], told["active"]) == ("alert", "first", True)
        assert told["magnitude"] == 6.5
        assert KEYS.id == told["message"]["key"]
        assert not re.search(r"24\.538|121\.529", body.decode())  # the place stays here

    place = {"place": [24.53871, 121.52963], "place_name": "School"}
    hooked(tmp_path, work, secret="key", headers={"X-More": "yes"}, **place)


def test_a_server_that_is_down_is_tried_again_and_one_that_refuses_is_not(tmp_path):
    async def work(chain, server):
        server.answers = [b"HTTP/1.1 503 Busy\r\n\r\n", b"garbage\r\n", b"HTTP/1.1 404 No\r\n\r\n"]
        chain.publish(seal_now())
        await until(lambda: len(server.requests) == 3)
        await asyncio.sleep(0.6)
        assert len(server.requests) == 3
        chain.publish(seal_now(version=2))
        await until(lambda: len(server.requests) == 4)

    counts = hooked(tmp_path, work)
    assert counts["send failed: HTTP 503"] == counts["send failed: HTTP 404"] == 1
    assert counts["send failed: no HTTP"] == counts["sent first"] == 1


@pytest.mark.parametrize(
    "interim",
    [
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n",
    ],
)
def test_an_interim_answer_decides_nothing(tmp_path, interim):
    async def work(chain, server):
        server.answers = [
            interim + b"HTTP/1.1 503 Busy\r\n\r\n",
            interim + b"HTTP/1.1 204 No Content\r\n\r\n",
        ]
        chain.publish(seal_now())
        await until(lambda: chain.workers[0].counts["sent first"])

    assert hooked(tmp_path, work)["send failed: HTTP 503"] == 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 102 Processing\r\n\r\n" * 1000, "no HTTP"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", "no HTTP"),
        (b"HTTP/1.1 100 Continue\r\nX: " + b"x" * 20_000, "no connection"),
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\n", "HTTP 101"),
    ],
)
def test_no_more_than_interim_answers_is_a_failure(tmp_path, answer, said):
    async def work(chain, server):
        server.answers = [answer]
        chain.publish(seal_now())
        await until(lambda: chain.workers[0].counts[f"send failed: {said}"])

    hooked(tmp_path, work)


def test_redirects_are_not_followed(tmp_path):
    async def work(chain, server):
        server.answers = [b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n"] * 2
        chain.publish(seal_now())
        await until(lambda: server.requests)
        await asyncio.sleep(0.4)
        assert len(server.requests) == 1

    assert hooked(tmp_path, work)["send failed: HTTP 302"] == 1


def test_a_server_that_takes_half_a_minute_is_left_after_the_timeout(tmp_path):
    async def work(chain, server):
        server.delay = 30.0
        began = time.monotonic()
        chain.publish(seal_now())
        await until(lambda: chain.workers[0].counts["send failed: timeout"])
        assert time.monotonic() - began < PATIENCE
        server.delay = 0.0
        await until(lambda: chain.workers[0].counts["sent first"])

    hooked(tmp_path, work, timeout=0.3)


def test_a_name_that_does_not_exist_is_counted(tmp_path):
    async def work(chain, server):
        chain.publish(seal_now())
        await until(lambda: chain.workers[0].counts["send failed: no connection"])

    hooked(tmp_path, work, url="http://no-such-host.invalid/")


def test_a_certificate_that_is_not_trusted_is_refused(tmp_path, certificate):
    context, _ = certificate

    async def work(chain, server):
        chain.publish(seal_now())
        await until(lambda: chain.workers[0].counts["send failed: certificate not trusted"])
        assert server.requests == []

    hooked(tmp_path, work, context, url="https://127.0.0.1:{port}/")


def test_a_certificate_that_the_settings_name_is_trusted(tmp_path, certificate):
    context, file = certificate

    async def work(chain, server):
        chain.publish(seal_now())
        await until(lambda: server.requests)

    hooked(tmp_path, work, context, url="https://127.0.0.1:{port}/", tls_ca=str(file))


@pytest.mark.parametrize("headers", [{"Host": "x"}, {"X Y": "x"}, {"X": "a\x7f"}, {"X": "é"}])
def test_headers_that_would_change_the_request_are_refused(tmp_path, headers):
    async def main():
        table = {"type": "webhook", "url": "http://localhost/", "headers": headers}
        async with serving(tmp_path, table):
            pass

    with pytest.raises(ConfigError, match="headers"):
        asyncio.run(main())


@pytest.mark.parametrize("url", ["ftp://x/", "http://", "x", "http://h:0/", "http://h:99999/"])
def test_an_address_that_is_none_is_refused(tmp_path, url):
    with pytest.raises(ConfigError, match="channels 1: url"):
        entries({"type": "webhook", "url": url}, folder=tmp_path)


def test_the_signature_is_the_documented_one():
    """As `printf '1.{}' | openssl dgst -sha256 -hmac key` prints it."""
    made = "1ba6b8171186efc613e8bcc0cbdab2748f24984d7c5a84faa2637afa0e40d224"
    assert signature(b"key", 1, b"{}") == f"t=1,v1={made}"
