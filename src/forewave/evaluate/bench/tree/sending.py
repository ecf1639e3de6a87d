"""When a worker process sends to each of its clients: one after the other, and not above the wire.

A worker sends to the k-th client at k times the cost of a delivery. The network card of the node is
shared by its workers, and limits them to its rate.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Order = Literal["nearest", "random"]


def positions(clients: int, samples: int) -> Floats:
    """Evenly spaced positions in the order of sending, from 1; the last client is among them.

    All positions if samples >= clients.
    """
    count = min(clients, samples)
    return np.ceil(np.arange(1, count + 1) * (clients / count) - 1e-9) if count else np.empty(0)


def sent_ms(
    position: Floats, deliver_us: float, workers: int, wire_bytes: float, gbit_s: float
) -> Floats:
    """ms from when a worker begins until it has sent to the client at each position."""
    processor = position * deliver_us / 1000.0
    wire = position * workers * wire_bytes * 8.0 / (gbit_s * 1e6)
    return np.maximum(processor, wire)


def distance_ranks(position: Floats, order: Order, random: np.random.Generator) -> Floats:
    """How near the client at each position is: the share of the worker's clients that are nearer.

    nearest: the order of sending is that of distance. random: it has nothing to do with it.
    """
    ranks = (position - 0.5) / max(float(position[-1]) if position.size else 1.0, 1.0)
    return ranks if order == "nearest" else random.permutation(ranks)
