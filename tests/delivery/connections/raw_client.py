"""Requests and responses of the one port, byte for byte."""

import asyncio
import json

UPGRADE = (
    "GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: WebSocket\r\n"
    "Connection: keep-alive, Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    "Sec-WebSocket-Version: 13\r\n\r\n"
)
PAGE = b"GET /config.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
EVENTS = b"GET /events HTTP/1.1\r\nHost: localhost\r\n\r\n"


def upgrade(path="/stream", **changes):
    request = UPGRADE.format(path=path)
    for old, new in changes.values():
        assert old in request
        request = request.replace(old, new)
    return request.encode()


async def connect(gateway):
    return await asyncio.open_connection("127.0.0.1", gateway.port)


async def response(reader):
    """Status line and body of a response with a length, or of a stream its head only."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    body = await reader.readexactly(int(length[0].partition(b":")[2])) if length else b""
    return head.split(b"\r\n")[0].decode(), body


async def frame(reader):
    """A text frame of the server, of less than 126 bytes."""
    first, size = await reader.readexactly(2)
    assert (first, size < 126) == (0x81, True)
    return json.loads(await reader.readexactly(size))
