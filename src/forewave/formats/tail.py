"""The tail's bytes: blocks of packets as they were given on to the stations, with when.

    block = length (4 bytes, lowest first), time of its last piece (8), MessagePack of pieces

A file that was cut off in a block is read up to it. Old blocks are passed over, and samples stay
bytes until somebody wants them: a restart has no time for half a million packets.
"""

from collections.abc import Iterable, Iterator
from struct import Struct as Layout
from typing import Literal, TypeAlias, cast

import msgspec
import numpy as np
from msgspec import Struct

from forewave.types import Packet, StreamId

_HEAD = Layout("<Id")


Kind: TypeAlias = Literal["<i4", "<f4", "<f8"]


class Piece(Struct, frozen=True, array_like=True, gc=False):
    """A packet on disk. now: when it was given on. kind: numpy's name of the samples' type."""

    now: float
    network: str
    station: str
    location: str
    channel: str
    start: float
    rate: float
    kind: Kind
    samples: bytes

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
    return _HEAD.pack(len(block), pieces[-1].now) + block


def read(data: bytes, since: float) -> Iterator[list[Piece]]:
    """The blocks of a file that reach beyond a time, up to where it ends or was cut off."""
    view, at = memoryview(data), 0
    while len(view) - at >= _HEAD.size:
        length, last = _HEAD.unpack_from(view, at)
        at += _HEAD.size
        if length > len(view) - at:
            return
        if last >= since:
            try:
                yield _DECODER.decode(view[at : at + length])
            except msgspec.MsgspecError:
                return
        at += length


def end_of(piece: Piece) -> float:
    """When its next sample is due."""
    return piece.start + len(piece.samples) / int(piece.kind[2]) / piece.rate


def packet(piece: Piece) -> Packet:
    """As it was given on."""
    stream = StreamId(piece.network, piece.station, piece.location, piece.channel)
    return Packet(stream, piece.start, piece.rate, np.frombuffer(piece.samples, piece.kind))


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
    )
