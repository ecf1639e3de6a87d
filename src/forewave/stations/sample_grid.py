"""Places packets of one component on the sample grid: gaps, overlaps, clock drift.

A packet is placed by its start time relative to the time when the next sample is due, within half a
sample. Missing samples become nan and samples already received are cut off, so that a component
gets every sample once and in order.
"""

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.types import Packet

LONGEST_GAP = 60.0


class Placed(Struct):
    """Samples for the component, preceded by nan where samples are missing.

    restart: the index at which the component must restart (first packet, or a gap over a minute).
    """

    samples: NDArray[np.float64]
    missing: int
    known: int
    restart: int | None


class Clockwork(Struct):
    """Time of the samples of a component: anchor time, anchor index, rate; index of the next."""

    time: float
    index: int
    rate: float
    head: int

    def at(self, index: float) -> float:
        """The time of a sample."""
        return self.time + (index - self.index) / self.rate

    def place(self, packet: Packet) -> Placed:
        """Place a packet and advance the head. `known`: samples already received."""
        count = len(packet.samples)
        step = round((packet.start - self.at(self.head)) * self.rate)
        if step != 0:
            self.time, self.index = packet.start, self.head + step
        if step > LONGEST_GAP * self.rate:
            restart = self.head + step
            self.head = restart + count
            return Placed(packet.samples.astype(np.float64), step, 0, restart)
        known = min(count, max(0, -step))
        gap = max(0, step)
        self.head += gap + count - known
        samples = packet.samples[known:].astype(np.float64)
        if gap:
            samples = np.concatenate([np.full(gap, np.nan), samples])
        return Placed(samples, gap, known, None)


def begin(packet: Packet, rate: float, beside: Clockwork | None) -> Clockwork:
    """The clock for a component's first packet, on the grid of one that is running.

    Without one, index 0 of the grid is 1970-01-01 at the nominal rate.
    """
    if beside is None:
        index = round(packet.start * rate)
    else:
        index = beside.index + round((packet.start - beside.time) * beside.rate)
    return Clockwork(packet.start, index, packet.rate, index)
