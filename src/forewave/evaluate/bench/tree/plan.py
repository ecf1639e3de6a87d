"""The three sizes of the plan, and what is assumed of machines and networks."""

import math

from msgspec import Struct

from forewave.evaluate.bench.tree.sending import Order

JITTER_S = 5.0


class Plan(Struct, frozen=True):
    """How many devices, and the machines that hold them.

    devices: connected. affected: of these, at once. regions: of equal size; the affected are in
    one. per_node: connections of a gateway machine; workers: its processes, one a core. memory_gb,
    gbit_s: of the machine and its network card. spare: share of further machines, so that the rest
    can hold the clients of a region's failed ones. updates: messages of one event to a device.
    addressed: alerts go to the cells that are affected; else to every device of the region, which
    decides itself. order: of sending within a worker. failed: share of the region's machines whose
    gateways die at the moment of the alert, so that their kernels close the connections at once (a
    machine that loses its power is noticed later, by a missing heartbeat). jitter_s: of the attempt
    to connect again. admit_per_core_s: limit of admissions a core. heartbeat_s: interval of a
    device's heartbeats.

    Assumed of the network: trunk_ms, trunk_sigma: log-normal delay from the origin to a machine.
    handover_ms: from a machine's connection to its workers, by Unix socket. heartbeat_us: processor
    time of a heartbeat with TLS.
    """

    name: str
    devices: int
    affected: int
    regions: int
    per_node: int
    workers: int
    memory_gb: float
    gbit_s: float = 10.0
    spare: float = 0.15
    updates: int = 10
    addressed: bool = True
    order: Order = "nearest"
    failed: float = 0.0
    jitter_s: float = JITTER_S
    admit_per_core_s: float = 500.0
    heartbeat_s: float = 240.0
    trunk_ms: float = 30.0
    trunk_sigma: float = 0.5
    handover_ms: float = 0.2
    heartbeat_us: float = 30.0

    @property
    def nodes(self) -> int:
        """Gateway machines that hold all connections, without the spare ones."""
        return self.regions * self.region_nodes

    @property
    def region_nodes(self) -> int:
        """Gateway machines of one region."""
        return math.ceil(self.devices / self.regions / self.per_node)

    @property
    def failed_nodes(self) -> int:
        """Of the region's machines: at least one, if any fail."""
        return math.ceil(self.failed * self.region_nodes)

    @property
    def spare_nodes(self) -> int:
        """Further gateway machines, in all regions."""
        return math.ceil(self.spare * self.nodes)

    @property
    def served(self) -> int:
        """Clients of one worker to which an alert goes, rounded up."""
        devices = self.affected if self.addressed else self.devices / self.regions
        return math.ceil(devices / self.region_nodes / self.workers)


PLANS = (
    Plan("1 M", 1_000_000, 1_000_000, 1, 100_000, 8, 16.0),
    Plan("100 M", 100_000_000, 10_000_000, 3, 250_000, 16, 32.0),
    Plan("1 B", 1_000_000_000, 50_000_000, 8, 250_000, 16, 32.0),
)
