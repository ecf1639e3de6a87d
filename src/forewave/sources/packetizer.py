"""Recorded samples cut into packets as a digitiser sends them.

Real digitisers do not cut in step, nor is it done here: each station's code sets its phase.
"""

import math
from collections.abc import Iterator
from zlib import crc32

import numpy as np
from msgspec.structs import replace

from forewave.formats.segments import TEAR
from forewave.types import Packet, Samples


def packet_sizes(run: Packet, packet_s: float) -> tuple[int, int]:
    """Samples of the first packet of a contiguous run, which begins anywhere, and of all others."""
    size = max(1, round(packet_s * run.rate))
    phase = crc32(run.stream.code.encode()) / 2**32
    until = (math.ceil(run.start / packet_s - phase) + phase) * packet_s - run.start
    return min(max(1, round(until * run.rate)), size), size


class Packetizer:
    """One stream's records, joined where they are contiguous, as packets of `packet_s` seconds."""

    def __init__(self, packet_s: float) -> None:
        self._packet_s = packet_s
        self._rest: Packet | None = None  # samples that are not enough for a packet
        self._run: Packet | None = None  # the record with which the contiguous run began
        self._given = 0  # samples of the run that have been given on
        self._first = self._size = 1

    def feed(self, record: Packet) -> Iterator[Packet]:
        """What is whole now. Before a gap, an overlap or another rate the rest goes by itself."""
        if self._run is None or self._rest is None or not self._continues(record):
            yield from self.end()
            self._run, self._rest, self._given = record, record, 0
            self._first, self._size = packet_sizes(record, self._packet_s)
        else:
            samples = np.concatenate([self._rest.samples, record.samples])
            self._rest = _like(self._run, self._given, samples)
        while len(self._rest.samples) >= (size := self._size if self._given else self._first):
            yield _like(self._run, self._given, self._rest.samples[:size])
            self._given += size
            self._rest = _like(self._run, self._given, self._rest.samples[size:])

    def end(self) -> Iterator[Packet]:
        """The rest."""
        if self._rest is not None and len(self._rest.samples):
            yield self._rest
        self._run = self._rest = None

    def _continues(self, record: Packet) -> bool:
        assert self._run is not None
        assert self._rest is not None
        run, due = self._run, self._given + len(self._rest.samples)
        late = (run.start + due / run.rate - record.start) * record.rate
        alike = record.samples.dtype == run.samples.dtype and record.calibration == run.calibration
        return abs(late) <= TEAR and alike and abs(run.rate - record.rate) < 1e-4 * run.rate


def _like(run: Packet, given: int, samples: Samples) -> Packet:
    return replace(run, start=run.start + given / run.rate, samples=samples)
