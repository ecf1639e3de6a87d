"""forewave's own packet format on message brokers: miniSEED records, or one JSON object.

{"stream": "XX.ABC.00.HNZ", "start": 1582315130.25, "rate": 100, "samples": [14168, ...],
"received": 1582315130.9}: start and received are POSIX seconds; received is optional. Integers
become int32, other numbers float64. For programs without a miniSEED writer.
"""

from math import isfinite

import msgspec
import numpy as np
from msgspec import Struct

from forewave.formats import codes
from forewave.formats.waveforms import miniseed
from forewave.types import Dropped, Packet, Samples

SOURCE = "message"  # source of a dropped message that names no station
FASTEST = 100_000.0  # samples/s
LATEST = 4_102_444_800.0  # 2100-01-01
LONGEST = 1_000_000  # samples
MOST_DROPPED = 20  # unreadable records of a message, after which reading stops


class _Message(Struct):
    stream: str
    start: float
    rate: float
    samples: list[float]
    received: float | None = None


class Received(Struct, frozen=True):
    """The content of a message. received: when the sender received it, if stated."""

    packets: list[Packet]
    dropped: list[Dropped]
    received: float | None = None


_DECODER = msgspec.json.Decoder(_Message)


def read(data: bytes) -> Received:
    """The packets of a message. Never raises on bad data."""
    if not data:
        return Received([], [Dropped(SOURCE, "empty packet")])
    if data.lstrip()[:1] != b"{":
        return Received(*miniseed.packets(data, MOST_DROPPED))
    try:
        message = _DECODER.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        return Received([], [Dropped(SOURCE, "not a packet", str(error)[:200])])
    parsed = _packet(message)
    if isinstance(parsed, Dropped):
        return Received([], [parsed])
    return Received([parsed], [], message.received)


def encode(packet: Packet, received: float | None = None) -> bytes:
    """The JSON of a packet."""
    content = {"stream": str(packet.stream), "start": packet.start, "rate": packet.rate}
    content["samples"] = packet.samples.tolist()
    return msgspec.json.encode(content | ({} if received is None else {"received": received}))


def _packet(message: _Message) -> Packet | Dropped:
    names = message.stream.split(".")
    stream = codes.stream(*names) if len(names) == 4 else None
    if stream is None or not message.stream.isprintable() or not codes.is_named(stream):
        return Dropped(SOURCE, "unreadable stream name", repr(message.stream)[:80])
    if not (0.0 < message.rate <= FASTEST and 0.0 < message.start < LATEST):
        detail = f"{message.rate:g} samples/s at {message.start:.0f}"
        return Dropped(message.stream, "impossible time or rate", detail)
    if not 0 < len(message.samples) <= LONGEST:
        return Dropped(message.stream, "empty packet" if not message.samples else "packet too long")
    return Packet(stream, message.start, message.rate, _samples(message.samples))


def _samples(values: list[float]) -> Samples:
    """int32 if all values are integers that fit, otherwise float64."""
    samples = np.array(values, np.float64)
    whole = np.rint(samples)
    fits = isfinite(float(np.abs(samples).max())) and np.abs(samples).max() < 1 << 31
    if fits and np.array_equal(whole, samples):
        return whole.astype(np.int32)
    return samples
