"""Recorded samples cut into packets as a digitiser sends them.

Digitisers do not cut packets in phase with each other; here the station's code sets the phase.
"""

import math
from collections.abc import Iterator
from zlib import crc32

import numpy as np
from msgspec.structs import replace

from forewave.formats.waveforms.segments import TIME_TOLERANCE
from forewave.types import Packet, Samples


def packet_sizes(run: Packet, packet_s: float) -> tuple[int, int]:
    """Number of samples of the first packet of a contiguous run, and of all later ones."""
    size = max(1, round(packet_s * run.rate))
    phase = crc32(run.stream.code.encode()) / 2**32
    until = (math.ceil(run.start / packet_s - phase) + phase) * packet_s - run.start
    return min(max(1, round(until * run.rate)), size), size


class Packetizer:
    """Cuts records of one stream, joined where contiguous, into packets of `packet_s` seconds."""

    def __init__(self, packet_s: float) -> None:
        self._packet_s = packet_s
        self._rest: Packet | None = None  # samples that do not fill a packet yet
        self._run: Packet | None = None  # the first record of the contiguous run
        self._given = 0  # samples of the run that have been output
        self._first = self._size = 1

    def feed(self, record: Packet) -> Iterator[Packet]:
        """Complete packets. A gap, an overlap or another sample rate ends the last one early."""
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
        """The remaining samples, as one packet."""
        if self._rest is not None and len(self._rest.samples):
            yield self._rest
        self._run = self._rest = None

    def _continues(self, record: Packet) -> bool:
        assert self._run is not None
        assert self._rest is not None
        run, due = self._run, self._given + len(self._rest.samples)
        late = (run.start + due / run.rate - record.start) * record.rate
        alike = record.samples.dtype == run.samples.dtype and record.calibration == run.calibration
        return (
            abs(late) <= TIME_TOLERANCE and alike and abs(run.rate - record.rate) < 1e-4 * run.rate
        )


def _like(run: Packet, given: int, samples: Samples) -> Packet:
    return replace(run, start=run.start + given / run.rate, samples=samples)
