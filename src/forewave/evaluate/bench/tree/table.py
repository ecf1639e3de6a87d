"""The figures of `forewave bench fanout-tree` as text."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from forewave.evaluate.bench.tree.cells import SHARES, Gain, gains
from forewave.evaluate.bench.tree.costs import Costs
from forewave.evaluate.bench.tree.simulation import Outcome

Rows = list[tuple[str, ...]]
NEAREST_FIRST = "nearest cells first"


class Variant(Struct, frozen=True):
    """One way of delivering a plan, and what came of it."""

    name: str
    outcome: Outcome


def text(variants: Sequence[Variant], costs: Costs) -> str:
    """All tables."""
    lines = [
        f"measured: {costs.deliver_us:.1f} us a delivery, {costs.connect_us:.0f} us a connection, "
        f"{costs.connection_kb:.1f} kB and {costs.kernel_kb:.1f} kB of the kernel a connection "
        f"({costs.taken}); nats-server {costs.trunk_us:.0f} us a delivery",
        "",
        "ms from publishing until sent; nearest 4 %: to 99 % of these; one node: its sending",
        *aligned(times(variants)),
        "",
        "ms from publishing until received; last miles are assumptions",
        *aligned(devices(variants)),
        "",
        "what it takes",
        *aligned(needed(variants)),
        "",
        "one process: ms until the last affected client, to all and addressed by cell",
        *aligned(addressed(gains(costs))),
    ]
    return "\n".join(lines)


def times(variants: Sequence[Variant]) -> Rows:
    """The server's side: until the gateways have sent."""
    head = ("devices", "delivery", "sent p50", "nearest 4 %", "last", "one node", "reconnected")
    return [
        head,
        *(
            (
                each.outcome.plan.name,
                each.name,
                f"{each.outcome.sent_p50:.0f}",
                f"{each.outcome.nearest_p99:.0f}",
                f"{each.outcome.sent_last:.0f}",
                f"{each.outcome.node_ms:.0f}",
                f"{each.outcome.reconnected_ms:,.0f}" if each.outcome.reconnected_ms else "-",
            )
            for each in variants
        ),
    ]


def devices(variants: Sequence[Variant]) -> Rows:
    """The whole way, by kind of device. The order changes who is early, not how many."""
    head = ("devices", "delivery", "kind of device", "p50", "p90", "p99", "p99.9", "below 1 s")
    return [
        head,
        *(
            (
                each.outcome.plan.name,
                each.name,
                kind.name,
                *(f"{ms:,.0f}" for ms in (kind.p50, kind.p90, kind.p99, kind.p999)),
                f"{100 * kind.within_1_s:.2f} %",
            )
            for each in variants
            if each.name != NEAREST_FIRST
            for kind in each.outcome.devices
        ),
    ]


def needed(variants: Sequence[Variant]) -> Rows:
    """Machines, memory and network."""
    head = (
        *("devices", "delivery", "nodes", "memory a node", "burst a node", "egress an event"),
        *("heartbeats", "cores a node", "region back"),
    )
    return [
        head,
        *(
            (
                each.outcome.plan.name,
                each.name,
                f"{needs.nodes:,} + {needs.spare_nodes:,}",
                f"{needs.memory_gb:.1f} GB",
                f"{needs.burst_gbit:.2f} Gbit",
                f"{needs.egress_gb:,.0f} GB",
                f"{needs.heartbeats_s:,.0f}/s",
                f"{needs.heartbeat_cores:.3f}",
                f"{needs.region_back_s:.0f} s" if each.outcome.plan.regions > 1 else "-",
            )
            for each in variants
            if each.name != NEAREST_FIRST and not each.outcome.plan.failed
            for needs in (each.outcome.needs,)
        ),
    ]


def addressed(gains: Sequence[Gain]) -> Rows:
    """What one process gains by addressing cells."""
    shares = (f"{100 * share:.0f} % are affected" for share in SHARES)
    return [
        ("clients", "to all", *shares),
        *(
            (f"{each.clients:,}", *(f"{ms:.1f}" for ms in (each.to_all, *each.to_cells)))
            for each in gains
        ),
    ]


def aligned(rows: Rows) -> Iterator[str]:
    """Columns of text; the first two to the left, the others to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for row in rows:
        cells = (
            cell.ljust(width) if i < 2 or not _numeric(rows, i) else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()


def markdown(rows: Rows) -> str:
    """The same as a table of Markdown."""
    head, *rest = rows
    lines = [head, tuple("---" for _ in head), *rest]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _numeric(rows: Rows, column: int) -> bool:
    return all(row[column][:1].isdigit() or row[column] == "-" for row in rows[1:])
