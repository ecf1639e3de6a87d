"""What a relay answers to INFO: XML in version 3 (SeisComP's attributes), JSON in version 4."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import quoteattr

import msgspec
from msgspec import Struct

from forewave.formats.seedlink import SEQUENCES_3, Version, info_3, info_4
from forewave.formats.seedlink_selection import selects_station, stream_id_4
from forewave.runtime.relay_ring import Entry, Ring
from forewave.types import StreamId

_LEVELS_3 = ("ID", "CAPABILITIES", "STATIONS", "STREAMS", "CONNECTIONS", "GAPS", "ALL")
_ABILITIES_3 = (
    *("dialup", "multistation", "window-extraction"),
    *(f"info:{level.lower()}" for level in _LEVELS_3),
)
_FORMATS = {"3": {"mimetype": "application/vnd.fdsn.mseed3", "subformat": {"D": "data"}}}


class Guest(Struct, frozen=True):
    """A client, as INFO CONNECTIONS tells of it."""

    host: str
    port: int
    since: float
    agent: str
    packets: int
    sent_bytes: int


class Informant:
    """Answers INFO about a ring and the clients."""

    def __init__(
        self, ring: Ring, guests: Callable[[], Iterable[Guest]], software: str, organization: str
    ) -> None:
        self._ring, self._guests = ring, guests
        self._software, self._organization = software, organization
        self._started = datetime.now(UTC).timestamp()

    def answer(self, words: Sequence[str], version: Version) -> bytes:
        """The packets to send for INFO and the words behind it."""
        level = words[0].upper()
        pattern = words[1].upper() if len(words) > 1 else "*"
        return self._answer_3(level) if version == 3 else self._answer_4(level, pattern)

    def _answer_3(self, level: str) -> bytes:
        known = level in _LEVELS_3
        inside = "".join(self._elements(level)) if known else ""
        attributes = _attributes(
            software=f"SeedLink v3.1 ({self._software})",
            organization=self._organization,
            started=_time_3(self._started),
        )
        return info_3(f'<?xml version="1.0"?><seedlink{attributes}>{inside}</seedlink>')

    def _elements(self, level: str) -> Iterable[str]:
        if level == "CAPABILITIES":
            yield from (f"<capability{_attributes(name=name)}/>" for name in _ABILITIES_3)
        elif level in ("STATIONS", "STREAMS", "ALL", "GAPS"):
            for station, entries in self._stations("*"):
                streams = _streams(entries) if level in ("STREAMS", "ALL") else {}
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
                _station_4(station, entries, _streams(entries) if level == "STREAMS" else None)
                for station, entries in self._stations(pattern)
            ]
        elif level == "CONNECTIONS":
            head["connection"] = [msgspec.to_builtins(guest) for guest in self._guests()]
        elif level != "ID":
            head["error"] = {"code": "ARGUMENTS", "message": "no such level of INFO"}
        return info_4(msgspec.json.encode(head), error="error" in head)

    def _stations(self, pattern: str) -> Iterable[tuple[str, Sequence[Entry]]]:
        for station, entries in sorted(self._ring.stations.items()):
            if entries and selects_station(pattern, station):
                yield station, list(entries)


def _streams(entries: Iterable[Entry]) -> dict[StreamId, tuple[float, float]]:
    """First and last time of each stream."""
    spans: dict[StreamId, tuple[float, float]] = {}
    for entry in entries:
        begin, end = spans.get(entry.stream, (entry.begin, entry.end))
        spans[entry.stream] = min(begin, entry.begin), max(end, entry.end)
    return spans


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
    attributes = _attributes(
        host=guest.host,
        port=str(guest.port),
        ctime=_time_3(guest.since),
        begin_seq="0",
        current_seq="0",
        sequence_gaps="0",
        txcount=str(guest.packets),
        totBytes=str(guest.sent_bytes),
        realtime="yes",
        end_of_data="no",
    )
    return f"<connection{attributes}/>"


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
                "format": "3",
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
