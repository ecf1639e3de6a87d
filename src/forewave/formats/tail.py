"""The tail's bytes: blocks of packets as they were given on to the stations, with when.

    block = length, CRC-32 of what follows (both 4 bytes, lowest first), time of its last piece (8),
            MessagePack of pieces

A file that was cut off in a block is read up to it. A block that is not what was written is a fault
of the whole file, and stations begin cold. Old blocks are passed over, and samples stay bytes until
somebody wants them: a restart has no time for half a million packets.
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


class Piece(Struct, frozen=True, array_like=True, gc=False):
    """A packet on disk. now: when it was given on. kind: numpy's name of the samples' type."""

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
        """The station's, "NET.STA"."""
        return f"{self.network}.{self.station}"


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(list[Piece])


def encode(given: Iterable[tuple[float, Packet]]) -> bytes:
    """A block of packets, at least one, each after the time at which it was given on."""
    pieces = [_piece(now, packet) for now, packet in given]
    block = _ENCODER.encode(pieces)
    last = pieces[-1].now
    return _HEAD.pack(len(block), _checksum(last, block), last) + block


def read(data: bytes, since: float) -> Iterator[list[Piece]]:
    """The blocks of a file that reach beyond a time, up to where it ends or was cut off.

    Raises FormatError at a block that is not what was written.
    """
    view, at = memoryview(data), 0
    while len(view) - at >= _HEAD.size:
        length, checksum, last = _HEAD.unpack_from(view, at)
        at += _HEAD.size
        if not 0 < length <= len(view) - at:  # cut off; zeros: the disk had no time for it
            return
        block = view[at : at + length]
        if last >= since or not math.isfinite(last):
            yield _pieces(block, checksum, last)
        at += length


def _pieces(block: memoryview, checksum: int, last: float) -> list[Piece]:
    if _checksum(last, block) != checksum:
        raise FormatError("tail: a block is not what was written")
    try:
        return _DECODER.decode(block)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise FormatError(f"tail: {error}") from None


def _checksum(last: float, block: bytes | memoryview) -> int:
    return zlib.crc32(block, zlib.crc32(_TIME.pack(last)))


def end_of(piece: Piece) -> float:
    """When its next sample is due."""
    return piece.start + len(piece.samples) / int(piece.kind[2]) / piece.rate


def packet(piece: Piece) -> Packet:
    """As it was given on."""
    stream = StreamId(piece.network, piece.station, piece.location, piece.channel)
    samples = np.frombuffer(piece.samples, piece.kind)
    return Packet(stream, piece.start, piece.rate, samples, piece.calibration, piece.vouched)


def _piece(now: float, given: Packet) -> Piece:
    stream, samples = given.stream, given.samples
    return Piece(
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
