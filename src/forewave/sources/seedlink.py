"""Packets from SeedLink servers, version 3 or 4: one connection is one source.

A connection is left and made again when the server closes it, sends what is not SeedLink, or

    is silent for `idle_s`;
    is silent, does not answer when asked whether it lives (INFO ID), and did before: after twice
        `answer_s`, so that a server that hangs is left long before one that has nothing to say;
    answers, but has sent no data for `dataless_s`.

Data that was missed is asked for again only after a short loss (`resume_s`); after a longer one it
would come as a flood of the past just when the present is wanted.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from forewave.errors import ConfigError, FormatError
from forewave.formats import miniseed
from forewave.formats.seedlink import Frame
from forewave.formats.seedlink_selection import is_selector
from forewave.sources.base import Card, Door, Lost, Source, stay_connected
from forewave.sources.seedlink_dialogue import Dialogue, Wanted

PORT, TLS_PORT = 18000, 18500
_READ_BYTES = 1 << 16
_Seconds = Annotated[float, Meta(gt=0)]


class SeedLinkSettings(Struct, frozen=True, tag_field="kind", tag="seedlink"):
    """One server, and what is wanted of it.

    server: "host" or "host:port". stations: "NET.STA", with ? and * where the server knows them;
    after a colon its own selectors: "GE.WLF:HH? 10HN?". selectors: of stations without. auth: as
    SeedLink 4 has it, e.g. "USERPASS name word". tls_ca: file with the certificates that are
    trusted, instead of the machine's. connect_s: for connecting, and for every answer before data
    flow. ask: whether a silent server is asked if it lives. The same station may be named in the
    settings of several servers.
    """

    server: str
    stations: tuple[str, ...]
    selectors: tuple[str, ...] = ()
    protocol: Literal["auto", "3", "4"] = "auto"
    stations_per_connection: Annotated[int, Meta(ge=1)] | None = None
    tls: bool = False
    tls_ca: str = ""
    auth: str = ""
    connect_s: _Seconds = 2.0
    ask: bool = True
    answer_s: _Seconds = 1.5
    idle_s: _Seconds = 10.0
    dataless_s: _Seconds = 60.0
    resume_s: Annotated[float, Meta(ge=0)] = 30.0


def connections(settings: SeedLinkSettings) -> list[Source]:
    """As many connections as the server's limit asks for. Raises ConfigError, one line."""
    wanted = [_wanted(entry, settings.selectors) for entry in settings.stations]
    if not wanted:
        raise ConfigError(f"{settings.server}: expected at least one station")
    _address(settings)
    size = settings.stations_per_connection or len(wanted)
    return [Connection(settings, wanted[n : n + size]) for n in range(0, len(wanted), size)]


class Connection:
    """One connection to one server: a source."""

    def __init__(self, settings: SeedLinkSettings, wanted: Sequence[Wanted]) -> None:
        more = f"+{len(wanted) - 1}" if len(wanted) > 1 else ""
        self.name = f"seedlink {settings.server} {wanted[0].station.replace('_', '.')}{more}"
        self._settings, self._wanted = settings, wanted
        self._last: dict[str, tuple[int, float]] = {}  # by station: sequence number, arrival
        self._at_once = self._by_name = True
        self._known = ""  # the address that the name had when it was last reached

    async def run(self, door: Door) -> None:
        """Until cancelled."""
        await stay_connected(lambda: self._connected(door), door)

    async def _connected(self, door: Door) -> None:
        """One connection, from opening it to losing it."""
        async with asyncio.timeout(self._settings.connect_s):
            reader, writer = await self._open()
        dialogue = self._dialogue(door.clock())
        try:
            await _Listener(self._settings, dialogue, door, self._last).listen(reader, writer)
        except FormatError as error:
            door.drop("not SeedLink")
            raise Lost(str(error)) from None
        finally:
            if dialogue.greeted and not dialogue.streaming:
                self._at_once = not self._at_once
            writer.transport.abort()

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """By name; after a failure every other time by the last address that worked.

        The name service may be the first thing that an earthquake takes.
        """
        host, port = _address(self._settings)
        where = host if self._by_name else self._known
        self._by_name = not self._by_name or not self._known
        tls: dict[str, Any] = {}
        if self._settings.tls:
            tls = {"ssl": _trust(self._settings.tls_ca), "server_hostname": host}
        reader, writer = await asyncio.open_connection(where, port, **tls)
        _hasten(writer.get_extra_info("socket"))
        self._known, self._by_name = str(writer.get_extra_info("peername")[0]), True
        return reader, writer

    def _dialogue(self, now: float) -> Dialogue:
        settings = self._settings
        wanted = [
            Wanted(each.station, each.selectors, self._resume(each.station, now))
            for each in self._wanted
        ]
        return Dialogue(wanted, settings.protocol, at_once=self._at_once, auth=settings.auth)

    def _resume(self, station: str, now: float) -> int | None:
        """The station's last packet, if it came so lately that what was missed is still wanted."""
        sequence, arrival = self._last.get(station, (None, 0.0))
        return sequence if now - arrival <= self._settings.resume_s else None


