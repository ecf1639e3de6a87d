"""Connections to every NATS node of a cluster at once.

What is published goes to each node, and what is subscribed comes from each: a node that dies, hangs
or is cut off costs nothing, since the same message comes by another one; nobody has to notice and
to connect again first. Receivers therefore get several copies, and use one (Once, Shards, Ledger).
Publishing never waits: each node has a queue and a task of its own.
"""

import asyncio
import contextlib
import hashlib
import logging
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Sequence
from math import inf
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import nats
import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg

from forewave.errors import ConfigError

_LOG = logging.getLogger(__name__)
Handler = Callable[[str, bytes], None]  # subject, data
Answer = Callable[[bytes], bytes]
SCHEMES = ("nats", "tls", "ws", "wss")
QUEUE = 1000  # messages that may wait for one node; beyond, the oldest are dropped
PING_S, PINGS = 1, 3  # a node that does not answer so many is left, and tried again
RECONNECT_S = 0.2
TIMEOUT = 1.0  # seconds for a request, and for a connection


def addresses(bus: str) -> list[str]:
    """The nodes of `nats://HOST:PORT,HOST:PORT...`. Raises ConfigError, one line.

    The scheme, and what stands before @, count for the hosts after the first too.
    """
    scheme, separator, rest = bus.partition("://")
    if not separator or scheme not in SCHEMES:
        raise ConfigError(f"bus {bus!r}: expected nats://HOST:PORT,HOST:PORT...")
    login, at, hosts = rest.rpartition("@")
    found = [f"{scheme}://{login}{at}{host.strip()}" for host in hosts.split(",") if host.strip()]
    for url in found:
        try:
            known = bool(urlsplit(url).hostname) and (urlsplit(url).port or 4222) > 0
        except ValueError:
            known = False
        if not known:
            raise ConfigError("bus: expected nats://HOST:PORT,HOST:PORT...")
    if not found or len(set(found)) < len(found):
        raise ConfigError("bus: expected one address or more, each once")
    return found


class Once:
    """Of several copies of a message the first. Remembers the hashes of the last `most`.

    Not the messages: what anybody can send, signed or not, may be a megabyte long.
    """

    def __init__(self, most: int = 2000) -> None:
        self._known: dict[bytes, None] = {}
        self._most = most

    def is_new(self, data: bytes) -> bool:
        """Whether these bytes have not come yet; remembers them."""
        if data in self:
            return False
        self.add(data)
        return True

    def __contains__(self, data: bytes) -> bool:
        return _hash(data) in self._known

    def add(self, data: bytes) -> None:
        """Remember these bytes."""
        self._known[_hash(data)] = None
        if len(self._known) > self._most:
            del self._known[next(iter(self._known))]

    def forget(self) -> None:
        """Remember nothing more."""
        self._known.clear()


def _hash(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=32).digest()


class _Waiting(NamedTuple):
    subject: str
    data: bytes
    until: float


