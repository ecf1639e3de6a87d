"""`forewave bench decide`: from the deciding packet to the signed message.

A made network (a grid over Sichuan) records two earthquakes of magnitude 6.5 and 6.9, 20 s
apart and 180 km from each other. All packets are replayed in the order of their arrival. What is
timed is one packet: its miniSEED bytes are in hand, they are decoded, go through the whole
pipeline, and every alert that follows is signed and encoded. The packets that count are those
that people wait for: which brought a new solution, and with it an alert or an update of one.
Updates that the policy held back for a while, and then let go, are not among them.

Beside it, without waveforms (`great.py`): the updates of a magnitude 8 until 500 of 2,000
stations have picked it, and what an hour of its aftershocks does to the memory.
"""

import os
import platform
import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from msgspec import Struct
from msgspec.structs import replace
from rich.console import Console
from rich.progress import Progress

from forewave.alerts.policy import AlertSettings
from forewave.archive import travel_time
from forewave.delivery.signing import Keys, generate
from forewave.evaluate.bench import great
from forewave.evaluate.bench.great import Hour
from forewave.evaluate.judge.playback import Clock, places
from forewave.formats import miniseed
from forewave.pipeline import Pipeline, PipelineSettings
from forewave.simulate.earthquake import Earthquake
from forewave.simulate.network import Grid
from forewave.simulate.scenario import Scenario
from forewave.simulate.simulator import simulate
from forewave.sources.replay import arrivals
from forewave.stations.kernel import compile_kernels
from forewave.types import Alert, Message, Packet, Solution

STATIONS, GREAT_STATIONS, HOUR_STATIONS = 1000, 2000, 100
SPACING_KM = 15.0
QUAKES = (
    Earthquake(after=12.0, lat=30.2, lon=104.1, depth_km=12.0, magnitude=6.5, strike=30.0),
    Earthquake(after=32.0, lat=31.4, lon=105.4, depth_km=10.0, magnitude=6.9, strike=120.0),
)
DURATION_S = 52.0
# What others published of the same step; not measured here.
PUBLISHED = (
    "published: EPIC in Israel about 80 ms after the last trigger (Nof and Allen 2016); "
    "SeisComP 20 to 40 ms after the last pick (replay of our recordings)"
)


class Decided(Struct, frozen=True):
    """How long the deciding packets took, and all packets that brought a new solution.

    alerts: how many packets decided, first_alerts: how many of these for the first time.
    """

    machine: str
    stations: int
    packets: int
    alerts: int
    first_alerts: int
    p50_ms: float
    p99_ms: float
    worst_ms: float
    solutions: int
    solution_p50_ms: float
    solution_p99_ms: float
    great_stations: int = 0
    great_picks: int = 0
    great_updates: int = 0
    great_p50_ms: float = float("nan")
    great_p99_ms: float = float("nan")
    hour: Hour | None = None

    def __str__(self) -> str:
        return (
            f"decide: {self.stations} stations, {self.alerts} alerts and updates: "
            f"p50 {self.p50_ms:.1f} ms, p99 {self.p99_ms:.1f} ms, worst {self.worst_ms:.1f} ms; "
            f"{self.solutions} solutions: p50 {self.solution_p50_ms:.1f} ms, "
            f"p99 {self.solution_p99_ms:.1f} ms\n{self._great()}"
            f"{PUBLISHED}\non {self.machine}"
        )

    def _great(self) -> str:
        """The lines on the great earthquake and its hour, where they were measured."""
        if self.hour is None:
            return ""
        return (
            f"M 8 under {self.great_stations} stations, {self.great_picks} picks: "
            f"{self.great_updates} updates, p50 {self.great_p50_ms:.1f} ms, "
            f"p99 {self.great_p99_ms:.1f} ms\n"
            f"an hour of aftershocks under {self.hour.stations} stations, {self.hour.words} words: "
            f"memory {self.hour.memory_settled_mb:.0f} MB after 10 minutes, "
            f"{self.hour.memory_growth_mb:+.1f} MB at the end\n"
        )


def measure_all(
    stations: int = STATIONS,
    great_stations: int = GREAT_STATIONS,
    hour_stations: int = HOUR_STATIONS,
    clock: Clock = time.perf_counter,
) -> Decided:
    """From bytes to the signed message; then the great earthquake and its hour."""
    made = measure(stations, clock=clock)
    timer = Timer(generate(), clock)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        bar.add_task(f"magnitude 8 under {great_stations} stations", total=None)
        _, _, picks = great.great(great.stations_of(great_stations), timer.step)
        task = bar.add_task("an hour of aftershocks", total=great.HOUR_S)
        silent = Timer(generate(), clock)
        hour = great.hour(
            great.stations_of(hour_stations),
            silent.step,
            lambda second: bar.update(task, completed=second),
        )
    p50_ms, p99_ms = _percentiles(timer.solutions_ms)
    return replace(
        made,
        great_stations=great_stations,
        great_picks=picks,
        great_updates=len(timer.solutions_ms),
        great_p50_ms=p50_ms,
        great_p99_ms=p99_ms,
        hour=hour,
    )


