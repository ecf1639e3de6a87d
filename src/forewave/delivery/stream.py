"""The stream: signed messages to all connected devices.

Sending never waits: each message is written to every client's socket in one loop. What a socket
does not accept is buffered up to HELD_BYTES; beyond that the client is slow and is disconnected and
counted, so that it does not delay the others. The only request that a client may send is a ping; a
client that sends anything else is disconnected.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from forewave.delivery.connections.device import Device, EventStream, WebSocket, event
from forewave.delivery.connections.frames import Code, text_frame
from forewave.delivery.connections.front import refusal
from forewave.delivery.connections.send_loop import SendLoop

RETRY_MS = 5000  # a browser's event stream comes back within a random share of this
EVENT_STREAM = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\n"
    b"X-Accel-Buffering: no\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
)


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
    """The connected devices.

    clock: the time sent to devices, POSIX seconds. live: the messages sent to a new device.
    max_clients: limit of devices. key: id of the signing key, sent in heartbeats so that a device
    notices early if it does not know the key. readiness: sent in heartbeats, if given.
    first_client: set when the first device connects. counts: disconnected and refused clients by
    reason: slow, malformed, flood, full, origin (a page of another site); "pages full" counts
    connections that were not let in because too many others had not become a device's.
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
        self.first_client = asyncio.Event()
        self._clock, self._live, self.key = clock, live, key
        self.key_list = 0  # version of the signed key list, sent in heartbeats; 0: none
        self._readiness, self._stated = readiness, readiness and readiness()
        self.max_clients = max_clients
        self._clients: set[Device] = set()
        self._frames, self._events = SendLoop(), SendLoop()
        self._closing: set[Device] = set()  # that are to answer a close frame
        self._ended = asyncio.Event()

    @property
    def connected(self) -> int:
        """Number of connected devices."""
        return len(self._clients)

    def websocket(self, transport: asyncio.Transport, answer: bytes, rest: bytes) -> None:
        """A device by WebSocket. answer: to its handshake. rest: what it has sent since."""
        device = WebSocket(self, self._frames, transport)
        transport.set_protocol(device)
        transport.write(answer)
        self.enter(device)
        if rest and not device.closing:
            device.data_received(rest)

    def events(self, transport: asyncio.Transport) -> None:
        """A device by server-sent events."""
        if len(self._clients) >= self.max_clients:
            self.count("full")
            transport.write(refusal(HTTPStatus.SERVICE_UNAVAILABLE, "Retry-After: 10"))
            transport.close()
            return
        device = EventStream(self, self._events, transport)
        transport.set_protocol(device)
        wait = round(random.uniform(0.1, 1.0) * RETRY_MS)
        transport.write(EVENT_STREAM + b"retry: %d\n\n" % wait)
        self.enter(device)

    async def stop(self, code: Code = Code.GOING_AWAY, again_s: float | None = None) -> None:
        """Disconnect every device; waits up to CLOSING_S for them to answer.

        again_s: each is asked to connect again after a random time of at most this, so that they
        do not all return at once.
        """
        for device in tuple(self._clients):
            wait = None if again_s is None else round(random.uniform(0.0, again_s) * 1000)
            self._close(device, code, wait)
        while self._closing:
            self._ended.clear()
            await self._ended.wait()  # a device that does not answer is aborted by its own timer

    def send(self, message: bytes) -> None:
        """Send a text message to all devices."""
        self._frames.send(text_frame(message))
        self._events.send(event(message))

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

    def enter(self, device: Device) -> None:
        """Add a device and send it a heartbeat and the valid messages."""
        if len(self._clients) >= self.max_clients:
            self.cut(device, "full", Code.TRY_AGAIN_LATER)
            return
        if self.has_changed():  # all devices get the same readiness
            self.heartbeat()
        self._clients.add(device)
        device.out.add(device)
        self.first_client.set()
        # Its first heartbeat has no key: the page has just loaded the trusted keys.
        for message in (self._heartbeat(), *self._live()):
            device.send(message)

    def leave(self, device: Device) -> None:
        """Remove a device that disconnected."""
        self._remove(device)
        self._closing.discard(device)
        if not self._closing:
            self._ended.set()

    def count(self, reason: str) -> None:
        """Count a connection that was refused."""
        self.counts.update((reason,))

    def cut(self, device: Device, reason: str, code: Code | None = None) -> None:
        """Disconnect a device and count the reason."""
        self.counts[reason] += 1
        self._close(device, code)

    def question(self, device: Device, text: bytes) -> None:
        """Answer a text message of a device, or disconnect it.

        A message of another type may be of a later protocol version: it is ignored.
        """
        try:
            ping = msgspec.json.decode(text, type=Ping)
        except (msgspec.DecodeError, UnicodeError):
            if not _is_unknown(text):
                self.cut(device, "malformed", Code.POLICY_VIOLATION)
        else:
            device.send(b'{"id":%d,"now":%d,"type":"pong"}' % (ping.id, self.now()))

    def _close(self, device: Device, code: Code | None, wait_ms: int | None = None) -> None:
        self._remove(device)
        self._closing.add(device)
        device.close(code, wait_ms)

    def _remove(self, device: Device) -> None:
        """Send it nothing more; before its descriptor is closed."""
        if device in self._clients:
            self._clients.discard(device)
            device.out.remove(device)


def _is_unknown(text: bytes) -> bool:
    """Whether a message has a type that is not known here."""
    try:
        return msgspec.json.decode(text, type=Other).type != "ping"
    except (msgspec.DecodeError, UnicodeError):
        return False
