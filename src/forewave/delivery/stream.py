"""The WebSocket that carries signed messages to every device at once.

Sending never waits: a message is handed to the kernel for each client in one plain loop. What
a client's socket cannot take is held up to HELD_BYTES; a client beyond that is slow, and is cut
off and counted, so that it costs the others nothing. Nothing that a client sends is trusted:
there is one question it may ask (ping), and whoever sends something else is cut off too.
"""

import asyncio
import logging
import socket
import ssl
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct
from picows import (
    WSCloseCode,
    WSFrame,
    WSListener,
    WSMsgType,
    WSTransport,
    WSUpgradeRequest,
    ws_create_server,
)

from forewave.delivery.listener import Listener

HELD_BYTES = 64 * 1024
CLIENT_FRAME_BYTES = 512
HANDSHAKE_S = 10.0  # seconds for that of TLS; for that of WebSocket the library has 5
ENTERING = 0.1  # of the devices: connections besides, that have not yet asked or are being told
QUESTIONS = 50  # frames that a client may send between two heartbeats

# The library logs each broken client as an error; they are counted here instead.
_SILENT = logging.Logger("forewave.stream", logging.CRITICAL + 1)


class Ping(Struct, tag_field="type", tag="ping"):
    """What a device may ask: what time is it? It finds its clock's offset from the answer."""

    id: Annotated[int, Meta(ge=0, le=2**53)]


class Other(Struct):
    """A question of some later version: ignored."""

    type: str


class Readiness(Struct, frozen=True):
    """What the server can do now, as every heartbeat says.

    state: "ready" where a real earthquake would be alerted of; "test" and "drill" where the server
    never does that. missing: of "not ready", what must be there first.
    """

    state: Literal["ready", "not ready", "test", "drill"]
    missing: tuple[str, ...] = ()


class Stream:
    """All connected devices.

    clock: the server's time, POSIX seconds, as devices shall see it. live: the messages that a
    newcomer gets at once. key: id of the key that signs, by which a device sees in time that it
    does not know it. readiness: what heartbeats say of the server; without it they say nothing.
    somebody: set when the first device has come.
    counts: how many clients were cut off, by reason: slow, malformed, flood, full; "pages full"
    is of the pages.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        live: Callable[[], Iterable[bytes]],
        max_clients: int = 20_000,
        key: str = "",
        readiness: Callable[[], Readiness] | None = None,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.somebody = asyncio.Event()
        self._clock, self._live, self._key = clock, live, key
        self._readiness, self._stated = readiness, readiness and readiness()
        self.max_clients = max_clients
        self._clients: set[_Client] = set()
        self._server: asyncio.Server | None = None

    @property
    def connected(self) -> int:
        """How many devices are connected now."""
        return len(self._clients)

    async def start(self, sock: socket.socket, tls: ssl.SSLContext | None = None) -> None:
        """Listen on a bound socket; with `tls` for those who speak TLS, and for no others."""
        most = self.max_clients + max(1, int(ENTERING * self.max_clients))
        self._server = await ws_create_server(
            self._admit,
            sock=Listener(sock, most, lambda: self.count("full")),
            ssl=tls,
            ssl_handshake_timeout=HANDSHAKE_S if tls else None,
            max_frame_size=CLIENT_FRAME_BYTES,
            enable_auto_pong=False,  # the library would answer any number of them
            logger_name=_SILENT,
        )

    async def stop(self) -> None:
        """Close every connection and the port."""
        if self._server is None:
            return
        self._server.close()
        for client in tuple(self._clients):
            client.close(WSCloseCode.GOING_AWAY)
        await self._server.wait_closed()

    def send(self, message: bytes) -> None:
        """One text message to everybody."""
        for client in tuple(self._clients):
            client.send(message)

    def heartbeat(self) -> None:
        """Send every device the server's time, readiness and signing key."""
        for client in self._clients:
            client.questions = 0
        self._stated = self._readiness and self._readiness()
        self.send(self._heartbeat(key=self._key))

    def has_changed(self) -> bool:
        """Whether the readiness has changed since the last heartbeat."""
        return self._readiness is not None and self._readiness() != self._stated

    def _heartbeat(self, **more: str) -> bytes:
        """With the readiness of the last `heartbeat`, so that all devices have the same."""
        fields = {"type": "heartbeat", "now": self.now(), **more}
        state = {} if self._stated is None else msgspec.structs.asdict(self._stated)
        return msgspec.json.encode({**fields, **state})

    def now(self) -> int:
        """The server's time in ms."""
        return round(self._clock() * 1000)

    def _admit(self, request: WSUpgradeRequest) -> "_Client | None":
        """Who asks in other letters than HTTP has is refused: the library cannot answer them."""
        if all(value.isascii() for value in request.headers.values()):
            return _Client(self)
        self.count("malformed")
        return None

    def enter(self, client: "_Client") -> None:
        """A device has connected."""
        if len(self._clients) >= self.max_clients:
            self.cut(client, "full", WSCloseCode.TRY_AGAIN_LATER)
            return
        if self.has_changed():  # all devices get the same readiness
            self.heartbeat()
        self._clients.add(client)
        self.somebody.set()
        # Its first heartbeat has no key: the page has just loaded the trusted keys.
        for message in (self._heartbeat(), *self._live()):
            client.send(message)

    def leave(self, client: "_Client") -> None:
        """A device has gone."""
        self._clients.discard(client)

    def count(self, reason: str) -> None:
        """Of a connection that was refused before it was a client."""
        self.counts.update((reason,))

    def cut(self, client: "_Client", reason: str, code: WSCloseCode | None = None) -> None:
        """Cut a device off and count why."""
        self.counts[reason] += 1
        self.leave(client)
        client.close(code)


