"""File format of the event log: blocks of entries, each with a checksum.

    block = length, CRC-32 (both 4 bytes, little-endian), then a part of the one deflate stream of
    the file, flushed: MessagePack of entries

All blocks share one stream, since a block alone is too short to compress well. A file that ends
within a block is read up to that block: only what a process was writing when it was killed is lost.
"""

import zlib
from collections.abc import Iterable, Iterator
from math import inf
from struct import Struct as Layout
from typing import BinaryIO, TypeAlias, get_args

import msgspec
from msgspec import Raw, Struct

from forewave.errors import FormatError
from forewave.formats import bounded
from forewave.formats.storage import codec
from forewave.types import Message, StationState

LONGEST = 1 << 26  # bytes of a block, compressed or not; more means a damaged length
_HEAD = Layout("<II")


class Began(Struct, frozen=True, tag=True, array_like=True):
    """A process started. now: POSIX seconds. setup: name of the file with its setup.

    since: its rooms were restored from the steps of this log from then on; None: they are new.
    """

    now: float
    setup: str
    since: float | None


class Goes(Struct, frozen=True, tag=True, array_like=True):
    """The same process continues in a new file. now: POSIX seconds. setup: as in Began."""

    now: float
    setup: str


class Step(Struct, frozen=True):
    """One step: observations and results in order; empty if only deadlines passed."""

    now: float
    words: tuple[Message, ...]


class Lost(Struct, frozen=True, tag=True, array_like=True):
    """Number of steps before it that could not be written; a replay is not exact from here on."""

    now: float
    steps: int


Entry: TypeAlias = Began | Goes | Step | Lost


class _CodedStep(Struct, frozen=True, tag="Moment", array_like=True):
    """A step with its items encoded. The tag is that of the file format."""

    now: float
    words: tuple[Raw, ...]


_STATE = msgspec.msgpack.encode((StationState.__name__,))  # how it begins, after one byte
_STEP = msgspec.msgpack.encode("Moment") + b"\xcb"  # what precedes the time of a step
_TIME = Layout(">d")
_OTHERS = [
    msgspec.msgpack.encode(codec.stored_name(kind))
    for kind in (*get_args(Message), Began, Goes, Lost)
    if kind is not StationState
]
_DECODER = msgspec.msgpack.Decoder(tuple[Began | Goes | _CodedStep | Lost, ...])


class Blocks:
    """Encodes the blocks of one file, in order."""

    def __init__(self) -> None:
        self._deflate = zlib.compressobj(level=1)

    def encode(self, entries: Iterable[Entry]) -> bytes:
        """The next block."""
        plain = msgspec.msgpack.encode([_coded(entry) for entry in entries])
        packed = self._deflate.compress(plain) + self._deflate.flush(zlib.Z_SYNC_FLUSH)
        return _HEAD.pack(len(packed), zlib.crc32(packed)) + packed


def read(file: BinaryIO, stateless: float = -inf) -> Iterator[Entry]:
    """The entries of a file, up to its end or an incomplete block.

    stateless: POSIX seconds; steps before it are read without station states, and dropped if they
    have nothing else. That saves most of the time, and old states are of no use.
    """
    inflate = zlib.decompressobj()
    while len(head := file.read(_HEAD.size)) == _HEAD.size:
        length, checksum = _HEAD.unpack(head)
        packed = file.read(length) if length <= LONGEST else b""
        if len(packed) < length or zlib.crc32(packed) != checksum:
            return
        with bounded.faults_of("event log"):
            plain = inflate.decompress(packed, LONGEST)
            if inflate.unconsumed_tail:
                raise FormatError(
                    f"event log: expected blocks of at most {LONGEST} bytes, found a larger one"
                )
            entries = () if _only_old_states(plain, stateless) else _DECODER.decode(plain)
        for entry in entries:
            if not isinstance(entry, _CodedStep):
                yield entry
            elif entry.now >= stateless:
                yield _plain(entry)
            elif rest := [word for word in entry.words if not _is_state(word)]:
                yield _plain(_CodedStep(entry.now, tuple(rest)))


def _coded(entry: Entry) -> Began | Goes | Lost | _CodedStep:
    if not isinstance(entry, Step):
        return entry
    return _CodedStep(entry.now, tuple(Raw(codec.encode(word)) for word in entry.words))


def _only_old_states(plain: bytes, stateless: float) -> bool:
    """Whether a block certainly has only station states before a time, without decoding it."""
    last = plain.rfind(_STEP)
    if last < 0 or _TIME.unpack_from(plain, last + len(_STEP))[0] >= stateless:
        return False
    return not any(name in plain for name in _OTHERS)


def _is_state(word: Raw) -> bool:
    return memoryview(word)[1 : len(_STATE)] == _STATE[1:]


def _plain(entry: _CodedStep) -> Step:
    return Step(entry.now, tuple(codec.decode(bytes(word)) for word in entry.words))
