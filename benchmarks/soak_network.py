"""The network of benchmarks/soak.py: stations on a grid, simulated earthquakes, faulty servers.

Each station sends the vertical of a low-cost accelerometer, or all its components, a packet of one
second each second at a phase of its own. Noise is cut from a simulated pool; an earthquake is
a template of `simulate` for the stations around it, laid over the grid at some node (near the
equator, where a degree is as long everywhere, so that a template fits at every node).
"""

import asyncio
import contextlib
import json
import logging
import math
import random
import time
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from numpy.typing import NDArray

from forewave.relay.server import Relay
from forewave.simulate.ground_motion import noise
from forewave.simulate.scenario import parse
from forewave.simulate.sensors import SENSORS, digitise
from forewave.simulate.simulator import simulate
from forewave.types import Packet, Station
from tests.chaos.bad_server import BadServer, Turn, perform, plan

RATE = 100
SPACING_KM = 20.0
DELAY = 0.1  # seconds from a packet's last sample to its being sent
BEFORE = 10  # seconds of a template before its origin
LENGTH = 150  # seconds of a template
REACH = 500  # stations of a template: 250 km
TICKS = 50  # phases in a second
TEMPLATES = ((4.7, 8.0), (5.2, 12.0), (5.7, 15.0))  # magnitude, depth in km
APART_KM = 380.0
FIRST = 75.0  # seconds until the first earthquake: the stations settle
_GRID = """
duration = {length}
seed = {seed}
{earthquake}
[network]
layout = "grid"
lat = 0.0
lon = 0.0
spacing_km = {spacing}
count = {count}
sensor = "mems"
site = "town"
"""
_EARTHQUAKE = """
[[earthquake]]
after = {after}
lat = 0.04
lon = 0.05
depth_km = {depth}
magnitude = {magnitude}
"""


class Quake(Struct, frozen=True):
    """An earthquake of the soak: which template, around which node, at which second."""

    second: int  # of its origin, since the beginning
    template: int
    east: int
    north: int


class Template(Struct, frozen=True):
    """Counts around an earthquake, by node (east, north) from it and component (0: vertical)."""

    magnitude: float
    depth_km: float
    counts: dict[tuple[int, int, int], NDArray[np.int32]]


def stations(count: int, components: int = 1) -> list[Station]:
    """The grid, with so many components of each station, the vertical first."""
    made = simulate(_scenario(count, 2.0, "")).stations
    return [replace(station, channels=station.channels[:components]) for station in made]


def node(station: Station) -> tuple[int, int]:
    """Where on the grid it stands: steps east and north of its middle."""
    km = 111.19 / SPACING_KM
    return round(station.lon * km), round(station.lat * km)


def _scenario(count: int, length: float, earthquake: str, seed: int = 7):
    text = _GRID.format(
        length=length, seed=seed, earthquake=earthquake, spacing=SPACING_KM, count=count
    )
    return parse(text, "soak")


def templates(components: int) -> list[Template]:
    """All simulated earthquakes."""
    made = []
    for seed, (magnitude, depth_km) in enumerate(TEMPLATES, 1):
        quake = _EARTHQUAKE.format(after=BEFORE, depth=depth_km, magnitude=magnitude)
        recording = simulate(_scenario(REACH, float(LENGTH), quake, seed))
        of = {
            channel.stream: (*node(station), number)
            for station in recording.stations
            for number, channel in enumerate(station.channels[:components])
        }
        counts = {of[p.stream]: p.samples for p in recording.segments if p.stream in of}
        made.append(Template(magnitude, depth_km, counts))
    return made


def quakes(seconds: float, every: float, stations: int, seed: int = 3) -> list[Quake]:
    """Earthquakes well inside the network, and far from those whose waves still run.

    As far as a small network allows.
    """
    chance, made = random.Random(seed), []
    radius = max(1, int(math.sqrt(stations / math.pi) * 0.6))
    apart_km = min(APART_KM, 1.3 * radius * SPACING_KM)
    at = FIRST
    while at < seconds - 60.0:
        recent = [q for q in made if at - q.second < LENGTH]
        best = (-1.0, 0, 0)
        for _ in range(1000):
            east, north = chance.randint(-radius, radius), chance.randint(-radius, radius)
            away = [SPACING_KM * math.hypot(east - q.east, north - q.north) for q in recent]
            if math.hypot(east, north) <= radius:
                best = max(best, (min(away, default=9e9), east, north), key=lambda each: each[0])
            if best[0] > apart_km:
                break
        made.append(Quake(int(at), len(made) % len(TEMPLATES), *best[1:]))
        at += every
    return made


