"""A SeedLink server that hands on each packet the moment it comes.

    push(packet) --> ring --> every client that wants the stream, in one plain loop

Nobody is waited for. A client whose socket takes no more is left behind, and goes on from the ring
when it can; one that falls out of the ring, or does not read at all, is cut off and counted. So a
slow client costs the others nothing, and its memory is bounded by `HELD_BYTES` and the ring.
"""

import asyncio
import ssl
import time
from collections import Counter
from collections.abc import Callable, Iterable
from importlib.metadata import version

from forewave.delivery import descriptors, ports
from forewave.delivery.listener import Listener
from forewave.relay.client import HELD_BYTES, Client
from forewave.relay.info import Guest, Informant
from forewave.relay.ring import LIMIT, Entry, Ring
from forewave.relay.turns import Turns
from forewave.types import Packet, StreamId

MOST_CLIENTS = 2_000
MOST_AUDIENCES = 50_000  # streams of which it is remembered who wants them
HANDSHAKE = 10.0  # seconds that a client has for it


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
        self.turns = Turns()
        self._clients: set[Client] = set()
        self._behind: set[Client] = set()
        self._audiences: dict[StreamId, dict[Client, None]] = {}
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

    async def start(
        self, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        """Listen; port 0 is any free one. With `tls` to clients that speak TLS, and to no others.

        Raises ConfigError where the port is taken.
        """
        most = descriptors.most(descriptors.RELAY, MOST_CLIENTS)
        listener = Listener(ports.bind(host, port, "relay"), most, lambda: self._count("full"))
        self._server = await asyncio.get_running_loop().create_server(
            lambda: Client(self),
            sock=listener,
            ssl=tls,
            ssl_handshake_timeout=HANDSHAKE if tls else None,
        )

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

    def _audience(self, entry: Entry) -> Iterable[Client]:
        """Who wants the stream, in the order in which they came."""
        audience = self._audiences.get(entry.stream)
        if audience is None:
            if len(self._audiences) >= MOST_AUDIENCES:  # they can be found again
                self._audiences.clear()
            wanting = (each for each in self._clients if each.wants(entry.station, entry.stream))
            audience = self._audiences[entry.stream] = dict.fromkeys(wanting)
        return audience

    def enter(self, client: Client) -> None:
        """Somebody connected."""
        self._clients.add(client)

    def streams(self, client: Client) -> None:
        """Somebody has said what is wanted."""
        for stream, audience in self._audiences.items():
            if client.wants(f"{stream.network}_{stream.station}", stream):
                audience[client] = None
        self.somebody.set()

    def leave(self, client: Client) -> None:
        """Somebody has gone."""
        self._clients.discard(client)
        self._behind.discard(client)
        for audience in self._audiences.values():
            audience.pop(client, None)

    def cut(self, client: Client, reason: str) -> None:
        """Cut somebody off and count why."""
        self._count(reason)
        self.leave(client)
        client.abort()

    def behind(self, client: Client, is_behind: bool) -> None:
        """Whether somebody takes from the ring what others have had already."""
        (self._behind.add if is_behind else self._behind.discard)(client)

    def _count(self, reason: str) -> None:
        self.counts[reason] += 1

    def _guests(self) -> list[Guest]:
        return [client.guest() for client in self._clients]
