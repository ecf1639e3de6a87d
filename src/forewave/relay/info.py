"""Answers to INFO: XML in SeedLink 3 (with SeisComP's attributes), JSON in SeedLink 4."""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from math import inf
from typing import Any
from xml.sax.saxutils import quoteattr

import msgspec
from msgspec import Struct

from forewave.formats.protocols.seedlink import SEQUENCES_3, Version, info_3, info_4
from forewave.formats.protocols.seedlink_selection import selects_station, stream_id_4
from forewave.relay.ring import Entry, Ring, form_of
from forewave.types import StreamId

_LEVELS_3 = ("ID", "CAPABILITIES", "STATIONS", "STREAMS", "CONNECTIONS", "ALL")
_ABILITIES_3 = (
    *("dialup", "multistation", "window-extraction"),
    *(f"info:{level.lower()}" for level in _LEVELS_3),
)
_FORMATS = {
    "2": {"mimetype": "application/vnd.fdsn.mseed", "subformat": {"D": "data"}},
    "3": {"mimetype": "application/vnd.fdsn.mseed3", "subformat": {"D": "data"}},
}
KEPT = 1.0  # seconds for which an answer is reused
MOST_KEPT = 50  # answers that are kept
_MOST_SELECTORS = 20  # selectors of a client that are listed


class ClientInfo(Struct, frozen=True):
    """A client as listed by INFO CONNECTIONS.

    since: when it connected (POSIX seconds). version: of the protocol. packets, sent_bytes: sent to
    it. window: it requested a time window.
    """

    host: str
    port: int
    since: float
    agent: str
    packets: int
    sent_bytes: int
    version: Version = 3
    streaming: bool = True
    dialup: bool = False
    window: bool = False
    selectors: tuple[str, ...] = ()


class InfoResponder:
    """Answers INFO requests about the ring and the clients."""

    def __init__(
        self,
        ring: Ring,
        clients: Callable[[], Iterable[ClientInfo]],
        software: str,
        organization: str,
    ) -> None:
        self._ring, self._client_infos = ring, clients
        self._software, self._organization = software, organization
        self._started = datetime.now(UTC).timestamp()
        self._kept: dict[tuple[Version, str, str], tuple[float, bytes]] = {}

    def answer(self, arguments: Sequence[str], version: Version) -> bytes:
        """The packets that answer INFO. arguments: a level, and in version 4 a pattern."""
        level = arguments[0].upper()
        pattern = arguments[1].upper() if len(arguments) > 1 else "*"
        asked = version, level, pattern
        made, answer = self._kept.get(asked, (-inf, b""))
        if time.monotonic() - made >= KEPT:
            answer = self._answer_3(level) if version == 3 else self._answer_4(level, pattern)
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            self._kept[asked] = time.monotonic(), answer
        return answer

    def _answer_3(self, level: str) -> bytes:
        known = level in _LEVELS_3
        inside = "".join(self._elements(level)) if known else ""
        attributes = _attributes(
            software=f"SeedLink v3.1 ({self._software})",
            organization=self._organization,
            started=_time_3(self._started),
        )
        text = f'<?xml version="1.0"?><seedlink{attributes}>{inside}</seedlink>'
        return info_3(text, error=not known)

    def _elements(self, level: str) -> Iterable[str]:
        if level == "CAPABILITIES":
            yield from (f"<capability{_attributes(name=name)}/>" for name in _ABILITIES_3)
        elif level in ("STATIONS", "STREAMS", "ALL"):
            for station, entries in self._stations("*"):
                streams = self._streams(station) if level in ("STREAMS", "ALL") else {}
                yield _station_3(station, entries, streams)
        elif level == "CONNECTIONS":
            yield from (_connection_3(client) for client in self._client_infos())

    def _answer_4(self, level: str, pattern: str) -> bytes:
        head: dict[str, Any] = {
            "software": f"SeedLink v4.0 ({self._software})",
            "organization": self._organization,
        }
        if level == "CAPABILITIES":
            head["capability"] = ["SLPROTO:4.0", "SLPROTO:3.1", "TIME"]
        elif level == "FORMATS":
            head["format"] = _FORMATS
        elif level in ("STATIONS", "STREAMS"):
            head["station"] = [
                _station_4(station, entries, self._streams(station) if level == "STREAMS" else None)
                for station, entries in self._stations(pattern)
            ]
        elif level == "CONNECTIONS":
            head["connections"] = self._connections_4()
        elif level != "ID":
            head["error"] = {"code": "ARGUMENTS", "message": "unknown INFO level"}
        return info_4(msgspec.json.encode(head), error="error" in head)

    def _connections_4(self) -> dict[str, Any]:
        now = datetime.now(UTC).timestamp()
        clients = [_connection_4(client, now) for client in self._client_infos()]
        return {"client_count": len(clients), "client": clients}

    def _stations(self, pattern: str) -> Iterable[tuple[str, Sequence[Entry]]]:
        for station, entries in sorted(self._ring.stations.items()):
            if entries and selects_station(pattern, station):
                yield station, entries

    def _streams(self, station: str) -> dict[StreamId, tuple[float, float]]:
        """Times of the first and last sample of each stream in the ring."""
        held = self._ring.streams.get(station, {})
        return {stream: (each[0].begin, each[-1].last) for stream, each in held.items()}