def measure(
    stations: int = STATIONS,
    quakes: tuple[Earthquake, ...] = QUAKES,
    duration_s: float = DURATION_S,
    clock: Clock = time.perf_counter,
) -> Decided:
    """Make the network and its records, replay them, and time the deciding packets.

    Some minutes for a thousand stations; a bar on standard error tells how far it is.
    """
    compile_kernels()
    with Progress(console=Console(stderr=True), transient=True) as bar:
        return _measure(stations, quakes, duration_s, bar, clock)


def _measure(
    stations: int,
    quakes: tuple[Earthquake, ...],
    duration_s: float,
    bar: Progress,
    clock: Clock,
) -> Decided:
    network = Grid(lat=30.0, lon=104.0, spacing_km=SPACING_KM, count=stations, jitter=0.3)
    scenario = Scenario(duration=duration_s, seed=7, network=network, earthquake=quakes)
    making = bar.add_task("making records", total=stations)
    recording = simulate(scenario, lambda done, _: bar.update(making, completed=done))
    settings = PipelineSettings(alerts=AlertSettings(mode="test"))
    pipeline = Pipeline(recording.stations, places(recording), travel_time.load(), settings)
    packets = arrivals(recording)
    timer = Timer(generate(), clock)
    replay(pipeline, bar.track(packets, description="replaying"), timer)
    p50_ms, p99_ms = _percentiles(timer.alerts_ms)
    solution_p50_ms, solution_p99_ms = _percentiles(timer.solutions_ms)
    return Decided(
        machine=machine(),
        stations=len(recording.stations),
        packets=len(packets),
        alerts=len(timer.alerts_ms),
        first_alerts=timer.first_alerts,
        p50_ms=p50_ms,
        p99_ms=p99_ms,
        worst_ms=max(timer.alerts_ms, default=float("nan")),
        solutions=len(timer.solutions_ms),
        solution_p50_ms=solution_p50_ms,
        solution_p99_ms=solution_p99_ms,
    )


class Timer:
    """Times steps of the pipeline, and keeps those that brought a solution or an alert by it."""

    def __init__(self, keys: Keys, clock: Clock) -> None:
        self._keys, self._clock = keys, clock
        self.alerts_ms: list[float] = []
        self.solutions_ms: list[float] = []
        self.first_alerts = 0

    def step(self, answer: Callable[[], Iterable[Message]]) -> None:
        """Let the pipeline answer and sign every alert in what it says."""
        begun = self._clock()
        words = list(answer())
        alerts = [word for word in words if isinstance(word, Alert)]
        for alert in alerts:
            self._keys.seal(alert)
        took_ms = 1000 * (self._clock() - begun)
        if any(isinstance(word, Solution) for word in words):
            self.solutions_ms.append(took_ms)
            if alerts:
                self.alerts_ms.append(took_ms)
                self.first_alerts += sum(alert.kind == "new" for alert in alerts)


def _percentiles(times_ms: Sequence[float]) -> tuple[float, float]:
    """p50 and p99; nan where nothing was timed."""
    p50_ms, p99_ms = np.percentile(times_ms or [np.nan], (50, 99))
    return float(p50_ms), float(p99_ms)


def replay(pipeline: Pipeline, packets: Iterable[tuple[float, Packet]], timer: Timer) -> None:
    """Feed everything as bytes; what the pipeline does between packets is a step of its own."""
    for now, packet in packets:
        while (deadline := pipeline.deadline()) is not None and deadline < now:
            timer.step(partial(pipeline.tick, deadline))
        timer.step(partial(_feed, pipeline, miniseed.encode([packet]), now))


def _feed(pipeline: Pipeline, data: bytes, now: float) -> list[Message]:
    """What the pipeline says of the packets in these bytes."""
    decoded, _ = miniseed.packets(data)
    return [word for packet in decoded for word in pipeline.feed(packet, now)]


def machine() -> str:
    """The processor's name, as the system tells it, and the Python that ran."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor() or platform.machine()
    cores = f"{os.cpu_count()} cores"
    return f"{name}, {cores}, {platform.system()}, Python {platform.python_version()}"
