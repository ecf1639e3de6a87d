"""What one gateway process gains if it addresses alerts by cell: a model, built into no gateway.

Sending to all, the last affected client is, at worst, the last of all. Addressed by cell, only the
affected are sent to, so that the time shrinks with their share. Finding them costs next to nothing:
one entry of a dictionary a cell.
"""

from msgspec import Struct

from forewave.evaluate.bench.tree.costs import Costs

CLIENTS = (1000, 5000, 20_000, 100_000)
SHARES = (0.1, 0.01)  # of the clients that are affected


class Gain(Struct, frozen=True):
    """ms until the last affected client of one process. to_cells: for each of SHARES."""

    clients: int
    to_all: float
    to_cells: tuple[float, ...]


def gains(costs: Costs) -> list[Gain]:
    """The times for each of CLIENTS."""
    return [
        Gain(n, _ms(n, costs), tuple(_ms(n * share, costs) for share in SHARES)) for n in CLIENTS
    ]


def _ms(clients: float, costs: Costs) -> float:
    return clients * costs.deliver_us / 1000.0
