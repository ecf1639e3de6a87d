"""The figures of docs/explanation/, drawn from a recorded earthquake.

    python scripts/explain_figures.py DIR            draw from an event directory, print the numbers
    python scripts/explain_figures.py DIR -o FOLDER  the same, into another folder

The pages show tw-20210418-hualien: M5.8 near Hualien, Taiwan, 103 strong-motion stations of the
Central Weather Administration. The recording goes through the pipeline as in a replay; the maps of
the likelihood are those of the evidence that the search for the source was given. The numbers that
are printed are those of the pages' text.
"""

import argparse
import dataclasses
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from forewave.earth import travel_time
from forewave.earth.distance import LocalPlane, distance_km
from forewave.earth.travel_time import TravelTimes
from forewave.evaluate.judge.playback import places
from forewave.evaluate.judge.truth import Truth, acceleration, truth
from forewave.evaluate.report.figures import GRID, INK, OURS, P_BLUE, S_RED, SOFT, SUN, canvas
from forewave.events import observations
from forewave.events.location import search
from forewave.events.location.evidence import Evidence, make_tables
from forewave.events.location.likelihood import score
from forewave.formats import event_directory
from forewave.formats.event_directory import Recording
from forewave.pipeline import Pipeline, run
from forewave.sources.replay import arrivals
from forewave.types import Alert, Amplitude, Outlook, Pick, Solution, Station

Floats = NDArray[np.float64]

IMAGES = Path(__file__).parents[1] / "docs" / "images"
MAP_KM, STEP_KM = 50.0, 1.0  # half width of the maps about the epicentre, and between nodes
SHALLOW = range(8)  # indices into evidence.DEPTHS_KM that the maps sum over
LATER_S = 3.0  # s from the first alert to the second moment that is shown
TRACES, BINS = 14, 220  # of the record section
CONTENTS = (0.9, 0.5)  # of the probability, within the two shades of the maps


@dataclass
class Known:
    """What the search for the source was given: for which picks, in which plane."""

    plane: LocalPlane
    picks: frozenset[str]
    evidence: Evidence


@dataclass
class Story:
    """A recording and what the pipeline made of it, with times of arrival."""

    recording: Recording
    facts: Truth
    travel_times: TravelTimes
    picks: list[Pick] = field(default_factory=list)
    amplitudes: list[Amplitude] = field(default_factory=list)
    solutions: list[tuple[float, Solution]] = field(default_factory=list)
    outlooks: list[tuple[float, Outlook]] = field(default_factory=list)
    alerts: list[tuple[float, Alert]] = field(default_factory=list)
    known: list[tuple[float, Known]] = field(default_factory=list)  # with a solution of that time

    @property
    def quake(self) -> Any:
        """The earthquake of the catalogue."""
        assert self.facts.quake is not None, "the figures need an earthquake"
        return self.facts.quake

    @property
    def first(self) -> Solution:
        """The solution of the first alert from more than one station."""
        return next(s for now, s in self.solutions if now >= self.first_s + self.quake.time)

    @property
    def first_s(self) -> float:
        """Seconds from the origin to the first alert from more than one station."""
        return next(now for now, a in self.alerts if a.stations > 1) - self.quake.time

    def away_km(self, lat: float, lon: float) -> float:
        """From the epicentre."""
        return float(distance_km(self.quake.lat, self.quake.lon, lat, lon))

    def nearest(self) -> list[Station]:
        """The stations by distance from the epicentre."""
        return sorted(self.recording.stations, key=lambda s: self.away_km(s.lat, s.lon))

    def arrival_s(self, phase: Any, km: Any) -> Floats:
        """Seconds after the origin at which a phase comes so far away."""
        return np.asarray(self.travel_times.seconds(phase, km, self.quake.depth_km))


def play(folder: Path) -> Story:
    """A recording through the pipeline. Raises FormatError where it cannot be read."""
    recording = event_directory.read(folder)
    times = travel_time.load()
    story = Story(recording, truth(recording, times), times)
    pipeline = Pipeline(recording.stations, places(recording), times)
    with _watched() as fresh:
        for now, word in run(pipeline, arrivals(recording)):
            _keep(story, now, word)
            if isinstance(word, Solution):
                story.known += ((now, known) for known in fresh)
                fresh.clear()
    return story


@contextmanager
def _watched() -> Iterator[list[Known]]:
    """Keep what the search for the source is given."""
    fresh: list[Known] = []
    real = observations.evidence

    def watched(network: Any, plane: LocalPlane, picks: Sequence[Pick], *rest: Any) -> Evidence:
        found = real(network, plane, picks, *rest)
        fresh.append(Known(plane, frozenset(p.id for p in picks), found))
        return found

    observations.evidence = watched
    try:
        yield fresh
    finally:
        observations.evidence = real


def _keep(story: Story, now: float, word: Any) -> None:
    match word:
        case Pick():
            story.picks.append(word)
        case Amplitude():
            story.amplitudes.append(word)
        case Solution():
            story.solutions.append((now, word))
        case Outlook():
            story.outlooks.append((now, word))
        case Alert():
            story.alerts.append((now, word))


