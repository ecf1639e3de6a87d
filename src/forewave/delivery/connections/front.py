"""One port for everything: the head of a request decides who answers its connection.

WebSocket upgrades and GET /events go to the stream, everything else to the pages' server. That
server also hands over a connection that is kept open after a response, since a proxy or a browser
may reuse it for the stream.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from types import MappingProxyType
from typing import Protocol, cast

from starlette.datastructures import Headers

from forewave.delivery.connections.frames import accept_key
from forewave.delivery.connections.head import Head, is_complete, read_head
from forewave.delivery.guard import is_known, may_ask

STREAM_PATHS = ("/stream", "/")  # "/": clients of versions with a port for the stream
EVENTS_PATH = "/events"
VERSION = "13"  # of the WebSocket protocol


class Streams(Protocol):
    """Takes over the connections of devices."""

    def websocket(self, transport: asyncio.Transport, answer: bytes, rest: bytes) -> None:
        """answer: the response to the upgrade. rest: what has come after the request."""

    def events(self, transport: asyncio.Transport) -> None:
        """A request for server-sent events."""

    def count(self, reason: str) -> None:
        """Count a connection that was refused."""


class SideStream(Protocol):
    """Server-sent events beside the stream, with a rule of its own for who may read them."""

    def refusal(self, head: Head, client: str) -> HTTPStatus | None:
        """Why a request is refused; None: it is not. client: address of the other side."""

    def take(self, transport: asyncio.Transport) -> None:
        """Take over the connection, and answer."""

    def close(self) -> None:
        """Close every connection."""


class Gate:
    """Decides who answers a request.

    pages: makes the protocol of the pages' server. names: as for guard.is_known. origins: further
    sites whose pages may read the stream (guard.may_ask). left: called with the descriptor of a
    connection that has become a device's. side: side streams by path.
    """

    def __init__(
        self,
        streams: Streams,
        pages: Callable[[], asyncio.Protocol],
        names: Sequence[str] = (),
        origins: Sequence[str] = (),
        left: Callable[[int], None] = lambda descriptor: None,
        side: Mapping[str, SideStream] = MappingProxyType({}),
    ) -> None:
        self.pages = pages
        self._side = side
        self._streams, self._left = streams, left
        self._names, self._origins = names, origins

    def take(self, transport: asyncio.Transport, data: bytes) -> bool:
        """Hand a connection to the stream; False if the request is for the pages' server.

        data: has a complete head (is_complete).
        """
        head = read_head(data)
        if head is None:
            return False
        if head.has("upgrade", "websocket"):
            self._upgrade(transport, head, data[head.size :])
        elif head.method == "GET" and head.path == EVENTS_PATH:
            self._events(transport, head)
        elif head.method == "GET" and head.path in self._side:
            self._beside(transport, head, self._side[head.path])
        else:
            return False
        return True

    def _upgrade(self, transport: asyncio.Transport, head: Head, rest: bytes) -> None:
        refusal = self._refusal(head) or _bad_upgrade(head)
        key = accept_key(head.headers.get("sec-websocket-key", ""))
        if refusal is not None or key is None:
            self._refuse(transport, refusal or HTTPStatus.BAD_REQUEST)
            return
        self._leave(transport)
        self._streams.websocket(transport, _switching(key), rest)

    def _events(self, transport: asyncio.Transport, head: Head) -> None:
        refusal = self._refusal(head)
        if refusal is not None:
            self._refuse(transport, refusal)
            return
        self._leave(transport)
        self._streams.events(transport)

    def _beside(self, transport: asyncio.Transport, head: Head, side: SideStream) -> None:
        peer = transport.get_extra_info("peername")
        client = str(peer[0]) if isinstance(peer, tuple) else ""
        refused = self._refusal(head) or side.refusal(head, client)
        if refused is not None:
            transport.write(refusal(refused))
            transport.close()
            return
        self._leave(transport)
        side.take(transport)

    def _refusal(self, head: Head) -> HTTPStatus | None:
        """Why a request for the stream is refused whoever sends it."""
        headers = Headers(head.headers)
        if not is_known(headers, self._names):
            return HTTPStatus.MISDIRECTED_REQUEST
        if not may_ask(headers, self._names, self._origins):
            return HTTPStatus.FORBIDDEN
        return None

    def _refuse(self, transport: asyncio.Transport, status: HTTPStatus) -> None:
        self._streams.count("origin" if status == HTTPStatus.FORBIDDEN else "malformed")
        transport.write(refusal(status))
        transport.close()

    def _leave(self, transport: asyncio.Transport) -> None:
        sock = transport.get_extra_info("socket")
        if sock is not None:
            self._left(sock.fileno())


class Front(asyncio.Protocol):
    """Reads the first request's head. patience: seconds for it."""

    __slots__ = ("_data", "_gate", "_patience", "_timer", "_transport")

    _transport: asyncio.Transport
    _timer: asyncio.TimerHandle

    def __init__(self, gate: Gate, patience: float) -> None:
        self._gate, self._patience = gate, patience
        self._data = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Start the timer."""
        self._transport = cast(asyncio.Transport, transport)
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._patience, self._transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timer."""
        self._timer.cancel()

    def data_received(self, data: bytes) -> None:
        """Hand the connection over when the head is complete."""
        if self._transport.is_closing():
            return
        self._data += data
        if not is_complete(self._data):
            return
        self._timer.cancel()
        if not self._gate.take(self._transport, self._data):
            pages = self._gate.pages()
            self._transport.set_protocol(pages)
            pages.connection_made(self._transport)
            pages.data_received(self._data)
        self._data = b""


def refusal(status: HTTPStatus, *headers: str) -> bytes:
    """A response that ends the connection."""
    body = f"{status.value} {status.phrase}\n"
    lines = (
        f"HTTP/1.1 {status.value} {status.phrase}",
        "Content-Type: text/plain; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *([f"Sec-WebSocket-Version: {VERSION}"] if status == HTTPStatus.UPGRADE_REQUIRED else []),
        *headers,
    )
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def _bad_upgrade(head: Head) -> HTTPStatus | None:
    """What is wrong with an upgrade request (RFC 6455, 4.2.1)."""
    if head.path not in STREAM_PATHS:
        return HTTPStatus.NOT_FOUND
    if head.method != "GET" or not head.has("connection", "upgrade"):
        return HTTPStatus.BAD_REQUEST
    if head.headers.get("sec-websocket-version") != VERSION:
        return HTTPStatus.UPGRADE_REQUIRED
    return None


def _switching(key: str) -> bytes:
    return (
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Accept: {key}\r\n\r\n"
    ).encode()