class _Listener:
    """What is done with one connection, and what its silence means."""

    def __init__(
        self,
        settings: SeedLinkSettings,
        dialogue: Dialogue,
        door: Door,
        last: dict[str, tuple[int, float]],
    ) -> None:
        self._settings, self._dialogue, self._door, self._last = settings, dialogue, door, last
        self._clock = asyncio.get_running_loop().time
        self._answers = False
        self._silences = (
            0  # in a row; counted, not timed, so that a pause of ours is none of theirs
        )
        self._data = self._clock()

    async def listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Until it is lost."""
        writer.write(self._dialogue.to_send)
        while True:
            data = await self._read(reader)
            if data:
                await self._take(data, writer)
            else:
                self._silence()
                self._ask(writer)
            self._want_data()

    async def _read(self, reader: asyncio.StreamReader) -> bytes:
        """What came; nothing after a while of silence."""
        settings = self._settings
        patience = settings.answer_s if self._dialogue.streaming else settings.connect_s / 2
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(patience):
                data = await reader.read(_READ_BYTES)
            if not data:
                raise Lost("closed by the server")
            return data
        return b""

    async def _take(self, data: bytes, writer: asyncio.StreamWriter) -> None:
        arrival, asking, self._silences = self._door.clock(), not self._dialogue.streaming, 0
        packets = self._door.packets
        for frame in self._dialogue.receive(data):
            await self._frame(frame, arrival)
        writer.write(self._dialogue.to_send)
        delivered = self._door.packets > packets
        if delivered:
            self._data = self._clock()
            self._door.becomes("live", self._without(""))
        if asking and self._dialogue.streaming:
            self._ask(writer)
            self._begun(delivered)

    def _begun(self, delivered: bool) -> None:
        """All is asked and answered; perhaps the first packets have come with the answers."""
        self._door.drop("station refused", len(self._dialogue.refused))
        if not delivered:
            self._door.becomes("idle", self._without("connected, no data yet"))

    async def _frame(self, frame: Frame, arrival: float) -> None:
        if frame.kind == "end":
            raise Lost("ended by the server")
        if frame.kind == "error":
            raise Lost(f"told of an error: {frame.payload[:80].decode('latin-1')}")
        if frame.kind == "info":
            self._answers = True
            return
        packets, dropped = miniseed.packets(frame.payload)
        for refused in dropped:
            self._door.drop(refused.reason)
        for packet in packets:
            if frame.sequence is not None:
                station = f"{packet.stream.network}_{packet.stream.station}"
                self._last[station] = frame.sequence, arrival
            await self._door.put(packet, arrival)

    def _ask(self, writer: asyncio.StreamWriter) -> None:
        """Whether it lives; the first time, to learn whether it answers such questions."""
        if self._settings.ask and self._dialogue.streaming:
            writer.write(self._dialogue.ping())

    def _silence(self) -> None:
        """Once more in a row: too often?"""
        settings = self._settings
        self._silences += 1
        if not self._dialogue.streaming and self._silences == 2:
            raise Lost(f"no answer for {settings.connect_s:g} s")
        if self._answers and self._silences == 2:
            raise Lost(f"silent for {2 * settings.answer_s:g} s, and does not answer")
        if self._silences * settings.answer_s >= settings.idle_s:
            raise Lost(f"silent for {settings.idle_s:g} s")

    def _want_data(self) -> None:
        """A server that talks, but of nothing: say so, and try again from time to time."""
        without = self._clock() - self._data
        if without >= self._settings.dataless_s:
            raise Lost(f"answers, but sent no data for {self._settings.dataless_s:g} s")
        if without >= self._settings.idle_s and self._dialogue.streaming:
            self._door.becomes("idle", self._without("answers, but sends no data"))

    def _without(self, reason: str) -> str:
        """With the stations that the server refused."""
        refused = self._dialogue.refused
        if not refused:
            return reason
        station, why = next(iter(refused.items()))
        told = f"stations refused: {len(refused)}, {station}: {why}"
        return f"{reason}; {told}" if reason else told


def _wanted(entry: str, selectors: tuple[str, ...]) -> Wanted:
    """A station of the settings."""
    station, _, own = entry.partition(":")
    chosen = tuple(own.split()) or selectors
    network, dot, code = station.partition(".")
    wrong = [selector for selector in chosen if not is_selector(selector)]
    if not dot or not network or not code or not station.isascii() or " " in station:
        raise ConfigError(f'{entry!r}: expected a station as "NET.STA"')
    if wrong:
        raise ConfigError(f'{wrong[0]!r}: expected a selector like "HH?" or "00_H_H_?"')
    return Wanted(f"{network}_{code}", chosen)


def _address(settings: SeedLinkSettings) -> tuple[str, int]:
    host, colon, port = settings.server.rpartition(":")
    if not colon:
        return settings.server, TLS_PORT if settings.tls else PORT
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ConfigError(f'{settings.server!r}: expected "host:port"')
    return host, int(port)


@lru_cache
def _trust(file: str) -> ssl.SSLContext:
    """Reading the machine's certificates takes long enough to do it once."""
    return ssl.create_default_context(cafile=file or None)


def _hasten(sock: socket.socket) -> None:
    """Nothing waits for more to send; a peer that vanished is noticed by the kernel as well."""
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


CARD = Card("seedlink", SeedLinkSettings, connections)
