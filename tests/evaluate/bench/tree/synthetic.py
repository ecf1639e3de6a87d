"""Costs and plans with which the result can be computed by hand."""

from msgspec.structs import replace

from forewave.evaluate.bench.tree.costs import Costs
from forewave.evaluate.bench.tree.plan import Plan

COSTS = Costs(
    deliver_us=10.0,
    connect_us=1000.0,
    connection_kb=20.0,
    kernel_kb=4.0,
    wire_bytes=500.0,
    trunk_us=0.0,
    taken="by hand",
)
# One machine, one process, a perfect network: client k has the alert at k times 10 us.
ONE = Plan(
    "one",
    devices=1000,
    affected=1000,
    regions=1,
    per_node=1000,
    workers=1,
    memory_gb=1.0,
    gbit_s=1e9,
    trunk_ms=0.0,
    trunk_sigma=0.0,
    handover_ms=0.0,
)
MANY = replace(ONE, name="many", devices=60_000, affected=20_000, regions=2, workers=4)
