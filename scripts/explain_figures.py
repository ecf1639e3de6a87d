"""The figures of docs/explanation/, drawn from a recorded earthquake.

    python -m scripts.explain_figures DIR            draw from an event directory, print the numbers
    python -m scripts.explain_figures DIR -o FOLDER  the same, into another folder

The pages show tw-20210418-hualien: M5.8 near Hualien, Taiwan, 103 strong-motion stations of the
Central Weather Administration. The numbers that are printed are those of the pages' text.
"""

import argparse
import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from forewave.evaluate.report.figures import GRID, INK, OURS, P_BLUE, S_RED, SOFT, SUN, canvas
from scripts.explain_story import (
    MAP_KM,
    Floats,
    Known,
    Story,
    blind_km,
    density_map,
    first_and_last,
    first_pick,
    level_of,
    numbers,
    parts,
    play,
    versions,
    vertical,
)

IMAGES = Path(__file__).parents[1] / "docs" / "images"
TRACES, BINS = 14, 220  # of the record section
CONTENTS = (0.9, 0.5)  # of the probability, within the two shades of the maps


def onset(story: Story) -> Any:
    """The nearest station that was picked: its record, and how the peak has grown."""
    picked = {pick.station for pick in story.picks}
    station = next(s for s in story.nearest() if s.code in picked)
    pick = first_pick(story, station)
    figure, (top, bottom) = canvas(9.2, 5.4, panels=2)
    seconds, motion = vertical(story, station)
    shown = (seconds >= pick - 3) & (seconds <= pick + 7)
    top.plot(seconds[shown], motion[shown], color=INK, lw=0.7)
    s_wave = float(story.arrival_s("S", story.away_km(station.lat, station.lon)))
    for ax, named in ((top, True), (bottom, False)):
        ax.axvline(pick, color=P_BLUE, lw=1.6, label="onset of P (pick)" if named else None)
        ax.axvline(s_wave, color=S_RED, lw=1.6, ls="--", label="predicted S" if named else None)
    top.set(ylabel="vertical acceleration, m/s²")
    top.legend(loc="lower left")
    grown = [
        (a.time - story.quake.time, a.pa_ms2)
        for a in story.amplitudes
        if a.station == station.code
        and a.pick is not None
        and a.time <= story.quake.time + pick + 7
    ]
    before = (seconds >= pick - 3) & (seconds < pick)
    noise = float(np.abs(motion[before]).max())
    bottom.axhline(noise, color=SOFT, lw=1.2, ls=":", label="noise before the onset")
    x, y = np.array(grown).T
    bottom.step(x, y, where="post", color=OURS, lw=2, label="peak since the onset")
    bottom.set(yscale="log", xlabel="seconds after origin", ylabel="peak, m/s²")
    bottom.legend(loc="center right")
    return figure


def moveout(story: Story) -> Any:
    """Vertical records by distance, with picks and the predicted P and S."""
    figure, ax = canvas(9.2, 6.0)
    near = [s for s in story.nearest() if story.away_km(s.lat, s.lon) < 110]
    chosen = [near[round(i)] for i in np.linspace(0, len(near) - 1, min(TRACES, len(near)))]
    for station in chosen:
        away = story.away_km(station.lat, station.lon)
        seconds, motion = vertical(story, station)
        shown = (seconds >= 0) & (seconds <= 32)
        if not shown.any():
            continue
        thin, line = _thinned(seconds[shown], motion[shown])
        ax.plot(thin, away - 3.2 * line / (np.abs(line).max() or 1.0), color=INK, lw=0.5)
        picks = [p.time - story.quake.time for p in story.picks if p.station == station.code]
        picks = [time for time in picks if 0 <= time <= 32]
        ax.plot(picks, [away] * len(picks), "|", ms=15, mew=4, color=SUN, zorder=3)
        ax.plot(picks, [away] * len(picks), "|", ms=15, mew=1.4, color=INK, zorder=3)
    km = np.linspace(0, 115, 60)
    ax.plot(story.arrival_s("P", km), km, color=P_BLUE, lw=1.6, label="predicted P")
    ax.plot(story.arrival_s("S", km), km, color=S_RED, lw=1.6, ls="--", label="predicted S")
    ax.plot([], [], "|", ms=12, mew=3, color=SUN, label="pick")
    ax.axvline(story.first_s, color=OURS, lw=2, ls=":", label="first alert")
    ax.set(xlabel="seconds after origin", ylabel="km from the epicentre", xlim=(0, 32))
    ax.set_ylim(115, -6)
    figure.legend(loc="outside upper center", ncol=4)
    return figure


