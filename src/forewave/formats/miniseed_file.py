"""A miniSEED file of any size, piece by piece: an archive's day may be larger than memory."""

from collections.abc import Iterator
from pathlib import Path

from pymseed.clib import clibmseed as libmseed
from pymseed.clib import ffi

from forewave.formats import miniseed
from forewave.types import Dropped, Packet

CHUNK = 1 << 20  # bytes at once; larger than any record that is in use
HEAD = 128  # bytes by which a record shows its length


def read(file: Path, chunk: int = CHUNK) -> Iterator[Packet | Dropped]:
    """Every record as a packet, in file order, and what could not be read.

    A file that cannot be opened, or not to its end, is one Dropped.
    """
    try:
        with file.open("rb") as source:
            rest = b""
            while block := source.read(chunk):
                data = rest + block
                whole = _whole(data)
                rest = data[whole:]
                yield from _words(data[:whole])
            yield from _words(rest)
    except OSError as error:
        yield Dropped(file.name, "unreadable file", error.strerror or str(error))


def _words(data: bytes) -> Iterator[Packet | Dropped]:
    if data:
        packets, dropped = miniseed.packets(data)
        yield from packets
        yield from dropped


def _whole(data: bytes) -> int:
    """Bytes up to the first record that is cut off by the end of `data`; all where none is known.

    What is no record is left to the reader, which finds the next head.
    """
    buffer, version, at = ffi.from_buffer(data), ffi.new("uint8_t *"), 0
    while len(data) - at >= HEAD:
        length = libmseed.ms3_detect(buffer + at, len(data) - at, version)
        if length < 0:
            return len(data)
        if length == 0 or at + length > len(data):
            return at
        at += length
    return at
