"""miniSEED files and SDS archives as a live network, at any speed.

Packets come in the order of their last samples, each stream's files one after the other and read
piece by piece, so that an archive of any size can be played in little memory.
"""

import asyncio
import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from math import inf
from pathlib import Path

from msgspec import Struct

from forewave.formats import miniseed_file, sds
from forewave.sources.base import Card, Door, Source
from forewave.types import Dropped, Packet

OVERLAP = 1.0  # day: a record that crosses midnight is in the file of its start


class ArchiveSettings(
    Struct, frozen=True, tag_field="kind", tag="archive", forbid_unknown_fields=True
):
    """A file, a folder of *.mseed files, or the root of an SDS archive.

    begin, end: datetimes; without: all there is. streams: patterns of NET.STA.LOC.CHA. speed 0:
    as fast as it goes. A packet arrives `latency` seconds after its last sample; packet_s cuts
    records, which hold seconds, into such packets.
    """

    path: str
    begin: datetime | None = None
    end: datetime | None = None
    streams: tuple[str, ...] = ("*",)
    speed: float = 1.0
    latency: float = 0.5
    packet_s: float | None = None


class ArchiveSource:
    """Plays what lies in files once, and ends."""

    def __init__(self, settings: ArchiveSettings) -> None:
        self.name = f"archive {settings.path}"
        self._settings = settings

    async def run(self, door: Door) -> None:
        """Deliver with the time of arrival that each packet would have had."""
        loop = asyncio.get_running_loop()
        speed = self._settings.speed or inf
        began, first = loop.time(), None
        for word in words(self._settings):
            if isinstance(word, Dropped):
                door.drop(word.reason)
                continue
            arrival = _end(word) + self._settings.latency
            first = arrival if first is None else first
            wait = began + (arrival - first) / speed - loop.time()
            await asyncio.sleep(max(0.0, wait))
            await door.put(word, arrival)
        door.becomes("idle", "played to its end" if first is not None else "holds nothing of this")


def words(settings: ArchiveSettings) -> Iterator[Packet | Dropped]:
    """The packets in the order of their last samples, and what could not be read."""
    groups = _groups(settings)
    runs = [_wanted(files, settings) for files in groups]
    for _, _, word in heapq.merge(*map(_keyed, runs, range(len(runs))), key=lambda row: row[:2]):
        yield word


def _keyed(
    run: Iterator[Packet | Dropped], number: int
) -> Iterator[tuple[float, int, Packet | Dropped]]:
    """With the time to merge by; what was dropped comes when it is read."""
    latest = -inf
    for word in run:
        latest = max(latest, _end(word)) if isinstance(word, Packet) else latest
        yield latest, number, word


def _groups(settings: ArchiveSettings) -> list[list[Path]]:
    """Files to be read one after the other: a stream's days, or a file by itself."""
    path = Path(settings.path)
    if path.is_file():
        return [[path]]
    plain = sorted(path.glob("*.mseed"))
    if plain:
        return [[file] for file in plain]
    days: dict[str, list[Path]] = defaultdict(list)
    for file, stream, day in sds.files(path):
        if _matches(str(stream), settings) and _near(day, settings):
            days[str(stream)].append(file)
    return [days[stream] for stream in sorted(days)]


def _wanted(files: Iterable[Path], settings: ArchiveSettings) -> Iterator[Packet | Dropped]:
    begin, end = _time(settings.begin, -inf), _time(settings.end, inf)
    for file in files:
        for word in miniseed_file.read(file):
            if isinstance(word, Dropped):
                yield word
            elif begin <= word.start < end and _matches(str(word.stream), settings):
                yield from _cut(word, settings.packet_s)


def _cut(packet: Packet, packet_s: float | None) -> Iterator[Packet]:
    size = len(packet.samples) if packet_s is None else max(1, round(packet_s * packet.rate))
    for first in range(0, len(packet.samples), size):
        start = packet.start + first / packet.rate
        yield Packet(packet.stream, start, packet.rate, packet.samples[first : first + size])


def _near(day: float, settings: ArchiveSettings) -> bool:
    """Whether a day's file may hold something of the time asked for."""
    begin, end = _time(settings.begin, -inf), _time(settings.end, inf)
    return day + sds.DAY > begin and day - OVERLAP * sds.DAY < end


def _matches(stream: str, settings: ArchiveSettings) -> bool:
    return any(fnmatchcase(stream, pattern) for pattern in settings.streams)


def _time(moment: datetime | None, otherwise: float) -> float:
    """Without a zone it is UTC, as everything is."""
    if moment is None:
        return otherwise
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _end(packet: Packet) -> float:
    return packet.start + (len(packet.samples) - 1) / packet.rate


def _open(settings: ArchiveSettings) -> Sequence[Source]:
    return [ArchiveSource(settings)]


CARD = Card("archive", ArchiveSettings, _open)
