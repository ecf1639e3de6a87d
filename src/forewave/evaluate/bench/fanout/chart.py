"""The chart of `forewave bench fanout`: time to the last client against the number of clients."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from forewave.evaluate.bench.fanout.result import Fanout, Line
from forewave.evaluate.bench.fanout.rows import FLOOR
from forewave.evaluate.report.figures import canvas
from forewave.evaluate.suite.diagrams import SHAPES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 8.2, 4.2  # inches


def draw(found: Fanout) -> "Figure":
    """A line for each server; bars are the spread over the repetitions. TLS has its own panel."""
    kinds = sorted({line.tls for line in found.lines})
    figure, panels = canvas(WIDTH, HEIGHT * len(kinds), len(kinds))
    titles = list(dict.fromkeys(line.title for line in found.lines))
    for ax, tls in zip(np.atleast_1d(panels), kinds, strict=True):
        for place, title in enumerate(titles):
            lines = [x for x in found.lines if (x.title, x.tls) == (title, tls)]
            if lines:
                _draw(ax, lines, place)
        ax.set_title("with TLS" if tls else "without TLS", fontsize=10)
        ax.set(ylabel="ms until the last client", xlim=(0, None), ylim=(0, None))
        ax.legend(loc="upper left", fontsize=8)
    ax.set(xlabel="connected clients")
    return figure


def _draw(ax: Any, lines: list[Line], place: int) -> None:
    marker, colour = SHAPES[place % len(SHAPES)]
    last = [each.last_ms for each in lines]
    spread = (
        [each.last_ms - each.least_last_ms for each in lines],
        [each.most_last_ms - each.last_ms for each in lines],
    )
    ax.errorbar(
        [each.clients for each in lines],
        last,
        yerr=spread,
        fmt=f"{marker}-",
        color=colour,
        lw=2.2 if lines[0].row in (FLOOR, "gateway") else 1.0,
        ms=5,
        capsize=2,
        label=lines[0].title,
    )


def save(found: Fanout, path: Path) -> None:
    """Write it as the kind of picture that the name ends with: .svg, .png, .pdf."""
    draw(found).savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