class Ground:
    """What every station's digitizer counts at any second."""

    def __init__(self, network: list[Station], events: list[Quake]) -> None:
        sensor = SENSORS["mems"]
        rng = np.random.default_rng(1)
        pool = [
            noise.make(600 * RATE, RATE, noise.SITES["town"], sensor.noise_ms2_rthz, rng)
            for _ in range(4)
        ]
        self._pool = digitise(np.concatenate(pool), sensor.gain, sensor.clip)
        self._templates = templates(len(network[0].channels))
        self._events = events
        chance = random.Random(2)
        self._own = {
            s.code: (node(s), chance.randrange(len(self._pool)), chance.randrange(599 * RATE))
            for s in network
        }

    def counts(self, code: str, component: int, first: int) -> NDArray[np.int32]:
        """A second of samples from the one with that number since the beginning."""
        (east, north), row, offset = self._own[code]
        total = None
        for quake in self._events:
            at = first - (quake.second - BEFORE) * RATE
            if -RATE < at < LENGTH * RATE:
                shape = self._templates[quake.template].counts.get(
                    (east - quake.east, north - quake.north, component)
                )
                if shape is not None and 0 <= at <= len(shape) - RATE:
                    part = shape[at : at + RATE]
                    total = part if total is None else total + part
        if total is not None:
            return total
        begin = (offset + first) % (self._pool.shape[1] - RATE)
        return self._pool[(row + component) % len(self._pool), begin : begin + RATE]


def relay_process(
    pipe: Connection, count: int, components: int, seconds: float, every: float
) -> None:
    """The relay of all stations; sends its port, then its largest delay."""
    network = stations(count, components)
    ground = Ground(network, quakes(seconds, every, count))
    pipe.send("made")
    began = pipe.recv()
    asyncio.run(_relay(pipe, network, ground, began, seconds))


async def _relay(
    pipe: Connection, network: list[Station], ground: Ground, began: float, seconds: float
) -> None:
    relay = Relay()
    await relay.start()
    pipe.send(relay.port)
    wheel = [network[tick::TICKS] for tick in range(TICKS)]
    late = 0.0
    for turn in range(int(seconds) * TICKS):
        due = began + turn / TICKS + 1.0 + DELAY
        await asyncio.sleep(max(0.0, due - time.time()))
        late = max(late, time.time() - due)
        first = turn * RATE // TICKS
        for station in wheel[turn % TICKS]:
            for component, channel in enumerate(station.channels):
                samples = ground.counts(station.code, component, first)
                relay.push(Packet(channel.stream, began + first / RATE, float(RATE), samples))
    pipe.send({"longest_lag_of_the_relay_s": round(late, 3), "cut_off": dict(relay.counts)})
    await _until_told(pipe)
    await relay.stop()


def bad_process(
    pipe: Connection, good_port: int, servers: int, seconds: float, every: float, log: Path
) -> None:
    """The faulty servers in front of the relay; sends their ports, then follows the plan."""
    asyncio.run(_bad(pipe, good_port, servers, seconds, every, log))


async def _bad(
    pipe: Connection, good_port: int, servers: int, seconds: float, every: float, log: Path
) -> None:
    logging.getLogger("asyncio").setLevel(logging.ERROR)  # writing to clients that have gone
    bad = [BadServer(good_port, seed) for seed in range(servers)]
    for server in bad:
        await server.start()
    pipe.send([server.port for server in bad])
    await asyncio.to_thread(pipe.recv)
    with log.open("w", encoding="utf-8") as file:

        def note(turn: Turn, begins: bool) -> None:
            row = {"at": time.time(), "begins": begins, "server": turn.server, "mood": turn.mood}
            file.write(json.dumps(row) + "\n")
            file.flush()

        await perform(plan(11, servers, seconds, every), bad, note)
        await _until_told(pipe)


async def _until_told(pipe: Connection) -> None:
    """To end, or the other side has gone. A process that ends before that has failed."""
    with contextlib.suppress(EOFError):
        await asyncio.to_thread(pipe.recv)