def onset(story: Story) -> Any:
    """The nearest station that was picked: its record, and how the peak has grown."""
    picked = {pick.station for pick in story.picks}
    station = next(s for s in story.nearest() if s.code in picked)
    pick = _first_pick(story, station)
    figure, (top, bottom) = canvas(9.2, 5.4, panels=2)
    seconds, motion = _vertical(story, station)
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
        seconds, motion = _vertical(story, station)
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
    for ax, (name, known) in zip(axes, _parts(story), strict=True):
        x, y, density = density_map(story, known)
        levels = [_level(density, share) for share in CONTENTS]
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


def _parts(story: Story) -> list[tuple[str, Known]]:
    """By kind of evidence: at the first alert, and a little later."""
    at, then = story.first_s, story.first_s + LATER_S
    first, later = _known_at(story, at), _known_at(story, then)
    unknown, nobody = np.full_like(first.evidence.pick_log_a, np.nan), np.empty(0)
    heard = replace(
        first.evidence,
        silent_x=nobody, silent_y=nobody, silent_until=nobody, silent_log_noise=nobody,
    )  # fmt: skip
    times = replace(heard, pick_log_a=unknown, pick_log_noise=unknown, pick_log_d=unknown)
    return [
        (f"{at:.1f} s: onset times only", dataclasses.replace(first, evidence=times)),
        (f"{at:.1f} s: and amplitudes", dataclasses.replace(first, evidence=heard)),
        (f"{at:.1f} s: and silent stations", first),
        (f"{then:.1f} s: all of it, {LATER_S:.0f} s later", later),
    ]


def density_map(story: Story, known: Known) -> tuple[Floats, Floats, Floats]:
    """Probability by map node, summed over depth. x, y in km from the catalogue's epicentre."""
    side = np.arange(-MAP_KM, MAP_KM + STEP_KM / 2, STEP_KM)
    east, north = (axis.ravel() for axis in np.meshgrid(side, side))
    shift_x, shift_y = known.plane.to_km(story.quake.lat, story.quake.lon)
    tables, logs = make_tables(story.travel_times), []
    for depth in SHALLOW:
        columns = (east + shift_x, north + shift_y, np.full_like(east, depth))
        nodes = np.column_stack([*columns, np.full_like(east, STEP_KM / 2)])
        logs.append(score(nodes, known.evidence, tables)[:, 0] + np.log(search.DEPTH_PRIOR[depth]))
    total = np.logaddexp.reduce(logs, axis=0)
    density = np.exp(total - total.max()).reshape(len(side), len(side))
    return side, side, density / density.sum()


def _level(density: Floats, share: float) -> float:
    """The density above which so much of the probability lies."""
    ordered = np.sort(density.ravel())[::-1]
    return float(ordered[int(np.searchsorted(np.cumsum(ordered), share))])


def _known_at(story: Story, seconds: float) -> Known:
    """The last evidence by then that has the event's picks, and the fewest others."""
    until = story.quake.time + seconds + 1e-6
    solution = [s for now, s in _main(story) if now <= until][-1]
    own = {arrival.pick for arrival in solution.picks}
    known = [known for now, known in story.known if now <= until]
    return max(reversed(known), key=lambda k: (len(k.picks & own), -len(k.picks - own)))


def _stations(ax: Any, story: Story, known: Known) -> None:
    shift_x, shift_y = known.plane.to_km(story.quake.lat, story.quake.lon)
    of = known.evidence
    x, y = of.pick_x - shift_x, of.pick_y - shift_y
    ax.plot(of.silent_x - shift_x, of.silent_y - shift_y, "o", ms=4, mfc="white", mec=INK)
    ax.plot(x, y, "^", ms=9, color=INK)


def growth(story: Story) -> Any:
    """Magnitude, and the epicentre's error, from version to version."""
    figure, (top, bottom) = canvas(9.2, 5.4, panels=2)
    versions = [
        (now - story.quake.time, s) for now, s in _main(story) if now - story.quake.time < 40
    ]
    seconds = [now for now, _ in versions]
    size = np.array([s.magnitude.value for _, s in versions])
    sigma = np.array([s.magnitude.sigma for _, s in versions])
    top.fill_between(seconds, size - sigma, size + sigma, color=GRID, lw=0, label="±1 sigma")
    top.plot(seconds, size, "o-", ms=3, color=OURS, lw=1.4, label="estimate")
    top.axhline(story.quake.magnitude, color=INK, lw=1.4, ls="--", label="catalogue")
    top.set(ylabel="magnitude")
    top.legend(loc="lower right", ncol=3)
    off = [story.away_km(s.origin.lat, s.origin.lon) for _, s in versions]
    bottom.plot(seconds, off, "o-", ms=3, color=OURS, lw=1.4, label="error")
    said = [s.origin.epicentre_sigma_km for _, s in versions]
    bottom.plot(seconds, said, ":", color=S_RED, lw=1.4, label="sigma stated")
    bottom.set(xlabel="seconds after origin", ylabel="epicentre, km")
    bottom.set_ylim(bottom=0)
    bottom.legend(loc="upper right", ncol=2)
    return figure


