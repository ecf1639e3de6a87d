"""The chart of `forewave bench fanout-tree`: time to 99 % of each kind of device, by plan."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from forewave.evaluate.bench.tree.table import Variant
from forewave.evaluate.report.figures import canvas
from forewave.evaluate.suite.diagrams import SHAPES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TICKS = (50, 100, 200, 500, 1000, 2000, 5000, 10_000)  # ms
WIDTH, ROW, MARGIN = 9.0, 0.42, 1.3  # inches


def draw(variants: Sequence[Variant]) -> "Figure":
    """A row for each plan and delivery: the gateways' last send, and p50 to p99.9 of each kind."""
    figure, ax = canvas(WIDTH, MARGIN + ROW * len(variants))
    kinds = [kind.name for kind in variants[0].outcome.devices]
    for row, each in enumerate(variants):
        for place, kind in enumerate(each.outcome.devices):
            marker, colour = SHAPES[place]
            y = row + 0.14 * (place - (len(kinds) - 1) / 2)
            ax.plot([kind.p50, kind.p999], [y, y], color=colour, lw=1)
            ax.plot(kind.p99, y, marker, color=colour, ms=4, label=kind.name if not row else None)
        last = each.outcome.sent_last
        ax.plot([last, last], [row - 0.4, row + 0.4], color="k", lw=1.5)
    ax.set_yticks(range(len(variants)), [f"{v.outcome.plan.name}, {v.name}" for v in variants])
    ax.set_xscale("log")
    ax.set_xticks(TICKS, [f"{ms:,}" for ms in TICKS])
    ax.minorticks_off()
    ax.set(xlabel="ms from publishing: line p50 to p99.9, mark p99; bar: last sent")
    ax.set_xlim(50, 10_000)
    ax.invert_yaxis()
    ax.legend(loc="upper center", bbox_to_anchor=(0.4, -0.14), ncols=3, fontsize=8)
    return figure


def save(variants: Sequence[Variant], path: Path) -> None:
    """Write it as the kind of picture that the name ends with."""
    draw(variants).savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
