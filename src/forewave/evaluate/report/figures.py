"""Figures of the report. On the page each has a text alternative and a table.

Categories differ in shape or line style as well as in colour. matplotlib is imported when the
first figure is drawn, as the import takes a second.
"""

from base64 import b64encode
from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from forewave.earth.distance import LocalPlane
from forewave.evaluate.report.case import Case
from forewave.evaluate.report.section import Trace
from forewave.evaluate.scoring.match import separation
from forewave.evaluate.scoring.score import Errors, errors, versions_of
from forewave.evaluate.scoring.station_intensity import SILENCE
from forewave.types import Rupture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, SOFT, GRID = "#1c2733", "#5b6876", "#dde3ea"
OURS, P_BLUE, S_RED, SUN = "#0b6e4f", "#1d5fbf", "#b3411b", "#ffc400"
STEPS = {
    2.0: ("I–II", "#e8edf2"),
    3.0: ("III", "#ffe9a3"),
    4.0: ("IV", "#fdbb55"),
    5.0: ("V", "#f0792b"),
    6.0: ("VI", "#c9281c"),
    7.0: ("VII or more", "#6d0f12"),
}
USERS = {"III": ("v", 3.0), "IV": ("o", 4.0), "V": ("s", 5.0), "VI": ("D", 6.0)}
STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "forewave",
    "font.family": "sans-serif",
    "font.sans-serif": ["Helvetica Neue", "Arial", "DejaVu Sans"],
    "font.size": 10.5,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": SOFT,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": True,
    "grid.color": GRID,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
    "legend.frameon": False,
}


def canvas(width: float, height: float, panels: int = 1) -> "tuple[Figure, Any]":
    """A figure in inches with panels one above the other, in the report's style."""
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.rcParams.update(STYLE)
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(panels, sharex=True)


def data_uri(figure: "Figure") -> str:
    """The figure as a data URI (SVG), so that a page needs no other file."""
    out = BytesIO()
    figure.savefig(out, format="svg", dpi=150, metadata={"Date": None, "Creator": None})
    return "data:image/svg+xml;base64," + b64encode(out.getvalue()).decode()


def step_of(mmi: float) -> float:
    """The intensity class that a station is drawn in: 2 (or less) to 7 (or more)."""
    return float(np.clip(np.floor(mmi), 2, 7))


def epicentres(case: Case) -> "Figure":
    """Map: stations by observed intensity, the catalogued epicentre, and all issued versions."""
    figure, ax = canvas(5.6, 6.6)
    quake = case.truth.quake
    centre = (quake.lat, quake.lon) if quake else (case.stations[0].lat, case.stations[0].lon)
    plane = LocalPlane(*centre)
    _stations(ax, case, plane)
    versions = versions_of(case.matching.found, case.run.alerts)
    if versions:
        track = [plane.to_km(m.alert.origin.lat, m.alert.origin.lon) for m in versions]
        east, north = np.array(track).T
        ax.plot(east, north, "-", color=OURS, lw=1.2)
        ax.plot(east[0], north[0], "o", ms=9, mfc="white", mec=OURS, mew=2, label="first version")
        ax.plot(east[-1], north[-1], "o", ms=9, color=OURS, label="final version")
    _ruptures(ax, case, plane, versions[-1].alert.rupture if versions else None)
    if quake:
        ax.plot(0, 0, "*", ms=20, mfc=SUN, mec=INK, mew=1.2, label="catalogue", zorder=1)
    if case.truth.others:
        others = case.truth.others
        east, north = plane.to_km([q.lat for q in others], [q.lon for q in others])
        ax.plot(
            east,
            north,
            "*",
            ms=14,
            mfc="white",
            mec=INK,
            mew=1.2,
            ls="none",
            label="other earthquakes",
        )
    ax.set(xlabel="km east", ylabel="km north", aspect="equal")
    figure.legend(loc="outside lower center", ncol=3, title="stations by MMI observed")
    return figure


def true_rupture(case: Case) -> Rupture | None:
    """The simulated rupture; None for recorded earthquakes."""
    rupture: Rupture | None = getattr(case.info, "rupture", None)
    return rupture


def _ruptures(ax: "Axes", case: Case, plane: LocalPlane, found: Rupture | None) -> None:
    for line, style, colour, name in (
        (true_rupture(case), "--", INK, "true rupture"),
        (found, "-", OURS, "rupture, final version"),
    ):
        if line is not None:
            east, north = plane.to_km([line.lat1, line.lat2], [line.lon1, line.lon2])
            ax.plot(east, north, style, color=colour, lw=3, label=name)


def _stations(ax: "Axes", case: Case, plane: LocalPlane) -> None:
    felt = {m.station: step_of(m.mmi) for m in case.truth.motions}
    for step, (name, colour) in STEPS.items():
        here = [s for s in case.stations if felt.get(s.code) == step]
        if here:
            _triangles(ax, here, plane, colour, name, 24 + 16 * (step - 2))
    rest = [s for s in case.stations if s.code not in felt]
    if rest:
        _triangles(ax, rest, plane, "none", "not observed")


def _triangles(
    ax: "Axes",
    here: Sequence[Any],
    plane: LocalPlane,
    colour: str,
    name: str,
    size: float = 24.0,
) -> None:
    """Larger for stronger motion, so that colour is not the only cue."""
    east, north = plane.to_km([s.lat for s in here], [s.lon for s in here])
    ax.scatter(east, north, s=size, marker="^", color=colour, edgecolor=SOFT, lw=0.7, label=name)