class _Client(WSListener):
    """One device's connection."""

    transport: WSTransport

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.questions = 0
        self._cut = False

    def send(self, message: bytes) -> None:
        self.transport.send(WSMsgType.TEXT, message)

    def close(self, code: WSCloseCode | None) -> None:
        """With a code: say so first. Without: at once, for a client that does not read."""
        self._cut = True
        if code is not None:
            self.transport.send_close(code)
        self.transport.disconnect(graceful=code is not None)

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport = transport
        _limit(transport.underlying_transport)
        self._stream.enter(self)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if self._cut:
            return
        self.questions += 1
        if frame.msg_type == WSMsgType.CLOSE:
            self.close(WSCloseCode.OK)
        elif self.questions > QUESTIONS:
            self._stream.cut(self, "flood", WSCloseCode.POLICY_VIOLATION)
        elif frame.msg_type == WSMsgType.TEXT and frame.fin:
            self._answer(frame.get_payload_as_bytes())
        elif frame.msg_type == WSMsgType.PING:
            self.transport.send_pong(frame.get_payload_as_bytes())
        elif frame.msg_type != WSMsgType.PONG:  # one that nobody asked for is allowed (RFC 6455)
            self._stream.cut(self, "malformed", WSCloseCode.UNSUPPORTED_DATA)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._stream.leave(self)
        sent = transport.close_handshake.sent if transport.close_handshake else None
        if sent is not None and not self._cut:  # closed by the library: the frame broke RFC 6455
            self._stream.counts["malformed"] += 1

    def pause_writing(self) -> None:
        self._stream.cut(self, "slow")

    def resume_writing(self) -> None:
        return

    def _answer(self, data: bytes) -> None:
        try:
            ping = msgspec.json.decode(data, type=Ping)
        except (msgspec.DecodeError, UnicodeError):
            self._puzzle(data)
        else:
            self.send(b'{"id":%d,"now":%d,"type":"pong"}' % (ping.id, self._stream.now()))

    def _puzzle(self, data: bytes) -> None:
        """Not a ping: of a later version, or not of ours at all."""
        try:
            known = msgspec.json.decode(data, type=Other).type == "ping"
        except (msgspec.DecodeError, UnicodeError):
            known = True
        if known:
            self._stream.cut(self, "malformed", WSCloseCode.POLICY_VIOLATION)


def _limit(transport: asyncio.WriteTransport) -> None:
    """Let neither a client that does not read nor one that vanished keep what it is sent.

    The kernel would hold megabytes for it, and try for a quarter of an hour.
    """
    transport.set_write_buffer_limits(high=HELD_BYTES)
    sock = transport.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, HELD_BYTES // 2)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 30_000)
