"""The records of an SDS archive that a request asks for, read and cut block by block."""

import os
import re
from collections.abc import Iterator, Sequence
from math import ceil, floor
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from forewave.archive.web_services.refusal import RefusedError
from forewave.archive.web_services.selection import Selection
from forewave.formats.waveforms import miniseed, miniseed_file, sds
from forewave.types import Dropped, Packet

MOST_FILES = 10_000  # of a request
MOST_BYTES = 100_000_000  # of an answer: a page server ends one that takes more than a minute
CHUNK = 1 << 18  # bytes that are read at once
DENSEST = 2.0  # samples a byte: Steim-2 has at most seven in four bytes
YEAR = re.compile(r"[0-9]{4}")


class DayFile(Struct, frozen=True, order=True):
    """A file of which records from `begin` to `end` are wanted, POSIX seconds. size: bytes."""

    path: str
    begin: float
    end: float
    size: int


def day_files(root: Path, selections: Sequence[Selection]) -> list[DayFile]:
    """The files that may have what is asked for, in order.

    Raises RefusedError where these are too many, or too long.
    """
    found = sorted({file for each in selections for file in _of(root, each)})
    total = sum(file.size * min(1.0, (file.end - file.begin) / sds.DAY) for file in found)
    if total > MOST_BYTES:
        why = f"about {total / 1e6:.0f} MB, at most {MOST_BYTES / 1e6:.0f} MB at once"
        raise RefusedError(413, f"{why}: ask for fewer streams or less time")
    return found


def records(files: Sequence[DayFile]) -> Iterator[bytes]:
    """Whole records in pieces of about CHUNK bytes; those at the edges are cut to the sample.

    What cannot be read is left out.
    """
    for file in files:
        for block in miniseed_file.blocks(Path(file.path), CHUNK):
            if not isinstance(block, Dropped) and (data := _within(block[1], file)):
                yield data


def _within(data: bytes, file: DayFile) -> bytes:
    kept: list[bytes] = []
    for head in miniseed.heads(data):
        if isinstance(head, Dropped) or head.start > file.end:
            continue
        last = head.start + DENSEST * head.length / head.rate
        if last < file.begin:
            continue
        record = data[head.at : head.at + head.length]
        whole = head.start >= file.begin and last <= file.end
        kept.append(record if whole else _cut(record, file))
    return b"".join(kept)


def _cut(record: bytes, file: DayFile) -> bytes:
    """The samples of a record from begin to end, both included."""
    packets, _ = miniseed.packets(record)
    if len(packets) != 1:
        return b""
    packet = packets[0]
    nearly = 1e-6 * packet.rate  # miniSEED 2 keeps microseconds
    first = max(0, ceil((file.begin - packet.start) * packet.rate - nearly))
    last = floor((file.end - packet.start) * packet.rate + nearly)
    if first == 0 and last >= len(packet.samples) - 1:
        return record
    samples = packet.samples[first : last + 1]
    start = packet.start + first / packet.rate
    return _encoded(replace(packet, samples=samples, start=start)) if len(samples) else b""


def _encoded(packet: Packet) -> bytes:
    version: Literal[2, 3] = 2 if miniseed.fits_2(packet.stream) else 3
    return miniseed.encode([packet], version)


def _of(root: Path, selection: Selection) -> Iterator[DayFile]:
    assert selection.begin is not None
    assert selection.end is not None
    count = 0
    for path in _paths(root, selection):
        known = sds.named(path)
        if known is None or not selection.has(known[0]):
            continue
        stream_day = known[1]
        # A record may begin before midnight by part of a sample, and end after it.
        if stream_day > selection.end or stream_day + sds.DAY < selection.begin:
            continue
        count += 1
        if count > MOST_FILES:
            raise RefusedError(413, f"more than {MOST_FILES} day files: ask for less")
        try:
            size = path.stat().st_size
        except OSError:
            continue
        begin = max(selection.begin, stream_day - 1.0)
        end = min(selection.end, stream_day + sds.DAY + 1.0)
        yield DayFile(str(path), begin, end, size)


def _paths(root: Path, selection: Selection) -> Iterator[Path]:
    """YEAR/NET/STA/CHAN.D/*; only folders whose names fit are opened."""
    assert selection.begin is not None
    assert selection.end is not None
    for year in _folders(root):
        if not YEAR.fullmatch(year.name) or not _has_year(selection, int(year.name)):
            continue
        for network in _matching(year, selection.network):
            for station in _matching(network, selection.station):
                for channel in _folders(station):
                    code, _, kind = channel.name.rpartition(".")
                    if kind == "D" and selection.channel.fullmatch(code):
                        yield from _entries(channel, folders=False)


def _has_year(selection: Selection, year: int) -> bool:
    first = sds.named(Path(f"X.X..X.D.{year:04d}.001"))
    assert selection.begin is not None
    assert selection.end is not None
    if first is None:
        return False
    return first[1] <= selection.end and first[1] + 367 * sds.DAY >= selection.begin


def _matching(folder: Path, pattern: re.Pattern[str]) -> Iterator[Path]:
    return (each for each in _folders(folder) if pattern.fullmatch(each.name))


def _folders(folder: Path) -> list[Path]:
    return _entries(folder, folders=True)


def _entries(folder: Path, *, folders: bool) -> list[Path]:
    """In order; links are not followed, so that nothing outside the archive is served."""
    try:
        with os.scandir(folder) as found:
            return sorted(
                Path(each.path)
                for each in found
                if (each.is_dir if folders else each.is_file)(follow_symlinks=False)
            )
    except OSError:
        return []
