"""A SeedLink server that hands on each packet the moment it comes.

    push(packet) --> ring --> every client that wants the stream, in one plain loop

Nobody is waited for. A client whose socket takes no more is left behind, and goes on from the ring
when it can; one that falls out of the ring, or does not read at all, is cut off and counted. So a
slow client costs the others nothing, and its memory is bounded by `HELD_BYTES` and the ring.
"""

import asyncio
import socket
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import cast

from forewave.errors import ConfigError
from forewave.runtime.relay_info import Guest, Informant
from forewave.runtime.relay_ring import LIMIT, Entry, Ring
from forewave.runtime.relay_session import Session
from forewave.types import Packet, StreamId

HELD_BYTES = 256 * 1024
MOST_CLIENTS = 2_000
DAWDLE = 60.0  # seconds that a client has to say what it wants


class Relay:
    """The server. push() is all that a source needs.

    counts: clients that were cut off, by reason: slow, malformed, dawdling, full. somebody: set
    when the first client has begun to stream.
    """

    def __init__(
        self,
        organization: str = "forewave",
        ring_limit: int = LIMIT,
        clock: Callable[[], float] = time.time,
        held_bytes: int = HELD_BYTES,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.somebody = asyncio.Event()
        self.ring, self.clock, self.held_bytes = Ring(ring_limit), clock, held_bytes
        self.software, self.organization = f"forewave/{version('forewave')}", organization
        self.informant = Informant(self.ring, self._guests, self.software, organization)
        self._clients: set[_Client] = set()
        self._behind: set[_Client] = set()
        self._audiences: dict[StreamId, dict[_Client, None]] = {}
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """Where it listens."""
        assert self._server is not None, "start it first"
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def connected(self) -> int:
        """How many clients are connected."""
        return len(self._clients)

    @property
    def streaming(self) -> int:
        """How many of them have said what they want."""
        return sum(client.streaming for client in self._clients)

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 is any free one. Raises ConfigError where it is taken."""
        loop = asyncio.get_running_loop()
        try:
            self._server = await loop.create_server(lambda: _Client(self), host, port)
        except OSError as error:
            raise ConfigError(f"port {port} of {host}: {error.strerror}") from None

    async def stop(self) -> None:
        """Close the port and every connection."""
        if self._server is not None:
            self._server.close()
        for client in tuple(self._clients):
            client.abort()

    def push(self, packet: Packet) -> None:
        """Hand on a packet. Never waits."""
        for entry in self.ring.add(packet):
            for client in self._audience(entry):
                client.live(entry)
        for client in [each for each in self._behind if each.next < self.ring.first]:
            self.cut(client, "slow")

    def _audience(self, entry: Entry) -> Iterable["_Client"]:
        """Who wants the stream, in the order in which they came."""
        audience = self._audiences.get(entry.stream)
        if audience is None:
            wanting = (each for each in self._clients if each.wants(entry.station, entry.stream))
            audience = self._audiences[entry.stream] = dict.fromkeys(wanting)
        return audience

    def enter(self, client: "_Client") -> None:
        """Somebody connected."""
        if len(self._clients) >= MOST_CLIENTS:
            self.cut(client, "full")
            return
        self._clients.add(client)

    def streams(self, client: "_Client") -> None:
        """Somebody has said what is wanted."""
        for stream, audience in self._audiences.items():
            if client.wants(f"{stream.network}_{stream.station}", stream):
                audience[client] = None
        self.somebody.set()

    def leave(self, client: "_Client") -> None:
        """Somebody has gone."""
        self._clients.discard(client)
        self._behind.discard(client)
        for audience in self._audiences.values():
            audience.pop(client, None)

    def cut(self, client: "_Client", reason: str) -> None:
        """Cut somebody off and count why."""
        self.counts[reason] += 1
        self.leave(client)
        client.abort()

    def behind(self, client: "_Client", is_behind: bool) -> None:
        """Whether somebody takes from the ring what others have had already."""
        (self._behind.add if is_behind else self._behind.discard)(client)

    def _guests(self) -> list[Guest]:
        return [client.guest() for client in self._clients]


class _Client(asyncio.Protocol):
    """One connection. next: number of the entry that it gets next while it is behind."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._session = Session(relay.software, relay.organization, relay.informant.answer)
        self._backlog: deque[Entry] = deque()
        self._current = self._full = False
        self._since, self._packets, self._bytes = relay.clock(), 0, 0
        self.next = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=self._relay.held_bytes)
        _limit(self._transport.get_extra_info("socket"))
        self._dawdling = asyncio.get_running_loop().call_later(DAWDLE, self._dawdles)
        self._relay.enter(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._dawdling.cancel()
        self._relay.leave(self)

    def data_received(self, data: bytes) -> None:
        was_streaming = self._session.streaming
        self._transport.write(b"".join(self._session.receive(data)))
        if self._session.malformed:
            self._relay.cut(self, "malformed")
        elif self._session.closed:
            self._relay.leave(self)
            self._transport.close()
        elif self._session.streaming and not was_streaming:
            self._begin()

    def pause_writing(self) -> None:
        self._full = True
        self._transport.pause_reading()  # or its questions would pile up answers

    def resume_writing(self) -> None:
        self._full = False
        self._transport.resume_reading()
        if self._session.streaming:
            self._catch_up()

    @property
    def streaming(self) -> bool:
        """Whether it has said what it wants."""
        return self._session.streaming

    def wants(self, station: str, stream: StreamId) -> bool:
        """Whether it asked for the stream."""
        return self.streaming and self._session.request_for(station, stream) is not None

    def live(self, entry: Entry) -> None:
        """A packet has just come that this client wants."""
        if not self._current or self._transport.is_closing():
            return
        self._send(entry)
        if self._full:
            self._fall_behind(entry.number + 1)

    def guest(self) -> Guest:
        """As INFO CONNECTIONS tells of it."""
        host, port = (self._transport.get_extra_info("peername") or ("", 0))[:2]
        agent = self._session.agent
        return Guest(host, port, self._since, agent, self._packets, self._bytes)

    def abort(self) -> None:
        """Away at once, with what it has not read."""
        self._transport.abort()

    def _begin(self) -> None:
        """All is asked: first what the ring holds of it, then what comes."""
        self._dawdling.cancel()
        self._backlog.extend(_missed(self._relay.ring, self._session))
        self._fall_behind(self._relay.ring.next)
        self._relay.streams(self)
        self._catch_up()

    def _dawdles(self) -> None:
        self._relay.cut(self, "dawdling")

    def _fall_behind(self, number: int) -> None:
        self._current, self.next = False, number
        self._relay.behind(self, True)

    def _catch_up(self) -> None:
        """Give from backlog and ring until it is full or has all."""
        while self._backlog and not self._full:
            self._send(self._backlog.popleft())
        ring = self._relay.ring
        while not self._full and ring.first <= self.next < ring.next:
            entry = ring.get(self.next)
            self.next += 1
            if self.wants(entry.station, entry.stream):
                self._send(entry)
        if not self._full and self.next == ring.next:
            self._has_all()

    def _has_all(self) -> None:
        self._current = True
        self._relay.behind(self, False)
        if self._session.complete(self._relay.clock()):
            self._relay.leave(self)
            self._transport.write(b"END")
            self._transport.close()

    def _send(self, entry: Entry) -> None:
        frame = entry.as_3 if self._session.version == 3 else entry.as_4
        self._packets += 1
        self._bytes += len(frame)
        self._transport.write(frame)


def _missed(ring: Ring, session: Session) -> list[Entry]:
    """What the ring holds of what was asked for, in the order in which it came."""
    out = [
        entry
        for entries in ring.stations.values()
        for entry in entries
        if (request := session.request_for(entry.station, entry.stream))
        and request.missed(entry.begin, entry.end, entry.sequence, session.version)
    ]
    return sorted(out, key=lambda entry: entry.number)


def _limit(sock: socket.socket) -> None:
    """Nothing waits for more to send; the kernel shall not hold megabytes for a sleeping client."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, HELD_BYTES // 2)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # a client that vanished
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, 30_000)
