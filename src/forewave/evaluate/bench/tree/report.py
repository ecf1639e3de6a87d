"""Every plan in every way of delivering it, and the files that were asked for."""

from collections.abc import Iterable
from pathlib import Path

import msgspec
from msgspec.structs import replace

from forewave.evaluate.bench.tree import chart
from forewave.evaluate.bench.tree.costs import Costs
from forewave.evaluate.bench.tree.plan import JITTER_S, PLANS, Plan
from forewave.evaluate.bench.tree.simulation import SAMPLES, simulate
from forewave.evaluate.bench.tree.table import NEAREST_FIRST, Variant

FAILED = 0.01  # share of a region's machines


def variants(
    costs: Costs,
    seed: int = 1,
    samples: int = SAMPLES,
    jitter_s: float = JITTER_S,
    plans: Iterable[Plan] = PLANS,
) -> list[Variant]:
    """The outcome of each plan: to all, to cells, nearest cells first, and with failed machines."""
    return [
        Variant(name, simulate(replace(each, jitter_s=jitter_s), costs, seed, samples))
        for plan in plans
        for name, each in ways(plan)
    ]


def ways(plan: Plan) -> list[tuple[str, Plan]]:
    """How an alert may be delivered. Only a gateway that knows cells can send nearest first."""
    cells = replace(plan, order="random")
    found = [
        (NEAREST_FIRST, plan),
        (f"the same, {100 * FAILED:.0f} % of nodes fail", replace(plan, failed=FAILED)),
    ]
    if plan.affected < plan.devices / plan.regions:
        found.insert(0, ("to affected cells", cells))
    return [("to all of the region", replace(cells, addressed=False)), *found]


def write(found: list[Variant], json_file: Path | None, picture: Path | None) -> None:
    """Write figures and chart into files; parent folders are created."""
    for path in filter(None, (json_file, picture)):
        path.parent.mkdir(parents=True, exist_ok=True)
    if json_file:
        json_file.write_bytes(msgspec.json.format(msgspec.json.encode(found), indent=1) + b"\n")
    if picture:
        chart.save(found, picture)
