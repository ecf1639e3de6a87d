"""The WebSocket server that sends signed messages to all devices.

Sending never waits: each message is written to every client's socket in one loop. What a socket
does not accept is buffered up to HELD_BYTES; beyond that the client is slow and is disconnected and
counted, so that it does not delay the others. The only request that a client may send is a ping; a
client that sends anything else is disconnected.
"""

import asyncio
import logging
import socket
import ssl
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
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
HANDSHAKE_S = 10.0  # seconds for the TLS handshake; the library allows 5 s for WebSocket's
ENTERING = 0.1  # share of max_clients: further connections that are in a handshake or refused
QUESTIONS = 50  # frames that a client may send between two heartbeats

# The library logs each faulty client as an error; they are counted here instead.
_SILENT = logging.Logger("forewave.stream", logging.CRITICAL + 1)


class Ping(Struct, tag_field="type", tag="ping"):
    """A device's request for the server's time, from which it computes its clock offset."""

    id: Annotated[int, Meta(ge=0, le=2**53)]


class Other(Struct):
    """A request of a later protocol version: ignored."""

    type: str


class Readiness(Struct, frozen=True):
    """Whether the server can issue alerts, as sent in every heartbeat.

    state: "ready", alerts of real earthquakes are issued; "not ready"; "test" and "drill", they are
    not issued in this mode. missing: what is needed for "ready".
    """

    state: Literal["ready", "not ready", "test", "drill"]
    missing: tuple[str, ...] = ()


