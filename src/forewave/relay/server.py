"""A SeedLink server that forwards each packet on arrival.

    push(packet) --> ring --> every client that requested the stream, in one loop

The server never waits for a client. A client whose socket is full falls behind and continues from
the ring later; one whose packets have left the ring, or that does not read, is disconnected and
counted. So a slow client does not delay the others, and memory is bounded by `HELD_BYTES` for each
client and the ring.
"""

import asyncio
import ssl
import time
from collections import Counter
from collections.abc import Callable, Iterable
from importlib.metadata import version

from forewave.delivery.connections import descriptors, ports
from forewave.delivery.connections.listener import Listener
from forewave.relay.client import HELD_BYTES, Client
from forewave.relay.info import ClientInfo, InfoResponder
from forewave.relay.ring import LIMIT, Entry, Ring
from forewave.relay.turns import Turns
from forewave.types import Packet, StreamId

MOST_CLIENTS = 2_000
MOST_AUDIENCES = 50_000  # streams for which the list of clients is cached
HANDSHAKE = 10.0  # seconds for the TLS handshake


class Relay:
    """The server. `push` takes the packets.

    organization: named in HELLO and INFO. ring_limit: entries of the ring. clock: POSIX seconds.
    held_bytes: buffer of each client. counts: disconnected and refused clients by reason: slow,
    malformed, dawdling (no request within REQUEST_S), full. first_client: set when the first
    client begins to stream.
    """

    def __init__(
        self,
        organization: str = "forewave",
        ring_limit: int = LIMIT,
        clock: Callable[[], float] = time.time,
        held_bytes: int = HELD_BYTES,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.first_client = asyncio.Event()
        self.ring, self.clock, self.held_bytes = Ring(ring_limit), clock, held_bytes
        self.software, self.organization = f"forewave/{version('forewave')}", organization
        self.info_responder = InfoResponder(
            self.ring, self._client_infos, self.software, organization
        )
        self.turns = Turns()
        self._clients: set[Client] = set()
        self._behind: set[Client] = set()
        self._audiences: dict[StreamId, dict[Client, None]] = {}
        self._server: asyncio.Server | None = None

    @property
    def port(self) -> int:
        """The port on which it listens."""
        assert self._server is not None, "start() must be called first"
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def connected(self) -> int:
        """Number of connected clients."""
        return len(self._clients)

    @property
    def streaming(self) -> int:
        """Number of clients that have requested streams."""
        return sum(client.streaming for client in self._clients)

    async def start(
        self, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        """Listen; port 0 is any free port. With `tls` only TLS connections are accepted.

        Raises ConfigError if the port is in use.
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
        """Send a packet to all clients that requested its stream. Never waits."""
        for entry in self.ring.add(packet):
            for client in self._audience(entry):
                client.live(entry)
        for client in [each for each in self._behind if each.next < self.ring.first]:
            self.cut(client, "slow")

    def _audience(self, entry: Entry) -> Iterable[Client]:
        """The clients that requested the stream."""
        audience = self._audiences.get(entry.stream)
        if audience is None:
            if len(self._audiences) >= MOST_AUDIENCES:  # a cache
                self._audiences.clear()
            wanting = (each for each in self._clients if each.wants(entry.station, entry.stream))
            audience = self._audiences[entry.stream] = dict.fromkeys(wanting)
        return audience

    def enter(self, client: Client) -> None:
        """Add a client that has connected."""
        self._clients.add(client)

    def streams(self, client: Client) -> None:
        """Add a client to the streams that it has requested."""
        for stream, audience in self._audiences.items():
            if client.wants(f"{stream.network}_{stream.station}", stream):
                audience[client] = None
        self.first_client.set()

    def leave(self, client: Client) -> None:
        """Remove a client that has disconnected."""
        self._clients.discard(client)
        self._behind.discard(client)
        for audience in self._audiences.values():
            audience.pop(client, None)

    def cut(self, client: Client, reason: str) -> None:
        """Disconnect a client and count the reason."""
        self._count(reason)
        self.leave(client)
        client.abort()

    def behind(self, client: Client, is_behind: bool) -> None:
        """Note whether a client is behind: it then continues from the ring."""
        (self._behind.add if is_behind else self._behind.discard)(client)

    def _count(self, reason: str) -> None:
        self.counts[reason] += 1

    def _client_infos(self) -> list[ClientInfo]:
        return [client.info() for client in self._clients]
