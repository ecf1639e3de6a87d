"""One alert through the tree: when it reaches devices, and what that takes.

The order of machines on the trunk, the positions of clients in their worker and the last client of
every worker are exact. Delays are drawn: one for each machine on the trunk, one for each sampled
client on its last mile. Every worker contributes equally many clients at evenly spaced positions.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.evaluate.bench.tree import herd, last_mile, sending
from forewave.evaluate.bench.tree.costs import Costs
from forewave.evaluate.bench.tree.last_mile import DEVICES, Device
from forewave.evaluate.bench.tree.plan import Plan

Floats = NDArray[np.float64]
SAMPLES = 1_000_000  # clients
LEAST = 50  # clients of a worker, so that some are among its nearest
NEAREST = 0.04  # share of the affected: within a fifth of the radius
PERCENTILES = (50.0, 90.0, 99.0, 99.9)
MIX = "all of them, at night"


class Quantiles(Struct, frozen=True):
    """Time from publishing, in ms. within_1_s: share of the devices reached by then."""

    name: str
    p50: float
    p90: float
    p99: float
    p999: float
    within_1_s: float


class Outcome(Struct, frozen=True):
    """Times in ms from publishing.

    sent_p50, sent_last: until the gateways have sent to half and to the last of the devices that
    an alert goes to; nearest_p99: until they have sent to 99 % of the nearest 4 %. node_ms: of this
    the time that one machine spends sending. reconnected_ms: until the last device of the failed
    machines is connected again, with the alert; 0 without failures.
    """

    plan: Plan
    sent_p50: float
    sent_last: float
    nearest_p99: float
    node_ms: float
    reconnected_ms: float
    devices: tuple[Quantiles, ...]
    needs: "Needs"


class Needs(Struct, frozen=True):
    """What a plan takes. nodes and spare_nodes: gateway machines.

    memory_gb: of the connections of one node. egress_gb: of one event with all its updates.
    burst_gbit: that one node sends for one alert. heartbeats_s: of all devices, per second;
    heartbeat_cores: of one node. region_back_s: processor time to admit all devices of a region
    again, over the cores of half of another region's machines, in seconds.
    """

    nodes: int
    spare_nodes: int
    memory_gb: float
    egress_gb: float
    burst_gbit: float
    heartbeats_s: float
    heartbeat_cores: float
    region_back_s: float


def simulate(
    plan: Plan,
    costs: Costs,
    seed: int = 1,
    samples: int = SAMPLES,
    devices: Sequence[Device] = DEVICES,
) -> Outcome:
    """Deliver one alert.

    samples: about how many clients are drawn; all if there are fewer, and at least LEAST of each
    worker.

    Raises ValueError if all machines of the region fail.
    """
    if plan.failed_nodes >= plan.region_nodes:
        raise ValueError(f"{plan.name}: all {plan.region_nodes} machines of the region fail")
    random = np.random.default_rng(seed)
    began = _began_ms(plan, costs, random)
    each = max(LEAST, samples // (began.size * plan.workers))
    position = sending.positions(plan.served, each)
    sent = sending.sent_ms(position, costs.deliver_us, plan.workers, costs.wire_bytes, plan.gbit_s)
    times = (began[:, None, None] + sent).repeat(plan.workers, axis=1)
    ranks = np.stack(
        [
            sending.distance_ranks(position, plan.order, random)
            for _ in range(times.shape[0] * plan.workers)
        ]
    ).reshape(times.shape)
    back = _reconnected_ms(plan, costs, random)
    server = np.concatenate([times.ravel(), _sample(back, times.size, plan, random)])
    return Outcome(
        plan=plan,
        sent_p50=float(np.median(times)),
        sent_last=float(times.max()),
        nearest_p99=float(np.percentile(times[ranks <= max(NEAREST, ranks.min())], 99)),
        node_ms=float(sent[-1]),
        reconnected_ms=float(back.max(initial=0.0)),
        devices=_at_devices(server, devices, random),
        needs=needs(plan, costs),
    )


def _began_ms(plan: Plan, costs: Costs, random: np.random.Generator) -> Floats:
    """When the workers of each machine that has not failed have the alert."""
    alive = plan.region_nodes - plan.failed_nodes
    trunk = np.arange(1, alive + 1) * costs.trunk_us / 1000.0
    wide = plan.trunk_ms * np.exp(plan.trunk_sigma * random.standard_normal(alive))
    return np.asarray(trunk + wide + plan.handover_ms)


def _reconnected_ms(plan: Plan, costs: Costs, random: np.random.Generator) -> Floats:
    """When devices of the failed machines are connected again: all of them, at most SAMPLES."""
    lost = plan.failed_nodes * plan.per_node  # the unaffected stand in the same queue
    alive = plan.region_nodes - plan.failed_nodes
    drawn = min(lost, SAMPLES)
    if not drawn:
        return np.empty(0)
    per_second = alive * plan.workers * min(plan.admit_per_core_s, 1e6 / costs.connect_us)
    return 1000.0 * herd.reconnected_s(drawn, plan.jitter_s, per_second * drawn / lost, random)


def _sample(back: Floats, sampled: int, plan: Plan, random: np.random.Generator) -> Floats:
    """So many of the reconnected devices as belong to a sample of this size of the others."""
    if not back.size:
        return back
    alive = plan.region_nodes - plan.failed_nodes
    return random.choice(back, round(sampled * plan.failed_nodes / alive))


def _at_devices(
    server: Floats, devices: Sequence[Device], random: np.random.Generator
) -> tuple[Quantiles, ...]:
    """The quantiles of each kind of device, and of their mix."""
    found, mix = [], []
    for device in devices:
        times = server + last_mile.delays_ms(device, server.size, random)
        found.append(_quantiles(device.name, times))
        share = random.random(server.size) < device.share
        mix.append(times[share])
    total = np.concatenate(mix)
    return (*found, _quantiles(MIX, total)) if total.size else tuple(found)


def _quantiles(name: str, times: Floats) -> Quantiles:
    p50, p90, p99, p999 = (float(each) for each in np.percentile(times, PERCENTILES))
    return Quantiles(name, p50, p90, p99, p999, float(np.mean(times < 1000.0)))


def needs(plan: Plan, costs: Costs) -> Needs:
    """Machines, memory and network of a plan."""
    message = costs.wire_bytes * plan.served * plan.workers  # bytes of one node for one alert
    admitted = plan.workers * min(plan.admit_per_core_s, 1e6 / costs.connect_us)
    half = max(1.0, plan.region_nodes / 2)
    return Needs(
        nodes=plan.nodes,
        spare_nodes=plan.spare_nodes,
        memory_gb=plan.per_node * (costs.connection_kb + costs.kernel_kb) / 1e6,
        egress_gb=message * plan.region_nodes * plan.updates / 1e9,
        burst_gbit=8 * message / 1e9,
        heartbeats_s=plan.devices / plan.heartbeat_s,
        heartbeat_cores=plan.per_node / plan.heartbeat_s * plan.heartbeat_us / 1e6,
        region_back_s=plan.devices / plan.regions / (half * admitted),
    )
