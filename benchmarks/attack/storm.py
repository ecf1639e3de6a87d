"""Storms: independent pulses at every station (hail, gusts, bad telemetry) and an earthquake.

Each seed is a storm of one of five kinds with its own rate and amplitude. Three recordings are
replayed: the storm alone, an M5.5 during the storm, and the M5.5 alone.
"""

import random
import time
from collections.abc import Iterable
from functools import partial
from statistics import median

import click
from msgspec import Struct

from forewave.archive import travel_time
from forewave.earth.distance import distance_km
from forewave.formats.recordings.event_directory import Recording
from forewave.live.places import places
from forewave.pipeline import Pipeline, run
from forewave.settings import TownSettings
from forewave.sources.replay import arrivals
from forewave.types import Alert, Station
from tests.attacks.made_network import LAT, LON, network, quake

# Kind: ranges of pulses per minute and station, and of their amplitude in m/s^2.
KINDS: dict[str, tuple[tuple[float, float], tuple[float, float]]] = {
    "dense": ((8.0, 12.0), (0.03, 0.3)),
    "sparse": ((2.0, 3.0), (0.03, 0.3)),
    "strong": ((2.0, 12.0), (0.3, 0.5)),
    "weak": ((2.0, 12.0), (0.02, 0.04)),
    "moving": ((8.0, 12.0), (0.03, 0.3)),
}
ORIGIN, DURATION = 60.0, 150.0
BEGINS, LASTS = 20.0, 100.0  # seconds of the storm
CROSSES, OVER = 70.0, 30.0  # s in which a moving storm crosses the network, and a station
NEAR_KM, NEAR_S = 60.0, 15.0


class Storm(Struct, frozen=True):
    """rate: pulses per minute and station. size: amplitude, m/s^2."""

    kind: str
    rate: float
    size: float


class Outcome(Struct, frozen=True):
    """Result of one replay. first: s from the origin to the first alert, None for a miss.

    action, aware: false events by their highest level. true: events of the earthquake.
    cancelled: whether one of those was cancelled as false.
    """

    first: float | None
    true: int
    action: int
    aware: int
    cancelled: bool


@click.command("storm")
@click.option("--seeds", default=100, show_default=True, help="Number of seeds.")
@click.option("--first", default=1, show_default=True, help="The first seed.")
@click.option("--stations", default=49, show_default=True)
@click.option("--kind", type=click.Choice([*KINDS]), help="Default: one after the other.")
def main(seeds: int, first: int, stations: int, kind: str | None) -> None:
    """Storms of pulses, with and without a simulated M5.5."""
    rows = []
    for seed in range(first, first + seeds):
        storm, began = drawn(seed, kind), time.monotonic()
        alone, beneath, calm = (
            play(recording, shaken) for recording, shaken in recordings(storm, seed, stations)
        )
        rows.append((storm, alone, beneath, calm))
        took = time.monotonic() - began
        click.echo(f"seed {seed:4d} {line(storm, alone, beneath, calm)} ({took:.0f} s)")
    for text in summary(rows):
        click.echo(text)


def drawn(seed: int, kind: str | None = None) -> Storm:
    """The storm of a seed."""
    chance = random.Random(seed)
    kind = kind or [*KINDS][(seed - 1) % len(KINDS)]
    rate, size = KINDS[kind]
    return Storm(kind, round(chance.uniform(*rate), 1), round(chance.uniform(*size), 3))


def recordings(storm: Storm, seed: int, stations: int) -> Iterable[tuple[Recording, bool]]:
    """The storm alone, an earthquake during the storm, and the earthquake alone."""
    grid = partial(network, seed=seed, count=stations)
    pulses = "".join(_pulses(storm, grid("", duration=2.0).stations))
    yield grid(pulses, duration=DURATION), False
    yield grid(quake(ORIGIN) + pulses, duration=DURATION), True
    yield grid(quake(ORIGIN), duration=DURATION), True


