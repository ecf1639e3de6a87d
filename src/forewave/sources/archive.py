"""miniSEED files and SDS archives played as a live network, at any speed.

Packets are delivered in the order of their last samples, whatever the order in the files. Each
stream is read separately and in chunks, so that an archive of any size needs little memory.
"""

import asyncio
import heapq
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from functools import partial
from itertools import chain
from math import inf
from pathlib import Path
from typing import Annotated, TypeAlias

from msgspec import Struct

from forewave.errors import ConfigError
from forewave.field import Timeout, about
from forewave.formats.waveforms import miniseed_file, miniseed_index, sds
from forewave.sources import exposure
from forewave.sources.base import Card, Source
from forewave.sources.intake.inbox import SourceQueue
from forewave.sources.packetizer import Packetizer
from forewave.types import Dropped, Packet, StreamId

_LOG = logging.getLogger(__name__)

NOTHING = "no data of these streams and times"
OVERLAP = 1.0  # day: a record that crosses midnight is in the file of its start
AHEAD = 16 << 20  # bytes read ahead, for all streams together
LEAST_CHUNK = 8192  # bytes read ahead for one stream at least


class ArchiveSettings(
    Struct, frozen=True, tag_field="kind", tag="archive", forbid_unknown_fields=True
):
    """Recorded miniSEED, played once."""

    path: Annotated[str, about("A file, a folder of *.mseed files, or the root of an SDS archive")]
    begin: Annotated[
        datetime | None, about("Begin; UTC where it names no zone; none: all there is")
    ] = None
    end: Annotated[datetime | None, about("End")] = None
    streams: Annotated[tuple[str, ...], about("Patterns of NET.STA.LOC.CHA")] = ("*",)
    speed: Annotated[
        float, about("Playback speed, multiple of real time; 0: as fast as possible", ge=0)
    ] = 1.0
    latency: Annotated[float, about("Time from a packet's last sample to its arrival", "s")] = 0.5
    packet_s: Annotated[
        Timeout | None,
        about(
            "Length of packets into which records are joined and cut, as forewave replay does; "
            "none: as recorded"
        ),
    ] = None


class ArchiveSource:
    """Plays the files once and ends."""

    vouched = True  # files of this machine

    def __init__(self, settings: ArchiveSettings) -> None:
        self.name = f"archive {settings.path}"
        self._settings = settings

    async def run(self, queue: SourceQueue) -> None:
        """Deliver each packet with the arrival that it would have had live."""
        loop = asyncio.get_running_loop()
        speed = self._settings.speed or inf
        played = read(self._settings)
        # The first packet is known after every file was opened: in a thread, not in the loop.
        found = await asyncio.to_thread(next, played, None)
        began, first = loop.time(), None
        for word in chain([found] if found else [], played):
            if isinstance(word, Dropped):
                queue.drop(word.reason)
                continue
            arrival = _end(word) + self._settings.latency
            first = arrival if first is None else first
            wait = began + (arrival - first) / speed - loop.time()
            await asyncio.sleep(max(0.0, wait))
            await queue.put(word, arrival)
        if first is None:
            _LOG.warning("%s: %s", self.name, NOTHING)
        queue.set_state("idle", NOTHING if first is None else "played to its end")


def read(settings: ArchiveSettings) -> Iterator[Packet | Dropped]:
    """The packets of all streams by time of their last sample, then by stream.

    What cannot be read is returned as Dropped when the reader meets it.
    """
    lost, runs = _runs(settings)
    yield from lost
    keyed = [_keyed(run, stream) for stream, run in runs]
    for _, _, word in heapq.merge(*keyed, key=lambda row: row[:2]):
        yield word


def _keyed(
    run: Iterator[Packet | Dropped], stream: StreamId
) -> Iterator[tuple[float, StreamId, Packet | Dropped]]:
    """Items with their sort key, which never decreases: a late record must not delay the others."""
    latest = -inf
    for word in run:
        latest = max(latest, _end(word)) if isinstance(word, Packet) else latest
        yield latest, stream, word


Run: TypeAlias = tuple[StreamId, Iterator[Packet | Dropped]]


def _runs(settings: ArchiveSettings) -> tuple[list[Dropped], list[Run]]:
    """What is not a record, and a reader for each selected stream."""
    path = Path(settings.path)
    plain = [path] if path.is_file() else sorted(path.glob("*.mseed"))
    lost: list[Dropped] = []
    records: dict[StreamId, Callable[[int], Iterator[Packet | Dropped]]] = {}
    if plain:
        places, lost = miniseed_index.scan(plain)
        for stream, there in places.items():
            records[stream] = partial(miniseed_index.read, plain, there)
    else:
        for stream, files in _days(path, settings).items():
            records[stream] = partial(_one_after_the_other, files)
    wanted = [stream for stream in sorted(records) if _matches(str(stream), settings)]
    chunk = min(miniseed_file.CHUNK, max(LEAST_CHUNK, AHEAD // max(1, len(wanted))))
    return lost, [(stream, _cut(records[stream](chunk), settings)) for stream in wanted]


def _days(root: Path, settings: ArchiveSettings) -> dict[StreamId, list[Path]]:
    """The files of each stream for the days asked for, in order."""
    days: dict[StreamId, list[Path]] = defaultdict(list)
    for file, stream, day in sds.files(root):
        if _near(day, settings):
            days[stream].append(file)
    return days


def _one_after_the_other(files: Iterable[Path], chunk: int) -> Iterator[Packet | Dropped]:
    for file in files:
        yield from miniseed_file.read(file, chunk)


def _cut(
    records: Iterator[Packet | Dropped], settings: ArchiveSettings
) -> Iterator[Packet | Dropped]:
    """The part of a stream between begin and end, as packets."""
    begin, end = _time(settings.begin, -inf), _time(settings.end, inf)
    packetizer = Packetizer(settings.packet_s) if settings.packet_s else None
    for word in records:
        if isinstance(word, Packet) and not begin <= word.start < end:
            continue
        if isinstance(word, Dropped) or packetizer is None:
            yield word
        else:
            yield from packetizer.feed(word)
    if packetizer is not None:
        yield from packetizer.end()


def _near(day: float, settings: ArchiveSettings) -> bool:
    """Whether a day's file may overlap the time asked for."""
    begin, end = _time(settings.begin, -inf), _time(settings.end, inf)
    return day + sds.DAY > begin and day - OVERLAP * sds.DAY < end


def _matches(stream: str, settings: ArchiveSettings) -> bool:
    return any(fnmatchcase(stream, pattern) for pattern in settings.streams)


def _time(at: datetime | None, default: float) -> float:
    """POSIX seconds of a datetime, which is UTC where it names no zone."""
    if at is None:
        return default
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()


def _end(packet: Packet) -> float:
    return packet.start + (len(packet.samples) - 1) / packet.rate


def _open(settings: ArchiveSettings) -> Sequence[Source]:
    if not Path(settings.path).exists():
        raise ConfigError(f"sources: archive: path: {settings.path} does not exist")
    return [ArchiveSource(settings)]


CARD = Card("archive", ArchiveSettings, _open, exposure.none)
