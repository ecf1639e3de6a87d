"""Packets from SeedLink servers, version 3 or 4: one connection is one source.

What a connection bears is in `seedlink_listener.py`; one that is lost is made again. What was
missed is asked for only after a short loss (`resume_s`): after a longer one it would come as a
flood of the past just when the present is wanted. A connection asks by sequence number; what a
process before this one had is known by time only. A server that ends the connection, or answers
oddly, before it has sent a packet is asked more simply the next time.
"""

import asyncio
import socket
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from forewave.errors import FormatError
from forewave.sources.base import Card, Left, Source
from forewave.sources.inbox import SourceQueue
from forewave.sources.reconnect import Lost, stay_connected
from forewave.sources.seedlink_dialogue import Dialogue, Wanted
from forewave.sources.seedlink_listener import Listener
from forewave.sources.seedlink_resume import resumed
from forewave.sources.seedlink_settings import SeedLinkSettings, address, stations_wanted
from forewave.sources.tls import trust

__all__ = ["CARD", "Connection", "SeedLinkSettings", "connections"]

_IN_VAIN = 2  # connections in a row that brought nothing, after which none asks for the past
_FAITH = 10  # failures in a row for which a way of asking that worked is kept


def connections(settings: SeedLinkSettings) -> list[Source]:
    """As many connections as the server's limit asks for. Raises ConfigError, one line."""
    wanted = stations_wanted(settings)
    address(settings)
    if settings.tls:
        trust(settings.tls_ca)
    size = settings.stations_per_connection or len(wanted)
    return [Connection(settings, wanted[n : n + size]) for n in range(0, len(wanted), size)]


class Connection:
    """One connection to one server: a source."""

    def __init__(self, settings: SeedLinkSettings, wanted: Sequence[Wanted]) -> None:
        more = f"+{len(wanted) - 1}" if len(wanted) > 1 else ""
        self.name = f"seedlink {settings.server} {wanted[0].station.replace('_', '.')}{more}"
        self._settings, self._wanted = settings, wanted
        self.own_stations = tuple(each.station.replace("_", ".", 1) for each in wanted)
        self._last: dict[str, tuple[int, float]] = {}  # by station: sequence number, arrival
        self._left: Left | None = None
        self._at_once = self._by_name = True
        self._doubts = 0  # above 0: perhaps the server cannot take all commands at once
        self._protocol, self._curious = settings.protocol, settings.ask
        self._in_vain = 0
        self._known = ""  # the address that the name had when it was last reached

    def resume(self, left: Left) -> None:
        """Ask for what came since the process before this one had ended, if that is short ago."""
        self._left = left

    async def run(self, queue: SourceQueue) -> None:
        """Until cancelled."""
        await stay_connected(lambda: self._connected(queue), queue)

    async def _connected(self, queue: SourceQueue) -> None:
        """One connection, from opening it to losing it."""
        async with asyncio.timeout(self._settings.connect_s):
            reader, writer = await self._open()
        dialogue = self._dialogue(queue.clock())
        settings, before = replace(self._settings, ask=self._curious), queue.packets
        listener = Listener(settings, dialogue, queue, self._last)
        try:
            await listener.listen(reader, writer)
        except (FormatError, Lost, ConnectionError) as why:
            if queue.packets == before and dialogue.greeted:
                self._doubt(dialogue, listener, why)
            if not isinstance(why, FormatError):
                raise
            queue.drop("not SeedLink")
            raise Lost(str(why)) from None
        finally:
            self._judge(dialogue, queue.packets > before)
            writer.transport.abort()

    def _judge(self, dialogue: Dialogue, delivered: bool) -> None:
        """Ask the other way next time? One that has worked is not doubted for a few bad answers.

        One by one, a hundred stations far away take many seconds.
        """
        self._in_vain = 0 if delivered else self._in_vain + dialogue.greeted
        if self._in_vain >= _IN_VAIN:  # perhaps so many stations, or their numbers, are too much
            self._last.clear()
            self._left = None
        if dialogue.streaming:
            self._doubts = -_FAITH
        elif dialogue.greeted:
            self._doubts += 1
            self._at_once ^= self._doubts > 0
            self._left = None  # perhaps it does not bear to be asked for a time

    def _doubt(self, dialogue: Dialogue, listener: Listener, why: Exception) -> None:
        """Not one packet came: what may it have been that the server does not bear?"""
        if isinstance(why, Lost) and why.silent:
            return
        if self._settings.ask and listener.asked_in_vain:
            self._curious = not self._curious
        if dialogue.declined and self._settings.protocol == "auto":
            self._protocol = "3"
        self._last.clear()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """By name; after a failure every other time by the last address that worked.

        The name service may be the first thing that an earthquake takes.
        """
        host, port = address(self._settings)
        where = host if self._by_name else self._known
        self._by_name = not self._by_name or not self._known
        tls: dict[str, Any] = {}
        if self._settings.tls:
            tls = {"ssl": trust(self._settings.tls_ca), "server_hostname": host}
        reader, writer = await asyncio.open_connection(where, port, **tls)
        _hasten(writer.get_extra_info("socket"))
        self._known, self._by_name = str(writer.get_extra_info("peername")[0]), True
        return reader, writer

    def _dialogue(self, now: float) -> Dialogue:
        settings = self._settings
        wanted = resumed(self._wanted, self._lately(now), self._ends(now))
        return Dialogue(wanted, self._protocol, at_once=self._at_once, auth=settings.auth)

    def _lately(self, now: float) -> dict[str, int]:
        """Each station's last packet, if what was missed since is still wanted.

        How long the loss was says the last packet of any station: one that was silent before
        has missed no more than the others.
        """
        arrived = max((arrival for _, arrival in self._last.values()), default=0.0)
        if now - arrived > self._settings.resume_s:
            return {}
        return {station: sequence for station, (sequence, _) in self._last.items()}

    def _ends(self, now: float) -> dict[str, float]:
        """Up to where a process that ended lately had its stations."""
        left = self._left
        if left is None or now - left.at > self._settings.resume_s:
            return {}
        return {code.replace(".", "_", 1): end for code, end in left.ends.items()}


def _hasten(sock: socket.socket) -> None:
    """Nothing waits for more to send; a peer that vanished is noticed by the kernel as well."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


CARD = Card("seedlink", SeedLinkSettings, connections)
