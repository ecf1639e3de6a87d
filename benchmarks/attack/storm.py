"""Independent knocks at every station (hail, gusts, a bad link), with and without an earthquake.

Each seed is a storm of one of five kinds, with a rate and a strength of its own. It is played three
times in this process: the storm alone, a true M5.5 beneath it, and the M5.5 alone.
"""

import random
import time
from collections.abc import Iterable
from statistics import median

import click
from msgspec import Struct

from forewave.archive import travel_time
from forewave.earth.distance import distance_km
from forewave.formats.recordings.event_directory import Recording
from forewave.live.places import places
from forewave.pipeline import Pipeline, run
from forewave.settings import TownSettings
from forewave.simulate.scenario import parse
from forewave.simulate.simulator import simulate
from forewave.sources.replay import arrivals
from forewave.types import Alert, Station

# Kind: knocks a minute at each station, and their strength in m/s^2, both drawn between these.
KINDS: dict[str, tuple[tuple[float, float], tuple[float, float]]] = {
    "dense": ((8.0, 12.0), (0.03, 0.3)),
    "sparse": ((2.0, 3.0), (0.03, 0.3)),
    "strong": ((2.0, 12.0), (0.3, 0.5)),
    "weak": ((2.0, 12.0), (0.02, 0.04)),
    "moving": ((8.0, 12.0), (0.03, 0.3)),
}
ORIGIN, LAT, LON = 60.0, 24.05, 121.45
BEGINS, LASTS = 20.0, 100.0  # seconds of the storm
CROSSES, OVER = 70.0, 30.0  # seconds in which a moving one crosses, and is over a station
NEAR_KM, NEAR_S = 60.0, 15.0
_HEAD = """
title = "storm"
duration = 150.0
seed = {seed}
[network]
layout = "grid"
lat = 24.0
lon = 121.4
spacing_km = 20.0
count = {stations}
jitter = 0.3
sensor = "mems"
site = "town"
"""
_QUAKE = f"""
[[earthquake]]
after = {ORIGIN}
lat = {LAT}
lon = {LON}
depth_km = 12.0
magnitude = 5.5
"""


class Storm(Struct, frozen=True):
    """rate: knocks a minute at each station. size: m/s^2."""

    kind: str
    rate: float
    size: float


class Told(Struct, frozen=True):
    """What came of one play. first: s after the origin that the true one was told, None: never.

    action, aware: events that are no earthquake, by the highest level told. true: events of the
    earthquake. cancelled: whether one of those was taken back as false.
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
    """Storms of knocks, with and without a true M5.5 beneath."""
    rows = []
    for seed in range(first, first + seeds):
        storm, began = drawn(seed, kind), time.monotonic()
        alone, beneath, calm = (
            play(made, shaken) for made, shaken in recordings(storm, seed, stations)
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
    """The storm alone, an earthquake beneath it, and the earthquake alone."""
    head = _HEAD.format(seed=seed, stations=stations)
    network = simulate(parse(head.replace("150.0", "2.0"), "storm")).stations
    knocks = "".join(_knocks(storm, network))
    yield simulate(parse(head + knocks, "storm")), False
    yield simulate(parse(head + _QUAKE + knocks, "storm")), True
    yield simulate(parse(head + _QUAKE, "storm")), True


def _knocks(storm: Storm, network: Iterable[Station]) -> Iterable[str]:
    """Of all stations at once; a moving storm comes to each when it is there."""
    if storm.kind != "moving":
        yield _disturbance("*", BEGINS, LASTS, storm)
        return
    network = list(network)
    west = min(station.lon for station in network)
    wide = max(station.lon for station in network) - west
    for station in network:
        comes = BEGINS + CROSSES * (station.lon - west) / wide
        yield _disturbance(station.code, comes, OVER, storm)


def _disturbance(station: str, after: float, seconds: float, storm: Storm) -> str:
    return (
        f'[[disturbance]]\nkind = "storm"\nstation = "{station}"\nafter = {after:.2f}\n'
        f"seconds = {seconds}\nsize = {storm.size}\ntimes = {storm.rate * seconds / 60.0:.3f}\n"
    )


def play(made: Recording, shaken: bool) -> Told:
    """What is told of it. shaken: whether there is an earthquake in it."""
    pipeline = Pipeline(made.stations, places(made.stations, TownSettings()), travel_time.load())
    began = min(segment.start for segment in made.segments)
    alerts: dict[str, list[tuple[float, Alert]]] = {}
    for now, word in run(pipeline, arrivals(made)):
        if isinstance(word, Alert):
            alerts.setdefault(word.event, []).append((now - began, word))
    true = [each for each in alerts.values() if shaken and _is_true(each[-1][1], began)]
    false = [each for each in alerts.values() if each not in true]
    action = sum(any(alert.level == "action" for _, alert in each) for each in false)
    return Told(
        first=min((each[0][0] - ORIGIN for each in true), default=None),
        true=len(true),
        action=action,
        aware=len(false) - action,
        cancelled=any(each[-1][1].why == "false" for each in true),
    )


def _is_true(last: Alert, began: float) -> bool:
    away_km = float(distance_km(LAT, LON, last.origin.lat, last.origin.lon))
    return away_km <= NEAR_KM and abs(last.origin.time - began - ORIGIN) <= NEAR_S


def line(storm: Storm, alone: Told, beneath: Told, calm: Told) -> str:
    """A seed in a line."""
    first, without = ("never" if t.first is None else f"{t.first:.1f} s" for t in (beneath, calm))
    many = f", {beneath.true} events" if beneath.true > 1 else ""
    many += ", cancelled" if beneath.cancelled else ""
    return (
        f"{storm.kind:6s} {storm.rate:4.1f}/min {storm.size:.3f} m/s^2: alone "
        f"{alone.action} action {alone.aware} aware; beneath told {first} (without {without})"
        f"{many}, "
        f"false {beneath.action} action {beneath.aware} aware"
    )


def summary(rows: list[tuple[Storm, Told, Told, Told]]) -> list[str]:
    """What the seeds come to."""
    told = [(b.first, c.first) for _, _, b, c in rows if b.first is not None]
    later = [with_ - without for with_, without in told if without is not None]
    late = f"{median(later):.1f} s" if later else "-"
    return [
        "",
        f"seeds                              {len(rows)}",
        f"storm alone: action, aware         {sum(a.action for _, a, _, _ in rows)}, "
        f"{sum(a.aware for _, a, _, _ in rows)}",
        f"beside the earthquake: the same    {sum(b.action for _, _, b, _ in rows)}, "
        f"{sum(b.aware for _, _, b, _ in rows)}",
        f"true M5.5 beneath told             {len(told)} of {len(rows)}",
        f"  as more than one event           {sum(b.true > 1 for _, _, b, _ in rows)}",
        f"  cancelled as false               {sum(b.cancelled for _, _, b, _ in rows)}",
        f"  later than without, median       {late}",
    ]