def maps(story: Story) -> Any:
    """Where the source may be, by kind of evidence."""
    import matplotlib
    from matplotlib.figure import Figure

    canvas(1, 1)  # the style
    figure = Figure(figsize=(9.2, 9.4), layout="constrained")
    axes = figure.subplots(2, 2, sharex=True, sharey=True).ravel()
    for ax, (name, known) in zip(axes, parts(story), strict=True):
        x, y, density = density_map(story, known)
        levels = [level_of(density, share) for share in CONTENTS]
        ax.contourf(
            x, y, density, [*levels, density.max() * 1.01], colors=["#cfe3f5", "#5d9fd6"], zorder=1
        )
        _stations(ax, story, known)
        ax.plot(0, 0, "*", ms=16, mfc=SUN, mec=INK, mew=1.2, zorder=5)
        ax.set_title(name, fontsize=10.5)
        ax.set(aspect="equal", xlim=(-MAP_KM, MAP_KM), ylim=(-MAP_KM, MAP_KM))
    for ax in axes[2:]:
        ax.set_xlabel("km east of the epicentre")
    for ax in axes[::2]:
        ax.set_ylabel("km north of the epicentre")
    patch = partial(matplotlib.patches.Patch, lw=0)
    line = partial(matplotlib.lines.Line2D, [], [], ls="none", mec=INK)
    handles = [
        patch(color="#5d9fd6", label="50 % of the probability"),
        patch(color="#cfe3f5", label="90 %"),
        line(marker="^", ms=9, mfc=INK, label="station with a pick"),
        line(marker="o", ms=5, mfc="white", label="silent station"),
        line(marker="*", ms=13, mfc=SUN, label="epicentre of the catalogue"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncol=3)
    return figure


def _stations(ax: Any, story: Story, known: Known) -> None:
    shift_x, shift_y = known.plane.to_km(story.quake.lat, story.quake.lon)
    of = known.evidence
    x, y = of.pick_x - shift_x, of.pick_y - shift_y
    ax.plot(of.silent_x - shift_x, of.silent_y - shift_y, "o", ms=4, mfc="white", mec=INK)
    ax.plot(x, y, "^", ms=9, color=INK)


def growth(story: Story) -> Any:
    """Magnitude, and the epicentre's error, from version to version."""
    figure, (top, bottom) = canvas(9.2, 5.4, panels=2)
    told = [
        (now - story.quake.time, s) for now, s in versions(story) if now - story.quake.time < 40
    ]
    seconds = [now for now, _ in told]
    size = np.array([s.magnitude.value for _, s in told])
    sigma = np.array([s.magnitude.sigma for _, s in told])
    top.fill_between(seconds, size - sigma, size + sigma, color=GRID, lw=0, label="±1 sigma")
    top.plot(seconds, size, "o-", ms=3, color=OURS, lw=1.4, label="estimate")
    top.axhline(story.quake.magnitude, color=INK, lw=1.4, ls="--", label="catalogue")
    top.set(ylabel="magnitude")
    top.legend(loc="lower right", ncol=3)
    off = [story.away_km(s.origin.lat, s.origin.lon) for _, s in told]
    bottom.plot(seconds, off, "o-", ms=3, color=OURS, lw=1.4, label="error")
    said = [s.origin.epicentre_sigma_km for _, s in told]
    bottom.plot(seconds, said, ":", color=S_RED, lw=1.4, label="sigma stated")
    bottom.set(xlabel="seconds after origin", ylabel="epicentre, km")
    bottom.set_ylim(bottom=0)
    bottom.legend(loc="upper right", ncol=2)
    return figure


def shaking(story: Story) -> Any:
    """Forecast and recorded intensity by distance: at the first alert, and in the end."""
    figure, axes = canvas(9.2, 6.8, panels=2)
    mmi = {m.station: m for m in story.facts.motions}
    first, last = first_and_last(story)
    for ax, (now, shaking) in zip(axes, (first, last), strict=True):
        forecasts = [f for f in shaking.forecasts if f.place in mmi]
        km = np.array([story.away_km(f.lat, f.lon) for f in forecasts])
        value, sigma = (
            np.array([getattr(f, name) for f in forecasts]) for name in ("intensity", "sigma")
        )
        ax.errorbar(km, value, sigma, fmt="none", ecolor="#9fc9b8", elinewidth=1.2, zorder=1)
        ax.plot(km, value, "_", ms=8, mew=2, color=OURS, label="forecast, ±1 sigma", zorder=2)
        ax.plot(
            km, [mmi[f.place].mmi for f in forecasts], "o", ms=4, mfc=SUN, mec=INK, mew=0.7,
            label="recorded", zorder=3,
        )  # fmt: skip
        size = shaking.solution.magnitude
        ax.set_title(
            f"{now - story.quake.time:.1f} s after origin: M{size.value:.1f} ± {size.sigma:.1f}",
            fontsize=10.5,
        )
        ax.set(ylabel="intensity, MMI", ylim=(0.8, 8.2))
    axes[0].legend(loc="upper right", ncol=2)
    axes[1].set(xlabel="km from the epicentre")
    return figure


def warning_time(story: Story) -> Any:
    """Time against distance: P, S, the first alert, and when the ground reached an intensity."""
    figure, ax = canvas(9.2, 5.6)
    km = np.linspace(0, 120, 240)
    s_time = story.arrival_s("S", km)
    blind = blind_km(story)
    ax.fill_between(km, story.first_s, s_time, where=s_time > story.first_s, color="#d8ece4", lw=0)
    ax.axvspan(0, blind, facecolor="#f3d9d0", lw=0, label="blind zone")
    ax.plot(km, story.arrival_s("P", km), color=P_BLUE, lw=1.6, label="P arrives")
    ax.plot(km, s_time, color=S_RED, lw=2, ls="--", label="S arrives")
    ax.axhline(story.first_s, color=OURS, lw=2, ls=":", label="first alert")
    for level, shape, size in (("III", "v", 5), ("IV", "o", 6), ("V", "s", 7)):
        found = [m for m in story.facts.motions if level in m.reached and m.distance_km < 120]
        ax.plot(
            [m.distance_km for m in found],
            [m.reached[level] - story.quake.time for m in found],
            shape, ms=size, mfc="white", mec=INK, mew=1, ls="none", label=f"MMI {level} reached",
        )  # fmt: skip
    ax.set(xlabel="km from the epicentre", ylabel="seconds after origin", xlim=(0, 120))
    ax.set_ylim(0, 45)
    figure.legend(loc="outside upper center", ncol=4)
    return figure


def _thinned(seconds: Floats, motion: Floats) -> tuple[Floats, Floats]:
    """The smallest and largest value of each stretch: the same to the eye."""
    known = np.isfinite(motion)
    seconds, motion = seconds[known], motion[known]
    edges = np.linspace(0, len(seconds), min(BINS, len(seconds)) + 1).astype(int)[:-1]
    low, high = np.minimum.reduceat(motion, edges), np.maximum.reduceat(motion, edges)
    return np.repeat(seconds[edges], 2), np.stack([low, high], axis=1).ravel()


FIGURES = {
    "explain-onset": onset,
    "explain-moveout": moveout,
    "explain-likelihood": maps,
    "explain-growth": growth,
    "explain-shaking": shaking,
    "explain-warning-time": warning_time,
}


def draw(story: Story, folder: Path) -> list[Path]:
    """All figures as SVG; the same story gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    drawn = []
    for name, figure in FIGURES.items():
        path = folder / f"{name}.svg"
        figure(story).savefig(path, format="svg", metadata={"Date": None, "Creator": None})
        text = "\n".join(line.rstrip() for line in path.read_text("utf-8").splitlines())
        path.write_text(text + "\n", "utf-8")
        drawn.append(path)
    return drawn


def main() -> None:
    """Draw the figures and print the numbers."""
    parser = argparse.ArgumentParser(description="The figures of docs/explanation.")
    parser.add_argument("folder", type=Path, help="an event directory")
    parser.add_argument("-o", "--output", type=Path, default=IMAGES, help="where they go")
    options = parser.parse_args()
    story = play(options.folder)
    for path in draw(story, options.output):
        print(f"{path.name}: {path.stat().st_size} bytes")
    print(json.dumps(numbers(story), indent=2))


if __name__ == "__main__":
    main()
