"""Connections of pages have limits."""

import asyncio
import logging

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from forewave.delivery import page_server
from forewave.delivery.connections import ports

GET = b"GET / HTTP/1.1\r\nHost: x\r\n"


async def answer(request):
    return PlainTextResponse(request.client.host)


def served(work, proxies="", app=None):
    """Run something while the server does; it gets the port."""

    async def both():
        sock = ports.bind("127.0.0.1", 0, "pages")
        made = app or Starlette(routes=[Route("/", answer)])
        server = page_server.server(made, proxies)
        serving = asyncio.create_task(server.serve([sock]))
        try:
            return await asyncio.wait_for(work(sock.getsockname()[1]), 20.0)
        finally:
            server.should_exit = True
            await serving

    return asyncio.run(both())


@pytest.fixture
def hasty(monkeypatch):
    for name, seconds in {"LOOK": 0.02, "REQUEST_S": 0.1, "ANSWER_S": 0.3}.items():
        monkeypatch.setattr(page_server, name, seconds)


@pytest.mark.parametrize("sent", [b"", b"GET", GET, GET + b"X: " + b"y" * 4000])
def test_a_request_that_never_ends_ends_the_connection(hasty, sent):
    async def work(port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        try:
            return await reader.read()
        except ConnectionResetError:
            return b""
        finally:
            writer.close()

    assert served(work) == b""


def test_so_does_one_that_begins_a_second_request(hasty):
    async def work(port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GET + b"\r\n" + GET)
        try:
            return await reader.read()
        except ConnectionResetError:
            return b"200"
        finally:
            writer.close()

    assert b"200" in served(work)


@pytest.mark.parametrize(("proxies", "seen"), [("", b"127.0.0.1"), ("127.0.0.1", b"10.9.8.7")])
def test_a_forwarded_address_is_believed_of_named_proxies_only(proxies, seen):
    async def work(port):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(GET + b"X-Forwarded-For: 10.9.8.7\r\nConnection: close\r\n\r\n")
        found = await reader.read()
        writer.close()
        return found

    assert served(work, proxies).endswith(seen)


def answered(sent, app):
    """What a client gets for its bytes, and what the log had of it."""
    lines = []

    class Handler(logging.Handler):
        def emit(self, record):
            lines.append(record.getMessage())

    async def work(port):
        log = logging.getLogger("uvicorn.error")
        log.addHandler(handler := Handler())
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        writer.write_eof()
        found = await reader.read()
        writer.close()
        log.removeHandler(handler)
        return found

    return served(work, app=app), lines


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\r\n\r\n",
        GET + b"Upgrade: h2c\r\nConnection: Upgrade, close\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n",
    ],
    ids=["no HTTP", "upgrade", "a chunk that is too long"],
)
def test_a_bad_request_is_answered_and_writes_no_line_into_the_log(sent):
    """The third began well: its answer is not given on a connection that has ended."""
    app = Starlette(routes=[Route("/", answer, methods=["GET", "POST"])])
    found, lines = answered(sent, app)
    assert found.startswith(b"HTTP/1.1 ")
    assert lines == []