def _station_3(
    station: str, entries: Sequence[Entry], streams: dict[StreamId, tuple[float, float]]
) -> str:
    network, _, code = station.partition("_")
    attributes = _attributes(
        name=code,
        network=network,
        description=station,
        begin_seq=f"{entries[0].sequence % SEQUENCES_3:06X}",
        end_seq=f"{entries[-1].sequence % SEQUENCES_3:06X}",
        stream_check="enabled",
    )
    inside = "".join(
        "<stream"
        + _attributes(
            location=stream.location,
            seedname=stream.channel,
            type="D",
            begin_time=_time_3(begin),
            end_time=_time_3(end),
            begin_recno="0",
            end_recno="0",
            gap_check="disabled",
            gap_treshold="0",
        )
        + "/>"
        for stream, (begin, end) in sorted(streams.items())
    )
    return f"<station{attributes}>{inside}</station>"


def _connection_3(client: ClientInfo) -> str:
    """A client, within a station element, where slinktool expects it."""
    station = _attributes(
        name="CLIENT",
        network="SL",
        description=client.agent or "SeedLink client",
        begin_seq="000000",
        end_seq="000000",
        stream_check="enabled",
    )
    attributes = _attributes(
        host=client.host,
        port=str(client.port),
        ctime=_time_3(client.since),
        begin_seq="000000",
        current_seq="000000" if client.streaming else "unset",
        sequence_gaps="0",
        txcount=str(client.packets),
        totBytes=str(client.sent_bytes),
        begin_seq_valid="yes",
        realtime="no" if client.dialup else "yes",
        end_of_data="no",
    )
    selectors = "".join(
        f"<selector{_attributes(pattern=each)}/>" for each in client.selectors[:_MOST_SELECTORS]
    )
    inside = selectors + ("<window/>" if client.window else "")
    return f"<station{station}><connection{attributes}>{inside}</connection></station>"


def _connection_4(client: ClientInfo, now: float) -> dict[str, Any]:
    seconds = max(1.0, now - client.since)
    return {
        "host": client.host,
        "ip_address": client.host,
        "client_port": str(client.port),
        "type": f"SeedLink {client.version}",
        "connect_time": _time_4(client.since),
        "client_id": client.agent,
        "state": "streaming" if client.streaming else "negotiating",
        "transmit_packets": client.packets,
        "transmit_packet_rate": client.packets / seconds,
        "transmit_bytes": client.sent_bytes,
        "transmit_byte_rate": client.sent_bytes / seconds,
        "selector": list(client.selectors[:_MOST_SELECTORS]),
    }


def _station_4(
    station: str,
    entries: Sequence[Entry],
    streams: dict[StreamId, tuple[float, float]] | None,
) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "id": station,
        "description": station,
        "start_seq": entries[0].sequence,
        "end_seq": entries[-1].sequence,
        "backfill": -1,
    }
    if streams is not None:
        fields["stream"] = [
            {
                "id": stream_id_4(stream),
                "format": form_of(stream),
                "subformat": "D",
                "start_time": _time_4(begin),
                "end_time": _time_4(end),
            }
            for stream, (begin, end) in sorted(streams.items())
        ]
    return fields


def _attributes(**values: str) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in values.items())


def _time_3(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y/%m/%d %H:%M:%S.%f")[:-2]


def _time_4(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
