"""Where the records of each stream are in miniSEED files, to read every stream by itself in time.

A file may hold one stream after the other, or all of them mixed. It is gone through once for the
heads of its records; of each, 32 bytes are kept, a sixteenth of a usual record.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from forewave.formats.waveforms import miniseed, miniseed_file
from forewave.types import Dropped, Packet, StreamId


class Places:
    """The records of one stream: (n,) begin times, files (by number), first bytes and lengths."""

    def __init__(self) -> None:
        self.starts, self.files = array("d"), array("q")
        self.first, self.lengths = array("q"), array("q")

    def add(self, head: miniseed.Head, file: int, begin: int) -> None:
        """A record; begin: the byte of the file from which the head counts."""
        self.starts.append(head.start)
        self.files.append(file)
        self.first.append(begin + head.at)
        self.lengths.append(head.length)


def scan(files: Iterable[Path]) -> tuple[dict[StreamId, Places], list[Dropped]]:
    """The places of every stream, and what is no record."""
    streams: dict[StreamId, Places] = {}
    lost: list[Dropped] = []
    for number, file in enumerate(files):
        for block in miniseed_file.blocks(file):
            if isinstance(block, Dropped):
                lost.append(block)
                continue
            for head in miniseed.heads(block[1]):
                if isinstance(head, Dropped):
                    lost.append(head)
                else:
                    streams.setdefault(head.stream, Places()).add(head, number, block[0])
    return streams, lost


def read(files: Sequence[Path], places: Places, chunk: int) -> Iterator[Packet | Dropped]:
    """A stream's records by begin time, as packets; some `chunk` bytes are read at once."""
    order = np.argsort(np.frombuffer(places.starts), kind="stable").tolist()
    batch: list[int] = []
    size = 0
    for number in order:
        batch.append(number)
        size += places.lengths[number]
        if size >= chunk:
            yield from _decoded(files, places, batch)
            batch, size = [], 0
    yield from _decoded(files, places, batch)


def _decoded(
    files: Sequence[Path], places: Places, batch: Sequence[int]
) -> Iterator[Packet | Dropped]:
    try:
        data = b"".join(_bytes(files, places, batch))
    except OSError as error:
        yield Dropped(files[0].name, "unreadable file", error.strerror or str(error))
        return
    packets, dropped = miniseed.packets(data)
    yield from packets
    yield from dropped


def _bytes(files: Sequence[Path], places: Places, batch: Sequence[int]) -> Iterator[bytes]:
    """Of each record, those that lie one after the other in one go."""
    at = 0
    while at < len(batch):
        file, first = places.files[batch[at]], places.first[batch[at]]
        end = first
        while at < len(batch) and (places.files[batch[at]], places.first[batch[at]]) == (file, end):
            end += places.lengths[batch[at]]
            at += 1
        with files[file].open("rb") as source:
            source.seek(first)
            yield source.read(end - first)
