"""The chart of `forewave bench fanout`: time to the last client against the number of clients."""

from pathlib import Path
from typing import TYPE_CHECKING

from forewave.evaluate.bench.fanout.result import Fanout, Line
from forewave.evaluate.bench.fanout.rows import FLOOR
from forewave.evaluate.report.figures import canvas
from forewave.evaluate.suite.diagrams import SHAPES

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 8.2, 5.0  # inches


def draw(found: Fanout) -> "Figure":
    """A line for each server, dashed with TLS; bars are the spread over the repetitions."""
    figure, ax = canvas(WIDTH, HEIGHT)
    titles = list(dict.fromkeys(each.title for each in found.lines))
    for tls in (False, True):
        for title in titles:
            lines = [x for x in found.lines if x.title == title and x.tls == tls]
            if lines:
                _draw(ax, lines, titles.index(title))
    ax.set(xlabel="connected clients", ylabel="ms from publishing until the last client")
    ax.set(xlim=(0, None), ylim=(0, None))
    ax.legend(loc="upper left", fontsize=8)
    return figure


def _draw(ax: "object", lines: list[Line], place: int) -> None:
    marker, colour = SHAPES[place % len(SHAPES)]
    last = [each.last_ms for each in lines]
    spread = (
        [each.last_ms - each.least_last_ms for each in lines],
        [each.most_last_ms - each.last_ms for each in lines],
    )
    ax.errorbar(  # type: ignore[attr-defined]
        [each.clients for each in lines],
        last,
        yerr=spread,
        fmt=f"{marker}{'--' if lines[0].tls else '-'}",
        color=colour,
        lw=2.2 if lines[0].row in (FLOOR, "gateway") else 1.0,
        ms=5,
        capsize=2,
        label=lines[0].title + (", TLS" if lines[0].tls else ""),
    )


def save(found: Fanout, path: Path) -> None:
    """Write it as the kind of picture that the name ends with: .svg, .png, .pdf."""
    draw(found).savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)
