"""When the earthquakes of soak_network.py are told if nothing is done to machine or network."""

import math
from collections.abc import Sequence

from benchmarks import soak_network as net
from benchmarks.soak_network import Ground, Quake
from forewave.earth import travel_time
from forewave.earth.distance import distance_km
from forewave.pipeline import Pipeline, run
from forewave.runtime.places import places
from forewave.settings import TownSettings
from forewave.types import Alert, Packet, Station

REACH_KM = 150.0  # stations that have a say in a first alert
BEFORE, AFTER = 40, 40  # seconds of packets around an origin


def first_alerts(quakes: Sequence[Quake], count: int) -> list[float]:
    """Seconds from each origin to its first alert; nan: never."""
    network = net.stations(count, 1)
    ground = Ground(network, list(quakes))
    return [_first(quake, network, ground) for quake in quakes]


def epicentre(quake: Quake) -> tuple[float, float]:
    """Latitude and longitude."""
    degree = net.SPACING_KM / 111.19
    return quake.north * degree + 0.04, quake.east * degree + 0.05


def _first(quake: Quake, network: Sequence[Station], ground: Ground) -> float:
    lat, lon = epicentre(quake)
    near = [
        (number, station)
        for number, station in enumerate(network)
        if float(distance_km(lat, lon, station.lat, station.lon)) <= REACH_KM
    ]
    stations = tuple(station for _, station in near)
    towns = TownSettings(min_population=1_000_000)
    pipeline = Pipeline(stations, places(stations, towns), travel_time.load())
    for now, word in run(pipeline, _packets(quake, near, ground)):
        if isinstance(word, Alert):
            away_km = float(distance_km(lat, lon, word.origin.lat, word.origin.lon))
            if away_km <= 100.0 and abs(word.origin.time - quake.second) <= 30.0:
                return now - quake.second
    return math.nan


def _packets(
    quake: Quake, near: Sequence[tuple[int, Station]], ground: Ground
) -> list[tuple[float, Packet]]:
    """As the relay sends them: each station at its phase, times from the beginning of the run."""
    out = []
    for second in range(quake.second - BEFORE, quake.second + AFTER):
        for number, station in near:
            tick = number % net.TICKS
            first = second * net.RATE + tick * net.RATE // net.TICKS
            start = first / net.RATE
            samples = ground.counts(station.code, 0, first)
            packet = Packet(station.channels[0].stream, start, float(net.RATE), samples)
            out.append((start + 1.0 + net.DELAY, packet))
    return sorted(out, key=lambda pair: pair[0])