def _main(story: Story) -> list[tuple[float, Solution]]:
    """The versions of the event that was first alerted."""
    return [(now, s) for now, s in story.solutions if s.event == story.first.event]


def shaking(story: Story) -> Any:
    """Forecast and recorded intensity by distance: at the first alert, and in the end."""
    figure, axes = canvas(9.2, 6.8, panels=2)
    mmi = {m.station: m for m in story.facts.motions}
    first, last = _outlooks(story)
    for ax, (now, outlook) in zip(axes, (first, last), strict=True):
        forecasts = [f for f in outlook.forecasts if f.place in mmi]
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
        size = outlook.solution.magnitude
        ax.set_title(
            f"{now - story.quake.time:.1f} s after origin: M{size.value:.1f} ± {size.sigma:.1f}",
            fontsize=10.5,
        )
        ax.set(ylabel="intensity, MMI", ylim=(0.8, 8.2))
    axes[0].legend(loc="upper right", ncol=2)
    axes[1].set(xlabel="km from the epicentre")
    return figure


def _outlooks(story: Story) -> tuple[tuple[float, Outlook], tuple[float, Outlook]]:
    own = [(now, o) for now, o in story.outlooks if o.solution.event == story.first.event]
    return next(pair for pair in own if pair[0] >= story.first_s + story.quake.time), own[-1]


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


def blind_km(story: Story, seconds: float | None = None) -> float:
    """How far S has come so many seconds after the origin; by default at the first alert."""
    km = np.linspace(0, 200, 2001)
    come = story.arrival_s("S", km) <= (story.first_s if seconds is None else seconds)
    return float(km[come][-1]) if come.any() else 0.0


def numbers(story: Story) -> dict[str, Any]:
    """What the text of the pages says of the earthquake."""
    own = [
        {
            "s": round(now - story.quake.time, 1),
            "magnitude": round(s.magnitude.value, 1),
            "sigma": round(s.magnitude.sigma, 1),
            "picks": len(s.picks),
            "probability": round(s.likelihood, 4),
            "epicentre_km": round(story.away_km(s.origin.lat, s.origin.lon), 1),
            "epicentre_sigma_km": round(s.origin.epicentre_sigma_km, 1),
        }
        for now, s in _main(story)
    ]
    return {
        "first_alert_s": round(story.first_s, 1),
        "blind_km": round(blind_km(story), 1),
        "blind_km_by_s": {s: round(blind_km(story, s), 1) for s in (8, 10, 15, 20)},
        "reached": {level: _reached(story, level) for level in ("III", "IV", "V")},
        "areas_km2": _areas(story),
        "within_one": [_within_one(story, outlook) for _, outlook in _outlooks(story)],
        "versions": [own[0], *[v for v in own if v["s"] >= own[0]["s"] + LATER_S][:1], own[-1]],
    }


def _reached(story: Story, level: str) -> dict[str, Any]:
    """At how many stations, and how many of them after the first alert; by how much."""
    late = [
        m.reached[level] - story.quake.time - story.first_s
        for m in story.facts.motions
        if level in m.reached
    ]
    after = sorted(s for s in late if s > 0)
    return {
        "stations": len(late),
        "after_alert": len(after),
        "median_s": round(float(np.median(after)), 1) if after else None,
        "longest_s": round(after[-1], 1) if after else None,
    }


def _areas(story: Story) -> dict[str, int]:
    """Of 90 % of the probability on each map."""
    found = {}
    for name, known in _parts(story):
        density = density_map(story, known)[2]
        found[name] = round(float((density >= _level(density, 0.9)).sum() * STEP_KM**2))
    return found


def _within_one(story: Story, outlook: Outlook) -> str:
    mmi = {m.station: m.mmi for m in story.facts.motions}
    off = [abs(f.intensity - mmi[f.place]) for f in outlook.forecasts if f.place in mmi]
    return f"{sum(o <= 1 for o in off)} of {len(off)}"


def _first_pick(story: Story, station: Station) -> float:
    """Seconds after the origin of its first pick that is not before it."""
    times = (p.time - story.quake.time for p in story.picks if p.station == station.code)
    return min(time for time in times if time > 0)


def _vertical(story: Story, station: Station) -> tuple[Floats, Floats]:
    """Seconds after the origin, and acceleration in m/s^2; a gap as a nan."""
    channel = station.channels[0]
    pieces = [p for p in story.recording.segments if p.stream == channel.stream]
    seconds, motion = [np.empty(0)], [np.empty(0)]
    for times, values in acceleration(channel, pieces) if pieces else ():
        seconds += [times - story.quake.time, times[-1:] - story.quake.time]
        motion += [values, np.array([np.nan])]
    return np.concatenate(seconds), np.concatenate(motion)


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