class Node:
    """One node. name: as the node calls itself, once it is connected."""

    def __init__(self, url: str, client: str) -> None:
        self.url, self.counts = url, Counter[str]()
        self.client = Client()
        self._who, self._closing = client, False
        self._waiting: deque[_Waiting] = deque(maxlen=QUEUE)
        self._some = asyncio.Event()

    @property
    def name(self) -> str:
        """The name of the server; "" before the first connection."""
        return str(self.client._server_info.get("server_name", ""))  # nats-py has no other way

    @property
    def is_clustered(self) -> bool:
        """Whether it is one of several."""
        return bool(self.client._server_info.get("cluster"))

    @property
    def connected(self) -> bool:
        """Whether it can be reached, as far as is known."""
        return self.client.is_connected

    async def open(self) -> None:
        """Connect; tries until it succeeds. It stays connected to this node only."""
        await self.client.connect(
            self.url,
            name=self._who,
            error_cb=self._error,
            disconnected_cb=self._lost,
            reconnected_cb=self._found,
            connect_timeout=TIMEOUT,  # type: ignore[arg-type]
            reconnect_time_wait=RECONNECT_S,  # type: ignore[arg-type]
            max_reconnect_attempts=-1,
            ping_interval=PING_S,
            max_outstanding_pings=PINGS,
            reconnect_to_server_handler=lambda servers, info: (servers[0], RECONNECT_S),
            discovered_server_cb=self._discovered,
            pending_size=0,  # nothing is sent late
        )
        await self._discovered()

    async def _discovered(self) -> None:
        """Another node would be one that the others have a connection to already."""
        self.client.set_server_pool([self.url])

    async def _error(self, error: Exception) -> None:
        self.counts[type(error).__name__] += 1

    async def _lost(self) -> None:
        if not self._closing:
            _LOG.warning("NATS %s: connection lost", self.where)

    async def _found(self) -> None:
        _LOG.info("NATS %s: connected again", self.where)

    @property
    def where(self) -> str:
        """Host and port, without a password."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    async def close(self) -> None:
        """Close the connection."""
        self._closing = True
        await self.client.close()

    def publish(self, subject: str, data: bytes, until: float) -> None:
        """Send soon, or not at all. until: monotonic seconds after which it is not sent."""
        if self.connected:
            self._waiting.append(_Waiting(subject, data, until))
            self._some.set()

    async def pump(self) -> None:
        """Send what waits, until cancelled."""
        while True:
            await self._some.wait()
            self._some.clear()
            while self._waiting:
                each = self._waiting.popleft()
                if time.monotonic() >= each.until or not self.connected:
                    self.counts["not sent"] += 1
                    continue
                with contextlib.suppress(nats.errors.Error, ConnectionError, OSError):
                    await self.client.publish(each.subject, each.data)


class Bus:
    """All nodes. who: name of the connections."""

    def __init__(self, urls: Sequence[str], who: str) -> None:
        self.nodes = [Node(url, who) for url in urls]
        self._tasks: list[asyncio.Task[None]] = []
        self._subscribed: list[Callable[[Node], Awaitable[Any]]] = []

    async def open(self) -> None:
        """Connect to all nodes; returns when the first is connected and the others try."""
        opening = [asyncio.create_task(self._open(node)) for node in self.nodes]
        self._tasks += [*opening, *(asyncio.create_task(node.pump()) for node in self.nodes)]
        await asyncio.wait(opening, return_when=asyncio.FIRST_COMPLETED)

    async def _open(self, node: Node) -> None:
        await node.open()
        _LOG.info("NATS %s: connected to %s", node.where, node.name)
        for subscribe in self._subscribed:
            await subscribe(node)

    async def close(self) -> None:
        """Close all connections; what waits is sent first where that is possible at once."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for node in self.nodes:
            with contextlib.suppress(Exception):  # a node that is gone
                async with asyncio.timeout(TIMEOUT):
                    await node.close()

    @property
    def connected(self) -> int:
        """How many nodes are connected."""
        return sum(node.connected for node in self.nodes)

    def publish(self, subject: str, data: bytes, until: float = inf) -> None:
        """Send through every node. until: monotonic seconds after which it is not sent."""
        for node in self.nodes:
            node.publish(subject, data, until)

    async def subscribe(self, subject: str, handler: Handler) -> None:
        """Call `handler` with each message, once for each copy. It must not raise or block."""

        async def receive(message: Msg) -> None:
            handler(message.subject, message.data)

        await self._everywhere(lambda node: node.client.subscribe(subject, cb=receive))

    async def serve(self, subject: str, answer: Answer) -> None:
        """Answer requests."""

        async def receive(message: Msg) -> None:
            with contextlib.suppress(nats.errors.Error):
                await message.respond(answer(message.data))

        await self._everywhere(lambda node: node.client.subscribe(subject, cb=receive))

    async def _everywhere(self, subscribe: Callable[[Node], Awaitable[Any]]) -> None:
        self._subscribed.append(subscribe)
        for node in self.nodes:
            if node.connected:
                await subscribe(node)

    async def request(self, subject: str, data: bytes) -> bytes | None:
        """The first answer to a request, by any node; None if none comes within TIMEOUT."""
        asked = [
            asyncio.ensure_future(node.client.request(subject, data, timeout=TIMEOUT))
            for node in self.nodes
            if node.connected
        ]
        try:
            for done in asyncio.as_completed(asked):
                with contextlib.suppress(nats.errors.Error, TimeoutError, OSError):
                    return (await done).data
        finally:
            for each in asked:
                each.cancel()
            await asyncio.gather(*asked, return_exceptions=True)
        return None