class Stream:
    """The server and its connected devices.

    clock: the time sent to devices, POSIX seconds. live: the messages sent to a new device.
    max_clients: limit of devices. key: id of the signing key, sent in heartbeats so that a device
    notices early if it does not know the key. readiness: sent in heartbeats, if given.
    first_client: set when the first device connects. counts: disconnected and refused clients by
    reason: slow, malformed, flood, full, origin; "pages full" counts connections to the pages.
    may_enter: whether a request with these headers may (guard.may_ask, guard.is_known).
    """

    def __init__(
        self,
        clock: Callable[[], float],
        live: Callable[[], Iterable[bytes]],
        max_clients: int = 20_000,
        key: str = "",
        readiness: Callable[[], Readiness] | None = None,
        may_enter: Callable[[Mapping[str, str]], bool] = lambda headers: True,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.first_client = asyncio.Event()
        self._clock, self._live, self.key = clock, live, key
        self.key_list = 0  # version of the signed key list, sent in heartbeats; 0: none
        self._readiness, self._stated = readiness, readiness and readiness()
        self.max_clients = max_clients
        self._may_enter = may_enter
        self._clients: set[_Client] = set()
        self._server: asyncio.Server | None = None

    @property
    def connected(self) -> int:
        """Number of connected devices."""
        return len(self._clients)

    async def start(self, sock: socket.socket, tls: ssl.SSLContext | None = None) -> None:
        """Listen on a bound socket; with `tls` only TLS connections are accepted."""
        most = self.max_clients + max(1, int(ENTERING * self.max_clients))
        self._server = await ws_create_server(
            self._admit,
            sock=Listener(sock, most, lambda: self.count("full")),
            ssl=tls,
            ssl_handshake_timeout=HANDSHAKE_S if tls else None,
            max_frame_size=CLIENT_FRAME_BYTES,
            enable_auto_pong=False,  # counted and answered here: the library has no limit
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
        """Send a text message to all devices."""
        for client in tuple(self._clients):
            client.send(message)

    def heartbeat(self) -> None:
        """Send every device the server's time, readiness and signing key."""
        for client in self._clients:
            client.questions = 0
        self._stated = self._readiness and self._readiness()
        listed = {"list": self.key_list} if self.key_list else {}
        self.send(self._heartbeat(key=self.key, **listed))

    def has_changed(self) -> bool:
        """Whether the readiness has changed since the last heartbeat."""
        return self._readiness is not None and self._readiness() != self._stated

    def _heartbeat(self, **more: str | int) -> bytes:
        """With the readiness of the last `heartbeat`, so that all devices have the same."""
        fields = {"type": "heartbeat", "now": self.now(), **more}
        state = {} if self._stated is None else msgspec.structs.asdict(self._stated)
        return msgspec.json.encode({**fields, **state})

    def now(self) -> int:
        """The server's time in ms."""
        return round(self._clock() * 1000)

    def _admit(self, request: WSUpgradeRequest) -> "_Client | None":
        """Refuse a page of another site, and headers that are not ASCII.

        The library cannot answer these.
        """
        if not all(value.isascii() for value in request.headers.values()):
            self.count("malformed")
        elif not self._may_enter({name.lower(): v for name, v in request.headers.items()}):
            self.count("origin")
        else:
            return _Client(self)
        return None

    def enter(self, client: "_Client") -> None:
        """Add a device and send it a heartbeat and the valid messages."""
        if len(self._clients) >= self.max_clients:
            self.cut(client, "full", WSCloseCode.TRY_AGAIN_LATER)
            return
        if self.has_changed():  # all devices get the same readiness
            self.heartbeat()
        self._clients.add(client)
        self.first_client.set()
        # Its first heartbeat has no key: the page has just loaded the trusted keys.
        for message in (self._heartbeat(), *self._live()):
            client.send(message)

    def leave(self, client: "_Client") -> None:
        """Remove a device that disconnected."""
        self._clients.discard(client)

    def count(self, reason: str) -> None:
        """Count a connection that was refused."""
        self.counts.update((reason,))

    def cut(self, client: "_Client", reason: str, code: WSCloseCode | None = None) -> None:
        """Disconnect a device and count the reason."""
        self.counts[reason] += 1
        self.leave(client)
        client.close(code)


class _Client(WSListener):
    """The connection of one device. questions: frames since the last heartbeat."""

    transport: WSTransport

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self.questions = 0
        self._cut = False

    def send(self, message: bytes) -> None:
        self.transport.send(WSMsgType.TEXT, message)

    def close(self, code: WSCloseCode | None) -> None:
        """Close it; without a code abort it, for a client that does not read."""
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
        elif frame.msg_type != WSMsgType.PONG:  # an unsolicited pong is allowed (RFC 6455)
            self._stream.cut(self, "malformed", WSCloseCode.UNSUPPORTED_DATA)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self._stream.leave(self)
        sent = transport.close_handshake.sent if transport.close_handshake else None
        if sent is not None and not self._cut:  # by the library: the frame violated RFC 6455
            self._stream.counts["malformed"] += 1

    def pause_writing(self) -> None:
        self._stream.cut(self, "slow")

    def resume_writing(self) -> None:
        return

    def _answer(self, data: bytes) -> None:
        try:
            ping = msgspec.json.decode(data, type=Ping)
        except (msgspec.DecodeError, UnicodeError):
            self._check_unknown(data)
        else:
            self.send(b'{"id":%d,"now":%d,"type":"pong"}' % (ping.id, self._stream.now()))

    def _check_unknown(self, data: bytes) -> None:
        """Disconnect the client unless its message may be of a later protocol version."""
        try:
            known = msgspec.json.decode(data, type=Other).type == "ping"
        except (msgspec.DecodeError, UnicodeError):
            known = True
        if known:
            self._stream.cut(self, "malformed", WSCloseCode.POLICY_VIOLATION)


def _limit(transport: asyncio.WriteTransport) -> None:
    """Limit the buffers and the timeout of a connection.

    By default the kernel buffers megabytes for a client that does not read, and tries for 15
    minutes to reach one that vanished.
    """
    transport.set_write_buffer_limits(high=HELD_BYTES)
    sock = transport.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, HELD_BYTES // 2)
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 30_000)
