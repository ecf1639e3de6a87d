"""Index of the records of each stream in miniSEED files, to read every stream in order of time.

A file may hold one stream after the other, or all of them interleaved. Its headers are read once;
32 bytes are kept of each record, a sixteenth of its usual size.
"""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from forewave.formats.waveforms import miniseed, miniseed_file
from forewave.types import Dropped, Packet, StreamId


class Records:
    """The records of one stream: (n,) start times, file numbers, first bytes and lengths."""

    def __init__(self) -> None:
        self.starts, self.files = array("d"), array("q")
        self.first, self.lengths = array("q"), array("q")

    def add(self, head: miniseed.Head, file: int, begin: int) -> None:
        """Add a record; begin: byte of the file that is byte 0 of the head."""
        self.starts.append(head.start)
        self.files.append(file)
        self.first.append(begin + head.at)
        self.lengths.append(head.length)


def scan(files: Iterable[Path]) -> tuple[dict[StreamId, Records], list[Dropped]]:
    """The records of every stream, and what could not be read."""
    streams: dict[StreamId, Records] = {}
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
                    streams.setdefault(head.stream, Records()).add(head, number, block[0])
    return streams, lost


def read(files: Sequence[Path], records: Records, chunk: int) -> Iterator[Packet | Dropped]:
    """The records of a stream as packets, by start time; about `chunk` bytes are read at once."""
    order = np.argsort(np.frombuffer(records.starts), kind="stable").tolist()
    batch: list[int] = []
    size = 0
    for number in order:
        batch.append(number)
        size += records.lengths[number]
        if size >= chunk:
            yield from _decoded(files, records, batch)
            batch, size = [], 0
    yield from _decoded(files, records, batch)


def _decoded(
    files: Sequence[Path], records: Records, batch: Sequence[int]
) -> Iterator[Packet | Dropped]:
    try:
        data = b"".join(_bytes(files, records, batch))
    except OSError as error:
        yield Dropped(files[0].name, "unreadable file", error.strerror or str(error))
        return
    packets, dropped = miniseed.packets(data)
    yield from packets
    yield from dropped


def _bytes(files: Sequence[Path], records: Records, batch: Sequence[int]) -> Iterator[bytes]:
    """The bytes of each record; adjacent records are read together."""
    at = 0
    while at < len(batch):
        file, first = records.files[batch[at]], records.first[batch[at]]
        end = first
        while at < len(batch) and (records.files[batch[at]], records.first[batch[at]]) == (
            file,
            end,
        ):
            end += records.lengths[batch[at]]
            at += 1
        with files[file].open("rb") as source:
            source.seek(first)
            yield source.read(end - first)
