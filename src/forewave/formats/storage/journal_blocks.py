"""File format of the recent-packet journal: blocks of merged packets, with the time of each.

    block = length, CRC-32 of what follows (both 4 bytes, little-endian), time of its last packet
            (8), MessagePack of packets

A file that ends within a block is read up to that block. A damaged block invalidates the whole
file, and stations start without history. Old blocks are skipped, and samples stay bytes until they
are used, since a restart has no time to decode half a million packets.
"""

import math
import zlib
from collections.abc import Iterable, Iterator
from struct import Struct as Layout
from typing import Annotated, Literal, TypeAlias, cast

import msgspec
import numpy as np
from msgspec import Meta, Struct

from forewave.errors import FormatError
from forewave.types import Packet, StreamId

_HEAD = Layout("<IId")
_TIME = Layout("<d")


Kind: TypeAlias = Literal["<i4", "<f4", "<f8"]


class JournalPacket(Struct, frozen=True, array_like=True, gc=False):
    """A packet on disk. now: when its station received it. kind: NumPy name of the sample type."""

    now: float
    network: str
    station: str
    location: str
    channel: str
    start: float
    rate: Annotated[float, Meta(gt=0.0)]
    kind: Kind
    samples: bytes
    calibration: bool = False
    vouched: bool = True

    @property
    def code(self) -> str:
        """Code of the station, "NET.STA"."""
        return f"{self.network}.{self.station}"


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(list[JournalPacket])


def encode(given: Iterable[tuple[float, Packet]]) -> bytes:
    """A block of at least one packet, each with the time at which its station received it."""
    packets = [_stored(now, packet) for now, packet in given]
    block = _ENCODER.encode(packets)
    last = packets[-1].now
    return _HEAD.pack(len(block), _checksum(last, block), last) + block


def read(data: bytes, since: float) -> Iterator[list[JournalPacket]]:
    """The blocks of a file that end after a time, up to its end or an incomplete block.

    Raises FormatError at a damaged block.
    """
    view, at = memoryview(data), 0
    while len(view) - at >= _HEAD.size:
        length, checksum, last = _HEAD.unpack_from(view, at)
        at += _HEAD.size
        if not 0 < length <= len(view) - at:  # incomplete; zeros: not yet on the disk
            return
        block = view[at : at + length]
        if last >= since or not math.isfinite(last):
            yield _decoded(block, checksum, last)
        at += length


def _decoded(block: memoryview, checksum: int, last: float) -> list[JournalPacket]:
    if _checksum(last, block) != checksum:
        raise FormatError(f"packet journal: damaged block of {len(block)} bytes (checksum)")
    try:
        return _DECODER.decode(block)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise FormatError(f"packet journal: {error}") from None


def _checksum(last: float, block: bytes | memoryview) -> int:
    return zlib.crc32(block, zlib.crc32(_TIME.pack(last)))


def end_of(stored: JournalPacket) -> float:
    """Time of the sample after the last one, POSIX seconds."""
    return stored.start + len(stored.samples) / int(stored.kind[2]) / stored.rate


def packet(stored: JournalPacket) -> Packet:
    """The packet as its station received it."""
    stream = StreamId(stored.network, stored.station, stored.location, stored.channel)
    samples = np.frombuffer(stored.samples, stored.kind)
    return Packet(stream, stored.start, stored.rate, samples, stored.calibration, stored.vouched)


def _stored(now: float, given: Packet) -> JournalPacket:
    stream, samples = given.stream, given.samples
    return JournalPacket(
        now,
        stream.network,
        stream.station,
        stream.location,
        stream.channel,
        given.start,
        given.rate,
        cast(Kind, samples.dtype.str),
        samples.tobytes(),
        given.calibration,
        given.vouched,
    )
