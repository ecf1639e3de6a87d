"""First alerts for the earthquakes of soak_network.py without any attack.

A replay of the same packets at the same times through the same rooms.
"""

import math
from collections.abc import Iterator, Sequence

import click

from benchmarks import soak_judge
from benchmarks import soak_network as net
from benchmarks.soak_network import Ground, Quake
from forewave.archive import travel_time
from forewave.earth.distance import distance_km
from forewave.live.places import places
from forewave.pipeline import Pipeline, run
from forewave.settings import TownSettings
from forewave.types import Alert, Origin, Packet, Station


def first_alerts(quakes: Sequence[Quake], count: int) -> list[float]:
    """Seconds from each origin to its first alert; nan: missed."""
    network = tuple(net.stations(count, 1))
    towns = TownSettings(min_population=1_000_000)
    pipeline = Pipeline(network, places(network, towns), travel_time.load())
    found = [math.nan] * len(quakes)
    last = max(quake.second for quake in quakes) + int(soak_judge.NEAR_S) + 10
    for now, word in run(pipeline, _packets(network, Ground(list(network), list(quakes)), last)):
        for number, quake in enumerate(quakes):
            new = isinstance(word, Alert) and math.isnan(found[number])
            if new and is_of(quake, word.origin):
                found[number] = now - quake.second
    return found


def is_of(quake: Quake, origin: Origin) -> bool:
    """Whether an origin, timed from the beginning of the run, is this earthquake's."""
    lat, lon = epicentre(quake)
    near = abs(origin.time - quake.second) <= soak_judge.NEAR_S
    away_km = float(distance_km(lat, lon, origin.lat, origin.lon))
    return near and away_km <= soak_judge.NEAR_KM


def epicentre(quake: Quake) -> tuple[float, float]:
    """Latitude and longitude."""
    degree = net.SPACING_KM / 111.19
    return quake.north * degree + 0.04, quake.east * degree + 0.05


def _packets(
    network: Sequence[Station], ground: Ground, seconds: int
) -> Iterator[tuple[float, Packet]]:
    """As the relay sends them: each station at its phase."""
    wheel = [network[tick :: net.TICKS] for tick in range(net.TICKS)]
    for turn in range(seconds * net.TICKS):
        first = turn * net.RATE // net.TICKS
        start = first / net.RATE
        for station in wheel[turn % net.TICKS]:
            samples = ground.counts(station.code, 0, first)
            packet = Packet(station.channels[0].stream, start, float(net.RATE), samples)
            yield start + 1.0 + net.DELAY, packet
        if turn % (10 * net.TICKS) == 0:
            click.echo(f"\rundisturbed: {turn // net.TICKS} of {seconds} s", nl=False, err=True)
    click.echo("", err=True)