def section(case: Case, traces: Sequence[Trace]) -> "Figure":
    """Record section by distance: records, picks, predicted P and S, the first alert."""
    figure, ax = canvas(9.2, 1.4 + 0.21 * len(traces))
    for row, trace in enumerate(traces):
        ax.plot(trace.seconds, row - 0.48 * trace.motion, color=INK, lw=0.45, rasterized=True)
        ax.plot(trace.picks, [row] * len(trace.picks), "|", ms=11, mew=2, color=SUN, zorder=3)
        ax.plot(trace.picks, [row] * len(trace.picks), "|", ms=11, mew=1, color=INK, zorder=3)
    rows = range(len(traces))
    ax.plot([t.p_s for t in traces], rows, "-", color=P_BLUE, label="predicted P")
    ax.plot([t.s_s for t in traces], rows, "--", color=S_RED, label="predicted S")
    ax.plot([], [], "|", ms=11, mew=2, color=SUN, label="pick")
    if case.score.first_alert_s is not None:
        ax.axvline(case.score.first_alert_s, color=OURS, lw=2, ls=":", label="first alert")
    names = [f"{t.station.partition('.')[2]}  {t.distance_km:.0f} km" for t in traces]
    ax.set_yticks(rows, names, fontsize=8.5)
    ax.grid(axis="y", visible=False)
    ax.set(xlabel="seconds after origin", ylim=(len(traces), -1))
    ax.set_xlim(traces[0].seconds[0], max(t.seconds[-1] for t in traces))
    figure.legend(loc="outside upper center", ncol=4)
    return figure


def growth(case: Case) -> "Figure":
    """Magnitude and epicentre error of all versions against time."""
    figure, (top, bottom) = canvas(9.2, 5.6, panels=2)
    quake = case.truth.quake
    assert quake is not None, "only an earthquake has errors"
    versions = versions_of(case.matching.found, case.run.alerts)
    seconds = [m.issued - quake.time for m in versions]
    every: list[Errors] = [errors(m, quake) for m in versions]
    found = [(t - quake.time, s) for t, s in case.run.solutions if separation(s.origin, quake) <= 1]
    top.axhspan(quake.magnitude - 0.5, quake.magnitude + 0.5, color=GRID, alpha=0.6, lw=0)
    top.axhline(quake.magnitude, color=INK, lw=1.4, label="catalogue, ±0.5")
    top.plot(
        [t for t, _ in found],
        [s.magnitude.value for _, s in found],
        ".",
        ms=3,
        color=SOFT,
        label="solutions",
    )
    values = [m.alert.magnitude.value for m in versions]
    sigmas = [m.alert.magnitude.sigma for m in versions]
    top.errorbar(seconds, values, sigmas, fmt="o", ms=5, color=OURS, lw=1, label="issued, ±1 sigma")
    top.set(ylabel="magnitude")
    top.legend(loc="lower right", ncol=2)
    bottom.plot(seconds, [e.epicentre_km for e in every], "o-", ms=5, color=OURS, lw=1.2)
    bottom.set(xlabel="seconds after origin", ylabel="epicentre error, km")
    bottom.set_ylim(bottom=0)
    return figure


def intensities(case: Case) -> "Figure":
    """Forecast against observed intensity, first and final version."""
    figure, ax = canvas(5.6, 5.6)
    versions = versions_of(case.matching.found, case.run.alerts)
    edge = np.array([1.8, 9.4])
    ax.fill_between(edge, edge - 1, edge + 1, color=GRID, alpha=0.7, lw=0, label="within one unit")
    ax.plot(edge, edge, color=SOFT, lw=1)
    for message, face, name in ((versions[0], "white", "first"), (versions[-1], OURS, "final")):
        pairs = [
            (max(SILENCE, m.mmi), max(SILENCE, message.forecasts[m.station].intensity))
            for m in case.truth.motions
            if m.station in message.forecasts
        ]
        x, y = np.array(pairs or [(np.nan, np.nan)]).T
        ax.plot(x, y, "o", ms=6, mfc=face, mec=OURS, mew=1.2, ls="none", label=name)
    ax.set(xlim=edge, ylim=edge, xlabel="MMI observed", ylabel="MMI forecast", aspect="equal")
    ax.legend(loc="upper left")
    return figure


def leads(case: Case) -> "Figure":
    """Lead time at every place where a level was forecast and reached, by distance."""
    figure, ax = canvas(9.2, 4.2)
    far = {m.station: m.distance_km for m in case.truth.motions}
    ax.axhline(0, color=INK, lw=1.2)
    for level, (shape, step) in USERS.items():
        here = [o for o in case.outcomes if o.level == level and o.lead_s is not None]
        if here:
            x, y = [far[o.station] for o in here], [o.lead_s for o in here]
            name, colour = f"MMI {level}", STEPS[step][1]
            ax.plot(x, y, shape, ms=7, mfc=colour, mec=INK, mew=0.6, ls="none", label=name)
    ax.set(xlabel="km from the epicentre", ylabel="lead time, s")
    ax.axhspan(min(0.0, ax.get_ylim()[0]), 0, color=GRID, alpha=0.6, lw=0)
    ax.margins(y=0.05)
    figure.legend(loc="outside upper center", ncol=4)
    return figure
