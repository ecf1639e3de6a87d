"""Figures of the suite's index: reliability of probabilities, and magnitude errors."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from forewave.evaluate.report.figures import GRID, INK, OURS, P_BLUE, S_RED, SUN, canvas
from forewave.evaluate.scoring.reliability import BINS, Bin, pooled
from forewave.evaluate.suite.result_store import CaseResult

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LEAST = 5  # places; bins with fewer are not drawn
SHAPES = (
    ("o", OURS), ("s", P_BLUE), ("^", S_RED), ("D", SUN), ("v", INK), ("P", "#7a4fa3"),
    ("X", "#5b6876"), ("<", "#1d8f9e"), (">", "#a3660f"), ("*", "#c9281c"), ("h", "#3d7a2a"),
    ("p", "#9c9c00"), ("d", "#333388"),
)  # fmt: skip


def reliability(cases: Sequence[CaseResult]) -> "Figure":
    """Observed frequency of MMI IV against its forecast probability, first and final version."""
    figure, ax = canvas(5.6, 5.2)
    ax.plot([0, 1], [0, 1], color=INK, lw=1, label="perfect")
    for name, counts, style in (
        ("first version", pooled(case.bins_first for case in cases), ("o--", "white", P_BLUE)),
        ("final version", pooled(case.bins_final for case in cases), ("s-", OURS, OURS)),
    ):
        line, face, colour = style
        known = [each for each in counts if each.places >= LEAST]
        x = [each.probability / each.places for each in known]
        y = [each.observed / each.places for each in known]
        ax.plot(x, y, line, ms=7, mfc=face, mec=colour, color=colour, label=name)
    ax.set(xlim=(-0.02, 1.02), ylim=(-0.02, 1.02), aspect="equal")
    ax.set(xlabel="forecast probability of MMI IV or more", ylabel="share that observed it")
    ax.legend(loc="upper left")
    return figure


def reliability_rows(cases: Sequence[CaseResult]) -> list[list[str]]:
    """The same as table cells: bin, then places, mean probability and share, first and final."""
    first = pooled(case.bins_first for case in cases)
    final = pooled(case.bins_final for case in cases)
    return [
        [f"{100 * i / BINS:.0f} to {100 * (i + 1) / BINS:.0f} %", *_cells(a), *_cells(b)]
        for i, (a, b) in enumerate(zip(first, final, strict=True))
    ]


def _cells(each: Bin) -> list[str]:
    if not each.places:
        return ["0", "", ""]
    return [
        str(each.places),
        f"{100 * each.probability / each.places:.0f} %",
        f"{100 * each.observed / each.places:.0f} %",
    ]


def magnitudes(cases: Sequence[CaseResult]) -> "Figure":
    """Error of the first and the final magnitude of every earthquake, by its true magnitude."""
    figure, (top, bottom) = canvas(5.6, 5.2, panels=2)
    groups = dict.fromkeys(case.group for case in cases)
    for ax, name in ((top, "first"), (bottom, "final")):
        ax.axhspan(-0.5, 0.5, color=GRID, alpha=0.6, lw=0)
        ax.axhline(0, color=INK, lw=1)
        for group, (shape, colour) in zip(groups, SHAPES * len(groups), strict=False):
            rows = [row for case in cases if case.group == group for row in case.rows]
            pairs = [
                (row.magnitude, error)
                for row in rows
                if (error := getattr(row, f"{name}_magnitude_error")) is not None
            ]
            x, y = [m for m, _ in pairs], [error for _, error in pairs]
            label = group if ax is top and pairs else None
            ax.plot(x, y, shape, ms=6, mfc=colour, mec="white", mew=0.6, ls="none", label=label)
        ax.set(ylabel=f"{name} ΔM")
    bottom.set(xlabel="true magnitude")
    figure.legend(loc="outside lower center", ncol=3, fontsize=8.5)
    return figure
