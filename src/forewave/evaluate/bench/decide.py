"""`forewave bench decide`: time from the decisive packet to the signed message.

A simulated network (a grid in Sichuan) records two earthquakes of magnitude 6.5 and 6.9, 20 s and
180 km apart. All packets are replayed in the order of arrival. The time of a packet runs from its
miniSEED bytes through decoding and the whole pipeline until every resulting alert is signed and
encoded. Decisive packets are those that lead to a new solution and, with it, to an alert or an
update. Updates that the alert policy delays are not counted.

Without waveforms (`great.py`): the updates of a magnitude 8 until 500 of 2,000 stations have
picked it, and the memory over an hour of its aftershocks.
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
from forewave.evaluate.scoring.playback import Clock, places
from forewave.formats.waveforms import miniseed
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
# Published times of the same step; not measured here.
PUBLISHED = (
    "published: EPIC in Israel about 80 ms after the last trigger (Nof and Allen 2016); "
    "SeisComP 20 to 40 ms after the last pick (replay of our recordings)"
)


class Decided(Struct, frozen=True):
    """Processing times of decisive packets, and of all packets that led to a new solution.

    alerts: number of decisive packets. first_alerts: of these, with a first alert.
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
        """The lines on the magnitude 8 earthquake, if measured."""
        if self.hour is None:
            return ""
        return (
            f"M 8 under {self.great_stations} stations, {self.great_picks} picks: "
            f"{self.great_updates} updates, p50 {self.great_p50_ms:.1f} ms, "
            f"p99 {self.great_p99_ms:.1f} ms\n"
            f"an hour of aftershocks under {self.hour.stations} stations, "
            f"{self.hour.words} messages: "
            f"memory {self.hour.memory_settled_mb:.0f} MB after 10 minutes, "
            f"{self.hour.memory_growth_mb:+.1f} MB at the end\n"
        )


def measure_all(
    stations: int = STATIONS,
    great_stations: int = GREAT_STATIONS,
    hour_stations: int = HOUR_STATIONS,
    clock: Clock = time.perf_counter,
) -> Decided:
    """Measure decisive packets, then the magnitude 8 earthquake and the hour after it."""
    decided = measure(stations, clock=clock)
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
        decided,
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
    """Simulate the network and its records, replay them, and time the decisive packets.

    Takes some minutes for 1,000 stations; shows a progress bar on standard error.
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
    simulating = bar.add_task("simulating records", total=stations)
    recording = simulate(scenario, lambda done, _: bar.update(simulating, completed=done))
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
    """Times steps of the pipeline that lead to a solution or an alert."""

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
    """Feed all packets as bytes; ticks between packets are separate steps."""
    for now, packet in packets:
        while (deadline := pipeline.deadline()) is not None and deadline < now:
            timer.step(partial(pipeline.tick, deadline))
        timer.step(partial(_feed, pipeline, miniseed.encode([packet]), now))


def _feed(pipeline: Pipeline, data: bytes, now: float) -> list[Message]:
    """Output of the pipeline for the packets in these bytes."""
    decoded, _ = miniseed.packets(data)
    return [word for packet in decoded for word in pipeline.feed(packet, now)]


def machine() -> str:
    """Name and number of processors, operating system and Python version."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    name = names[0] if names else platform.processor() or platform.machine()
    cores = f"{os.cpu_count()} cores"
    return f"{name}, {cores}, {platform.system()}, Python {platform.python_version()}"
