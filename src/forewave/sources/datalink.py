"""Packets from DataLink servers (ringserver), by the datalink-client of EarthScope.

New packets are requested; after an interruption of at most `resume_s`, or a restart, also those
missed meanwhile. The connection to a server that is silent for `idle_s` is closed, since DataLink
has no keep-alive request during streaming.
"""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Annotated

from datalink_client import DataLinkError, DataLinkTimeout
from datalink_client.aio import AsyncDataLink
from msgspec import Struct

from forewave.field import Timeout, about
from forewave.formats.waveforms import miniseed
from forewave.sources import address
from forewave.sources.base import Card, Left, Source
from forewave.sources.exposure import Exposure, any_station
from forewave.sources.intake.inbox import SourceQueue
from forewave.sources.reconnect import Lost, stay_connected

PORT = 16000


class DataLinkSettings(Struct, frozen=True, tag_field="kind", tag="datalink"):
    """A DataLink server (ringserver)."""

    server: Annotated[str, about('"host" or "host:port", IPv6 in brackets; port 16000')]
    match: Annotated[
        str,
        about(
            "Regular expression of stream names as the server has them "
            '("FDSN:IU_COLA_00_B_H_Z/MSEED3"); "": all'
        ),
    ] = ""
    stations: Annotated[
        tuple[str, ...],
        about("NET.STA patterns that the server may send; none: all of the inventory"),
    ] = ()
    tls: Annotated[bool, about("Connect with TLS")] = False
    connect_s: Annotated[
        Timeout, about("Longest wait for a connection, and for the answers before data flow")
    ] = 2.0
    idle_s: Annotated[Timeout, about("Silence after which the server is left")] = 10.0
    resume_s: Annotated[
        float, about("Longest loss of the connection, or restart, that is resumed", "s", ge=0)
    ] = 30.0


class Connection:
    """One connection to one server: a source."""

    vouched = True  # the server was chosen, not the sender

    def __init__(self, settings: DataLinkSettings) -> None:
        self.name = f"datalink {settings.server} {settings.match}".strip()
        self.own_stations = settings.stations
        self._settings = settings
        self._last: tuple[int, float] | None = None  # last packet: number, arrival
        self._left: Left | None = None

    def resume(self, left: Left) -> None:
        """Request what was missed since the previous process ended, if that was recently."""
        self._left = left

    async def run(self, queue: SourceQueue) -> None:
        """Deliver until cancelled."""
        await stay_connected(lambda: self._connected(queue), queue)

    async def _connected(self, queue: SourceQueue) -> None:
        host, port = address.split(self._settings.server, PORT)
        client = AsyncDataLink(host, port, timeout=self._settings.idle_s, tls=self._settings.tls)
        try:
            async with asyncio.timeout(self._settings.connect_s):
                await self._ask(client, queue.clock())
            queue.set_state("idle", "connected, no data yet")
            await self._listen(client, queue)
        except DataLinkTimeout:
            raise Lost(f"silent for {self._settings.idle_s:g} s") from None
        except DataLinkError as error:
            raise Lost(" ".join(str(error).split())) from None
        finally:
            await client.close()

    async def _ask(self, client: AsyncDataLink, now: float) -> None:
        """Identify this client and request streams and start position."""
        await client.connect()
        await client.identify("forewave")
        if self._settings.match:
            await client.match(self._settings.match)
        if not await self._resumed(client, now):
            await client.set_position_latest()
        await client.stream()

    async def _resumed(self, client: AsyncDataLink, now: float) -> bool:
        """Whether the server continues where the last connection ended."""
        last, left, since = self._last, self._left, now - self._settings.resume_s
        try:
            if last is not None and last[1] >= since:
                await client.position_set(last[0])
            elif last is None and left is not None and left.at >= since:
                await client.position_after(round(min(left.ends.values()) * 1e6))
            else:
                return False
        except DataLinkError:
            return False
        return True

    async def _listen(self, client: AsyncDataLink, queue: SourceQueue) -> None:
        async for received in client.collect():
            arrival = queue.clock()
            self._last = received.pktid, arrival
            packets, dropped = miniseed.packets(received.data)
            for refused in dropped:
                queue.drop(refused.reason)
            for packet in packets:
                await queue.put(packet, arrival)


def connections(settings: DataLinkSettings) -> Sequence[Source]:
    """The connection of an entry. Raises ConfigError, one line."""
    address.split(settings.server, PORT)
    return [Connection(settings)]


def _exposure(settings: DataLinkSettings) -> Iterator[Exposure]:
    return any_station(f"datalink {settings.server}", settings.stations)


CARD = Card("datalink", DataLinkSettings, connections, _exposure)
