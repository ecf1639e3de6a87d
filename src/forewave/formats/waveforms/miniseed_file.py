"""A miniSEED file of any size, read in blocks: a day of an archive may be larger than memory."""

from collections.abc import Iterator
from pathlib import Path

from pymseed.clib import clibmseed as libmseed
from pymseed.clib import ffi

from forewave.formats.waveforms import miniseed
from forewave.types import Dropped, Packet

CHUNK = 1 << 20  # bytes read at once; larger than any record in use
HEAD = 128  # bytes of a record from which its length is known


def read(file: Path, chunk: int = CHUNK) -> Iterator[Packet | Dropped]:
    """Every record as a packet, in file order, and what could not be read.

    A file that cannot be opened, or not to its end, is one Dropped.
    """
    for block in blocks(file, chunk):
        if isinstance(block, Dropped):
            yield block
            continue
        packets, dropped = miniseed.packets(block[1])
        yield from packets
        yield from dropped


def blocks(file: Path, chunk: int = CHUNK) -> Iterator[tuple[int, bytes] | Dropped]:
    """(first byte, whole records) of a file, in order.

    It is open only while a block is read: thousands may be read at a time, but few may be open.
    """
    begin, rest = 0, b""
    if file.is_fifo():  # opening it would block until another process writes
        yield Dropped(file.name, "unreadable file", "expected a file, found a named pipe")
        return
    while True:
        try:
            with file.open("rb") as source:
                source.seek(begin + len(rest))
                block = source.read(chunk)
        except OSError as error:
            yield Dropped(file.name, "unreadable file", error.strerror or str(error))
            return
        data = rest + block
        whole = _whole(data) if block else len(data)
        if whole:
            yield begin, data[:whole]
        if not block:
            return
        begin, rest = begin + whole, data[whole:]


def _whole(data: bytes) -> int:
    """Bytes up to the first record that is cut off by the end of `data`.

    Other bytes are left to the decoder, which finds the next header in the same way.
    """
    buffer, version, at = ffi.from_buffer(data), ffi.new("uint8_t *"), 0
    while len(data) - at >= HEAD:
        length = libmseed.ms3_detect(buffer + at, len(data) - at, version)
        if length == 0 or at + length > len(data):
            return at
        if length < 0:  # the next header may be cut off, too
            length = min(miniseed.next_head(data, at), len(data) - HEAD + 1) - at
        at += length
    return at
