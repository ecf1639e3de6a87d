"""Figure of the index: first alerts of all recordings beside goals and published systems."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from forewave.evaluate.report.case import Case
from forewave.evaluate.report.figures import GRID, INK, OURS, P_BLUE, S_RED, SOFT, SUN, canvas
from forewave.evaluate.scoring.published import GOAL, find

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

OUR_NAME, P_ARRIVED = "forewave", "P arrived, 1st to 4th station"
MARKS = {
    GOAL: ("D", "white", INK),
    "EPIC lenient": ("s", SUN, INK),
    "OpenEEW": ("^", "#e3b7a5", S_RED),
    "PLUM 60 km": ("v", "#b9d0ef", P_BLUE),
    "SeisComP": ("P", "white", SOFT),
}


def first_alerts(cases: Sequence[Case]) -> "Figure":
    """One row for each earthquake: arrival of P, first alert, goal and published systems."""
    figure, ax = canvas(10.4, 1.3 + 0.36 * len(cases))
    for row, case in enumerate(cases):
        _row(ax, row, case)
    ax.set_xlim(left=0)
    ax.set_yticks(range(len(cases)), [case.score.id for case in cases])
    ax.invert_yaxis()
    ax.set(xlabel="seconds after origin")
    handles, labels = ax.get_legend_handles_labels()
    known = dict(zip(labels, handles, strict=True))
    order = [name for name in (OUR_NAME, *MARKS, P_ARRIVED) if name in known]
    figure.legend([known[name] for name in order], order, loc="outside upper center", ncol=4)
    return figure


def _row(ax: "Axes", row: int, case: Case) -> None:
    score = case.score
    if score.p1_s is not None:
        end = score.p4_s if score.p4_s is not None else score.p1_s + 0.3
        ax.barh(row, end - score.p1_s, left=score.p1_s, height=0.5, color=GRID, label=P_ARRIVED)
    for system, (shape, face, edge) in MARKS.items():
        other = find(score.id, system)
        if other is not None and other.first_alert_s is not None:
            x = other.first_alert_s
            ax.plot(x, row, shape, ms=7, mfc=face, mec=edge, ls="none", label=system)
    if score.first_alert_s is not None:
        ax.plot(score.first_alert_s, row, "o", ms=9, color=OURS, ls="none", label=OUR_NAME)