def _pulses(storm: Storm, stations: Iterable[Station]) -> Iterable[str]:
    """Disturbances at all stations at once; of a moving storm, at each station in turn."""
    if storm.kind != "moving":
        yield _disturbance("*", BEGINS, LASTS, storm)
        return
    stations = list(stations)
    west = min(station.lon for station in stations)
    wide = max(station.lon for station in stations) - west
    for station in stations:
        comes = BEGINS + CROSSES * (station.lon - west) / wide
        yield _disturbance(station.code, comes, OVER, storm)


def _disturbance(station: str, after: float, seconds: float, storm: Storm) -> str:
    return (
        f'[[disturbance]]\nkind = "storm"\nstation = "{station}"\nafter = {after:.2f}\n'
        f"seconds = {seconds}\nsize = {storm.size}\ntimes = {storm.rate * seconds / 60.0:.3f}\n"
    )


def play(recording: Recording, shaken: bool) -> Outcome:
    """The issued alerts of a recording. shaken: whether it has the earthquake."""
    pipeline = Pipeline(
        recording.stations, places(recording.stations, TownSettings()), travel_time.load()
    )
    began = min(segment.start for segment in recording.segments)
    alerts: dict[str, list[tuple[float, Alert]]] = {}
    for now, word in run(pipeline, arrivals(recording)):
        if isinstance(word, Alert):
            alerts.setdefault(word.event, []).append((now - began, word))
    true = [each for each in alerts.values() if shaken and _is_true(each[-1][1], began)]
    false = [each for each in alerts.values() if each not in true]
    action = sum(any(alert.level == "action" for _, alert in each) for each in false)
    return Outcome(
        first=min((each[0][0] - ORIGIN for each in true), default=None),
        true=len(true),
        action=action,
        aware=len(false) - action,
        cancelled=any(each[-1][1].why == "false" for each in true),
    )


def _is_true(last: Alert, began: float) -> bool:
    away_km = float(distance_km(LAT, LON, last.origin.lat, last.origin.lon))
    return away_km <= NEAR_KM and abs(last.origin.time - began - ORIGIN) <= NEAR_S


def line(storm: Storm, alone: Outcome, beneath: Outcome, calm: Outcome) -> str:
    """The results of a seed as a line."""
    first, without = ("missed" if t.first is None else f"{t.first:.1f} s" for t in (beneath, calm))
    many = f", {beneath.true} events" if beneath.true > 1 else ""
    many += ", cancelled" if beneath.cancelled else ""
    return (
        f"{storm.kind:6s} {storm.rate:4.1f}/min {storm.size:.3f} m/s^2: alone "
        f"{alone.action} action {alone.aware} aware; M5.5 issued after {first} (without {without})"
        f"{many}, "
        f"false {beneath.action} action {beneath.aware} aware"
    )


def summary(rows: list[tuple[Storm, Outcome, Outcome, Outcome]]) -> list[str]:
    """Summary over all seeds."""
    issued = [(b.first, c.first) for _, _, b, c in rows if b.first is not None]
    later = [with_ - without for with_, without in issued if without is not None]
    late = f"{median(later):.1f} s" if later else "-"
    return [
        "",
        f"seeds                              {len(rows)}",
        f"storm alone: action, aware         {sum(a.action for _, a, _, _ in rows)}, "
        f"{sum(a.aware for _, a, _, _ in rows)}",
        f"beside the earthquake: the same    {sum(b.action for _, _, b, _ in rows)}, "
        f"{sum(b.aware for _, _, b, _ in rows)}",
        f"M5.5 during the storm issued       {len(issued)} of {len(rows)}",
        f"  as more than one event           {sum(b.true > 1 for _, _, b, _ in rows)}",
        f"  cancelled as false               {sum(b.cancelled for _, _, b, _ in rows)}",
        f"  later than without, median       {late}",
    ]
