"""Raspberry Shake's UDP datacast: {'EHZ', 1582315130.292, 14168, 14927, ...}.

A datagram is one channel's next quarter of a second: its name, the time of the first sample, and
integers. It names neither station nor rate, which the receiver must know.
"""

import re

import numpy as np

from forewave.types import Dropped, Packet, StreamId

DATAGRAM = re.compile(
    rb"\s*\{\s*['\"]([A-Z0-9]{3})['\"]\s*,\s*([0-9]{1,12}(?:\.[0-9]{1,12})?)"
    rb"((?:\s*,\s*-?[0-9]{1,10})+)\s*,?\s*\}\s*"
)
LONGEST = 65_535  # bytes; the longest datagram
LATEST = 4_102_444_800.0  # 2100-01-01
WIDEST = 1 << 31


def packet(data: bytes, station: str, rate: float, location: str = "00") -> Packet | Dropped:
    """The datagram of `station` ("NET.STA") as a packet of (n,) int32. Never raises on bad data."""
    match = DATAGRAM.fullmatch(data) if len(data) <= LONGEST else None
    if match is None:
        return Dropped(station, "not a Raspberry Shake datagram", repr(data[:40]))
    channel, start = match[1].decode(), float(match[2])
    samples = np.array(match[3].split(b",")[1:], dtype=np.float64)
    network, _, name = station.partition(".")
    stream = StreamId(network, name, location, channel)
    fits = samples.min() >= -WIDEST and samples.max() < WIDEST
    if not (0.0 < start < LATEST and fits):
        return Dropped(str(stream), "impossible time or value", f"{start:.0f}")
    return Packet(stream, start, rate, samples.astype(np.int32))


def encode(given: Packet) -> bytes:
    """The datagram of a packet, with its time in milliseconds as the devices send it."""
    numbers = ", ".join(map(str, given.samples.tolist()))
    return f"{{'{given.stream.channel}', {given.start:.3f}, {numbers}}}".encode()
