"""Packets from SeedLink servers, version 3 or 4: one connection is one source.

`seedlink_listener.py` decides when a connection is lost; it is then opened again. Missed packets
are requested only after an interruption of at most `resume_s`: after a longer one, old packets
would delay the present ones. They are requested by sequence number, or by time after a restart of
this process. If a server ends the connection or answers unexpectedly before it has sent a packet,
the next connection uses simpler requests.
"""

import asyncio
import socket
from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from forewave.errors import FormatError
from forewave.sources.base import Card, Left, Source
from forewave.sources.exposure import Exposure, password
from forewave.sources.intake.inbox import SourceQueue
from forewave.sources.reconnect import Lost, stay_connected
from forewave.sources.seedlink.dialogue import Dialogue, Wanted
from forewave.sources.seedlink.listener import Listener
from forewave.sources.seedlink.resume import resumed
from forewave.sources.seedlink.settings import SeedLinkSettings, address, stations_wanted
from forewave.sources.tls import trust

__all__ = ["CARD", "Connection", "SeedLinkSettings", "connections"]

_MOST_EMPTY = (
    2  # connections in a row without a packet, after which no missed packets are requested
)
_TOLERATED = 10  # failures in a row before a way of requesting that worked is changed


def connections(settings: SeedLinkSettings) -> list[Source]:
    """The connections of an entry, by the server's station limit. Raises ConfigError, one line."""
    wanted = stations_wanted(settings)
    address(settings)
    if settings.tls:
        trust(settings.tls_ca)
    size = settings.stations_per_connection or len(wanted)
    return [Connection(settings, wanted[n : n + size]) for n in range(0, len(wanted), size)]


class Connection:
    """One connection to one server: a source."""

    vouched = True  # the server was chosen, not the sender

    def __init__(self, settings: SeedLinkSettings, wanted: Sequence[Wanted]) -> None:
        more = f"+{len(wanted) - 1}" if len(wanted) > 1 else ""
        self.name = f"seedlink {settings.server} {wanted[0].station.replace('_', '.')}{more}"
        self._settings, self._wanted = settings, wanted
        self.own_stations = tuple(each.station.replace("_", ".", 1) for each in wanted)
        self._last: dict[str, tuple[int, float]] = {}  # by station: sequence number, arrival
        self._left: Left | None = None
        self._at_once = self._by_name = True
        self._doubts = 0  # above 0: the server may not accept all commands at once
        self._protocol, self._asks_info = settings.protocol, settings.ask
        self._empty = 0
        self._known = ""  # IP address of the last successful connection

    def resume(self, left: Left) -> None:
        """Request what was missed since the previous process ended, if that was recently."""
        self._left = left

    async def run(self, queue: SourceQueue) -> None:
        """Deliver until cancelled."""
        await stay_connected(lambda: self._connected(queue), queue)

    async def _connected(self, queue: SourceQueue) -> None:
        """One connection, from opening to loss."""
        async with asyncio.timeout(self._settings.connect_s):
            reader, writer = await self._open()
        dialogue = self._dialogue(queue.clock())
        settings, before = replace(self._settings, ask=self._asks_info), queue.packets
        listener = Listener(settings, dialogue, queue, self._last)
        try:
            await listener.listen(reader, writer)
        except (FormatError, Lost, ConnectionError) as why:
            if queue.packets == before and dialogue.greeted:
                self._simplify(dialogue, listener, why)
            if not isinstance(why, FormatError):
                raise
            queue.drop("not SeedLink")
            raise Lost(str(why)) from None
        finally:
            self._choose_batching(dialogue, queue.packets > before)
            writer.transport.abort()

    def _choose_batching(self, dialogue: Dialogue, delivered: bool) -> None:
        """Choose how the next connection sends its requests: all at once, or one by one.

        One by one takes many seconds for a hundred stations on a distant server, so a way that has
        worked is kept for _TOLERATED failures.
        """
        self._empty = 0 if delivered else self._empty + dialogue.greeted
        if self._empty >= _MOST_EMPTY:  # the server may not accept the sequence numbers
            self._last.clear()
            self._left = None
        if dialogue.streaming:
            self._doubts = -_TOLERATED
        elif dialogue.greeted:
            self._doubts += 1
            self._at_once ^= self._doubts > 0
            self._left = None  # the server may not accept requests by time

    def _simplify(self, dialogue: Dialogue, listener: Listener, why: Exception) -> None:
        """No packet arrived: avoid the request that the server may not support."""
        if isinstance(why, Lost) and why.silent:
            return
        if self._settings.ask and listener.unanswered:
            self._asks_info = not self._asks_info
        if dialogue.declined and self._settings.protocol == "auto":
            self._protocol = "3"
        self._last.clear()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect by name; after a failure every other time to the last IP address that worked.

        DNS may fail in an earthquake.
        """
        host, port = address(self._settings)
        where = host if self._by_name else self._known
        self._by_name = not self._by_name or not self._known
        tls: dict[str, Any] = {}
        if self._settings.tls:
            tls = {"ssl": trust(self._settings.tls_ca), "server_hostname": host}
        reader, writer = await asyncio.open_connection(where, port, **tls)
        _set_options(writer.get_extra_info("socket"))
        self._known, self._by_name = str(writer.get_extra_info("peername")[0]), True
        return reader, writer

    def _dialogue(self, now: float) -> Dialogue:
        settings = self._settings
        wanted = resumed(self._wanted, self._lately(now), self._ends(now))
        return Dialogue(wanted, self._protocol, at_once=self._at_once, auth=settings.auth)

    def _lately(self, now: float) -> dict[str, int]:
        """Sequence number of each station's last packet, if the interruption was short enough.

        Its length is counted from the last packet of any station.
        """
        arrived = max((arrival for _, arrival in self._last.values()), default=0.0)
        if now - arrived > self._settings.resume_s:
            return {}
        return {station: sequence for station, (sequence, _) in self._last.items()}

    def _ends(self, now: float) -> dict[str, float]:
        """End times of the stations of the previous process, if it ended recently enough."""
        left = self._left
        if left is None or now - left.at > self._settings.resume_s:
            return {}
        return {code.replace(".", "_", 1): end for code, end in left.ends.items()}


def _set_options(sock: socket.socket) -> None:
    """Send without delay (TCP_NODELAY); let the kernel detect a vanished peer (SO_KEEPALIVE)."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


def _exposure(settings: SeedLinkSettings) -> Iterator[Exposure]:
    host, _ = address(settings)
    return password(f"seedlink {settings.server}", host, settings.auth, tls=settings.tls)


CARD = Card("seedlink", SeedLinkSettings, connections, _exposure)
