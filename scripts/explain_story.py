"""A recorded earthquake as the pages in docs/explanation/ tell it: what the pipeline made of it.

The recording goes through the pipeline as in a replay. The maps of the likelihood are those of the
evidence that the search for the source was given; `numbers` are those of the pages' text.
"""

import dataclasses
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from forewave.archive import travel_time
from forewave.earth.distance import LocalPlane, distance_km
from forewave.earth.travel_time import TravelTimes
from forewave.evaluate.scoring.playback import places
from forewave.evaluate.scoring.truth import Truth, acceleration, truth
from forewave.events import observations
from forewave.events.location import search
from forewave.events.location.evidence import Evidence, make_tables
from forewave.events.location.likelihood import score
from forewave.formats.recordings import event_directory
from forewave.formats.recordings.event_directory import Recording
from forewave.pipeline import Pipeline, run
from forewave.sources.replay import arrivals
from forewave.types import Alert, Amplitude, Pick, ShakingForecast, Solution, Station

Floats = NDArray[np.float64]

MAP_KM, STEP_KM = 50.0, 1.0  # half width of the maps about the epicentre, and between nodes
SHALLOW = range(8)  # indices into evidence.DEPTHS_KM that the maps sum over
LATER_S = 3.0  # s from the first alert to the second moment that is shown


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
    shaking_forecasts: list[tuple[float, ShakingForecast]] = field(default_factory=list)
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
        case ShakingForecast():
            story.shaking_forecasts.append((now, word))
        case Alert():
            story.alerts.append((now, word))


def parts(story: Story) -> list[tuple[str, Known]]:
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


def level_of(density: Floats, share: float) -> float:
    """The density above which so much of the probability lies."""
    ordered = np.sort(density.ravel())[::-1]
    return float(ordered[int(np.searchsorted(np.cumsum(ordered), share))])


def _known_at(story: Story, seconds: float) -> Known:
    """The last evidence by then that has the event's picks, and the fewest others."""
    until = story.quake.time + seconds + 1e-6
    solution = [s for now, s in versions(story) if now <= until][-1]
    own = {arrival.pick for arrival in solution.picks}
    known = [known for now, known in story.known if now <= until]
    return max(reversed(known), key=lambda k: (len(k.picks & own), -len(k.picks - own)))


def versions(story: Story) -> list[tuple[float, Solution]]:
    """The versions of the event that was first alerted."""
    return [(now, s) for now, s in story.solutions if s.event == story.first.event]


def first_and_last(
    story: Story,
) -> tuple[tuple[float, ShakingForecast], tuple[float, ShakingForecast]]:
    """The shaking forecasts of the first alert from more than one station, and the last ones."""
    own = [(now, o) for now, o in story.shaking_forecasts if o.solution.event == story.first.event]
    return next(pair for pair in own if pair[0] >= story.first_s + story.quake.time), own[-1]


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
        for now, s in versions(story)
    ]
    return {
        "first_alert_s": round(story.first_s, 1),
        "blind_km": round(blind_km(story), 1),
        "blind_km_by_s": {s: round(blind_km(story, s), 1) for s in (8, 10, 15, 20)},
        "reached": {level: _reached(story, level) for level in ("III", "IV", "V")},
        "areas_km2": _areas(story),
        "within_one": [_within_one(story, shaking) for _, shaking in first_and_last(story)],
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
    for name, known in parts(story):
        density = density_map(story, known)[2]
        found[name] = round(float((density >= level_of(density, 0.9)).sum() * STEP_KM**2))
    return found


def _within_one(story: Story, shaking: ShakingForecast) -> str:
    mmi = {m.station: m.mmi for m in story.facts.motions}
    off = [abs(f.intensity - mmi[f.place]) for f in shaking.forecasts if f.place in mmi]
    return f"{sum(o <= 1 for o in off)} of {len(off)}"


def first_pick(story: Story, station: Station) -> float:
    """Seconds after the origin of its first pick that is not before it."""
    times = (p.time - story.quake.time for p in story.picks if p.station == station.code)
    return min(time for time in times if time > 0)


def vertical(story: Story, station: Station) -> tuple[Floats, Floats]:
    """Seconds after the origin, and acceleration in m/s^2; a gap as a nan."""
    channel = station.channels[0]
    pieces = [p for p in story.recording.segments if p.stream == channel.stream]
    seconds, motion = [np.empty(0)], [np.empty(0)]
    for times, values in acceleration(channel, pieces) if pieces else ():
        seconds += [times - story.quake.time, times[-1:] - story.quake.time]
        motion += [values, np.array([np.nan])]
    return np.concatenate(seconds), np.concatenate(motion)
