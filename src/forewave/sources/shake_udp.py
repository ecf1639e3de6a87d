"""Packets from Raspberry Shakes by UDP ("datacast"), four datagrams a second each.

A datagram does not name its station; the sender's address identifies it. UDP has no connection: a
silent Shake is "idle", and lost datagrams are gaps.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated

from msgspec import Struct

from forewave.field import Port, about
from forewave.formats.protocols import shake
from forewave.sources.base import Card, Source
from forewave.sources.exposure import Exposure
from forewave.sources.intake.inbox import SourceQueue
from forewave.sources.reconnect import stay_connected
from forewave.types import Dropped

ANYBODY = "*"


class ShakeSettings(
    Struct, frozen=True, tag_field="kind", tag="shake_udp", forbid_unknown_fields=True
):
    """Raspberry Shakes that send UDP to this machine."""

    stations: Annotated[
        Mapping[str, str],
        about('"NET.STA" by the sender\'s address; the address "*" is any other sender'),
    ]
    host: Annotated[
        str, about("Address to listen at; 0.0.0.0: any interface, for Shakes elsewhere")
    ] = "127.0.0.1"
    port: Annotated[Port, about("UDP port; 0: any free one")] = 8888
    rate: Annotated[float, about("Sampling rate; 50 for the first models", "samples/s")] = 100.0
    location: Annotated[str, about("Location code")] = "00"
    idle: Annotated[float, about("Time without datagrams until the state is idle", "s")] = 5.0
    trusted: Annotated[
        bool, about("Only the Shakes can send to this port; a sender's address proves nothing")
    ] = False

    def __post_init__(self) -> None:
        for name in self.stations.values():
            if not all(name.partition(".")):
                raise ValueError(f"expected a station such as AM.R24FA, found {name!r}")


class ShakeSource:
    """One UDP port, for any number of Shakes."""

    def __init__(self, settings: ShakeSettings) -> None:
        self.name = f"shake_udp {settings.host}:{settings.port}"
        self.vouched = settings.trusted
        self.own_stations = tuple(settings.stations.values())
        self.port = settings.port  # the port in use, where the settings say 0
        self._settings = settings

    async def run(self, queue: SourceQueue) -> None:
        """Deliver until cancelled; a port that is in use is tried again."""
        await stay_connected(lambda: self._listen(queue), queue)

    async def _listen(self, queue: SourceQueue) -> None:
        settings, loop = self._settings, asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: _Listener(settings, queue), local_addr=(settings.host, settings.port)
        )
        self.port = transport.get_extra_info("sockname")[1]
        queue.set_state("idle", f"listening at port {self.port}, nothing yet")
        try:
            while True:
                await asyncio.sleep(settings.idle)
                last = queue.status().last
                if last is not None and queue.clock() - last >= settings.idle:
                    queue.set_state("idle", f"no datagram for {settings.idle:g} s")
        finally:
            transport.close()


class _Listener(asyncio.DatagramProtocol):
    def __init__(self, settings: ShakeSettings, queue: SourceQueue) -> None:
        self._settings, self._queue = settings, queue

    def datagram_received(self, data: bytes, address: tuple[str, int]) -> None:
        stations = self._settings.stations
        station = stations.get(address[0]) or stations.get(ANYBODY)
        if station is None:
            self._queue.drop("unknown sender")
            return
        word = shake.packet(data, station, self._settings.rate, self._settings.location)
        if isinstance(word, Dropped):
            self._queue.drop(word.reason)
        else:
            self._queue.offer(word)


def _open(settings: ShakeSettings) -> Sequence[Source]:
    return [ShakeSource(settings)]


def _exposure(settings: ShakeSettings) -> Iterator[Exposure]:
    subject, host = f"shake_udp {settings.host}:{settings.port}", settings.host
    if ANYBODY in settings.stations:
        what = f"everybody who reaches this port can send data as {settings.stations[ANYBODY]}"
        remedy = "set the address of the sensor instead of *"
        yield Exposure("warning", subject, what, remedy, host=host)
    else:
        what = "everybody who reaches this port can send data as these stations: UDP can be forged"
        yield Exposure("note", subject, what, "allow only the sensors in the firewall", host=host)


CARD = Card("shake_udp", ShakeSettings, _open, _exposure)
