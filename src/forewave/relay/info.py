"""What a relay answers to INFO: XML in version 3 (SeisComP's attributes), JSON in version 4."""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from math import inf
from typing import Any
from xml.sax.saxutils import quoteattr

import msgspec
from msgspec import Struct

from forewave.formats.seedlink import SEQUENCES_3, Version, info_3, info_4
from forewave.formats.seedlink_selection import selects_station, stream_id_4
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
KEPT = 1.0  # seconds for which an answer is given again, whoever asks
MOST_KEPT = 50  # answers
_MOST_SELECTORS = 20  # of a client that are told


class Guest(Struct, frozen=True):
    """A client, as INFO CONNECTIONS tells of it.

    since: when it connected. version: of the protocol. window: it asked for a span of time.
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


class Informant:
    """Answers INFO about a ring and the clients."""

    def __init__(
        self, ring: Ring, guests: Callable[[], Iterable[Guest]], software: str, organization: str
    ) -> None:
        self._ring, self._guests = ring, guests
        self._software, self._organization = software, organization
        self._started = datetime.now(UTC).timestamp()
        self._kept: dict[tuple[Version, str, str], tuple[float, bytes]] = {}

    def answer(self, words: Sequence[str], version: Version) -> bytes:
        """The packets to send for INFO and the words behind it."""
        level = words[0].upper()
        pattern = words[1].upper() if len(words) > 1 else "*"
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
            yield from (_connection_3(guest) for guest in self._guests())

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
            head["error"] = {"code": "ARGUMENTS", "message": "no such level of INFO"}
        return info_4(msgspec.json.encode(head), error="error" in head)

    def _connections_4(self) -> dict[str, Any]:
        guests = list(self._guests())
        clients = [_connection_4(guest, datetime.now(UTC).timestamp()) for guest in guests]
        return {"client_count": len(guests), "client": clients}

    def _stations(self, pattern: str) -> Iterable[tuple[str, Sequence[Entry]]]:
        for station, entries in sorted(self._ring.stations.items()):
            if entries and selects_station(pattern, station):
                yield station, entries

    def _streams(self, station: str) -> dict[StreamId, tuple[float, float]]:
        """First and last time of each stream that the ring holds."""
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


def _connection_3(guest: Guest) -> str:
    """In an element of a station, where slinktool looks for it."""
    station = _attributes(
        name="CLIENT",
        network="SL",
        description=guest.agent or "SeedLink client",
        begin_seq="000000",
        end_seq="000000",
        stream_check="enabled",
    )
    attributes = _attributes(
        host=guest.host,
        port=str(guest.port),
        ctime=_time_3(guest.since),
        begin_seq="000000",
        current_seq="000000" if guest.streaming else "unset",
        sequence_gaps="0",
        txcount=str(guest.packets),
        totBytes=str(guest.sent_bytes),
        begin_seq_valid="yes",
        realtime="no" if guest.dialup else "yes",
        end_of_data="no",
    )
    selectors = "".join(
        f"<selector{_attributes(pattern=each)}/>" for each in guest.selectors[:_MOST_SELECTORS]
    )
    inside = selectors + ("<window/>" if guest.window else "")
    return f"<station{station}><connection{attributes}>{inside}</connection></station>"


def _connection_4(guest: Guest, now: float) -> dict[str, Any]:
    seconds = max(1.0, now - guest.since)
    return {
        "host": guest.host,
        "ip_address": guest.host,
        "client_port": str(guest.port),
        "type": f"SeedLink {guest.version}",
        "connect_time": _time_4(guest.since),
        "client_id": guest.agent,
        "state": "streaming" if guest.streaming else "negotiating",
        "transmit_packets": guest.packets,
        "transmit_packet_rate": guest.packets / seconds,
        "transmit_bytes": guest.sent_bytes,
        "transmit_byte_rate": guest.sent_bytes / seconds,
        "selector": list(guest.selectors[:_MOST_SELECTORS]),
    }


def _station_4(
    station: str,
    entries: Sequence[Entry],
    streams: dict[StreamId, tuple[float, float]] | None,
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "id": station,
        "description": station,
        "start_seq": entries[0].sequence,
        "end_seq": entries[-1].sequence,
        "backfill": -1,
    }
    if streams is not None:
        told["stream"] = [
            {
                "id": stream_id_4(stream),
                "format": form_of(stream),
                "subformat": "D",
                "start_time": _time_4(begin),
                "end_time": _time_4(end),
            }
            for stream, (begin, end) in sorted(streams.items())
        ]
    return told


def _attributes(**values: str) -> str:
    return "".join(f" {name}={quoteattr(value)}" for name, value in values.items())


def _time_3(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y/%m/%d %H:%M:%S.%f")[:-2]


def _time_4(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
