"""A magnitude 8 earthquake and an hour of its aftershocks: processing time and memory.

The events, shaking and alerts rooms receive synthetic observations (`synthetic_observations.py`),
so an hour takes minutes. First a magnitude 8 until 500 stations have picked it: every step of the
pipeline with a new solution is timed, including the signing of alerts. Then the hour: aftershocks
of M 4 to 6.8 by the laws of Omori and of Gutenberg and Richter along the same fault. The memory of
the process should not grow after the first ten minutes.
"""

import os
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from msgspec import Struct

from forewave.alerts.policy import AlertSettings
from forewave.archive import travel_time
from forewave.evaluate.bench.synthetic_observations import StationMessages, SyntheticStations
from forewave.evaluate.scoring.catalogue import Quake
from forewave.pipeline import Pipeline, PipelineSettings
from forewave.simulate import network
from forewave.simulate.network import Grid
from forewave.types import Message, Packet, Place, Station

Step = Callable[[Callable[[], Sequence[Message]]], None]
Progress = Callable[[float], None]

CENTRE = (30.0, 104.0)
SPACING_KM = 15.0
MAIN_MAGNITUDE, MOST_PICKS = 8.0, 500
QUIET_S = 60.0  # before the earthquake, so that the state of every station is known
HOUR_S, SETTLED_S = 3600.0, 600.0
AFTERSHOCKS, LEAST_M, MOST_M = 60, 4.0, 6.8
OMORI_C_S = 60.0
FAULT_KM = 200.0


class Hour(Struct, frozen=True):
    """Number of messages in the hour, and the memory of the process.

    words: messages of stations. Memory after the first ten minutes and at the end.
    """

    stations: int
    words: int
    memory_settled_mb: float
    memory_end_mb: float
    memory_growth_mb: float


class ScriptedDetector:
    """Stands in for a station's detector: returns prepared observations."""

    def __init__(self) -> None:
        self.words: Sequence[Message] = ()

    def feed(self, packet: Packet, now: float) -> Sequence[Message]:
        """Return the prepared observations."""
        return self.words


class ScriptedPipeline:
    """A pipeline with prepared observations in place of detectors."""

    def __init__(self, stations: Sequence[Station]) -> None:
        places = [Place(s.code, s.lat, s.lon, "station", s.vs30_ms) for s in stations]
        settings = PipelineSettings(alerts=AlertSettings(mode="test"))
        self.pipeline = Pipeline(stations, places, travel_time.load(), settings)
        self._scripts = {s.code: ScriptedDetector() for s in stations}
        scripted: Any = self._scripts
        self.pipeline.detectors = scripted
        silence = np.zeros(0, np.int32)
        self._packets = {s.code: Packet(s.channels[0].stream, 0.0, 1.0, silence) for s in stations}

    def receive(self, messages: StationMessages, step: Step) -> None:
        """Feed one station's observations, after the ticks that are due before."""
        while (deadline := self.pipeline.deadline()) is not None and deadline < messages.arrival:
            step(partial(self.pipeline.tick, deadline))
        self._scripts[messages.station].words = messages.words
        step(partial(self.pipeline.feed, self._packets[messages.station], messages.arrival))


def stations_of(count: int) -> tuple[Station, ...]:
    """The network: a grid with jitter."""
    lat, lon = CENTRE
    grid = Grid(lat=lat, lon=lon, spacing_km=SPACING_KM, count=count, jitter=0.3)
    return network.stations(grid, 7)


def great(
    stations: Sequence[Station], step: Step, most_picks: int = MOST_PICKS
) -> tuple[ScriptedPipeline, float, int]:
    """Run the main shock up to this number of picks; returns pipeline, time reached and picks."""
    pipeline, now, picks = ScriptedPipeline(stations), 0.0, 0
    synthetic = SyntheticStations(stations, [main_shock()], travel_time.load())
    while picks < most_picks and now < QUIET_S + 200.0:
        for messages in synthetic.second(now):
            pipeline.receive(messages, step)
            picks += len(messages.words) == 3
        now += 1.0
    return pipeline, now, picks


def hour(
    stations: Sequence[Station],
    step: Step,
    on_second: Progress = lambda _: None,
    lasts: float = HOUR_S,
    settled: float = SETTLED_S,
) -> Hour:
    """Run the main shock and an hour of aftershocks, and measure the memory."""
    pipeline, words = ScriptedPipeline(stations), 0
    synthetic = SyntheticStations(stations, [main_shock(), *aftershocks()], travel_time.load())
    marks: dict[bool, float] = {}

    for second in np.arange(0.0, QUIET_S + lasts).tolist():
        for messages in synthetic.second(second):
            words += len(messages.words)
            pipeline.receive(messages, step)
        on_second(second)
        if second == QUIET_S + settled:
            marks[False] = memory_mb()
    marks[True] = memory_mb()
    return Hour(len(stations), words, marks[False], marks[True], marks[True] - marks[False])


def main_shock() -> Quake:
    """A magnitude 8 in the middle of the network."""
    return Quake(QUIET_S, CENTRE[0], CENTRE[1], 15.0, MAIN_MAGNITUDE)


def aftershocks() -> list[Quake]:
    """The aftershocks of an hour, from a fixed seed."""
    rng = np.random.default_rng(11)
    share = rng.uniform(0, 1, AFTERSHOCKS)
    after = OMORI_C_S * ((1 + HOUR_S / OMORI_C_S) ** share - 1)  # Omori with p = 1
    size = np.minimum(LEAST_M - np.log10(rng.uniform(1e-3, 1, AFTERSHOCKS)), MOST_M)
    along = rng.uniform(-0.5, 0.5, AFTERSHOCKS) * FAULT_KM / 111.2
    return [
        Quake(QUIET_S + 20.0 + t, CENTRE[0] + 0.8 * x, CENTRE[1] + 0.6 * x, 10.0, m)
        for t, x, m in zip(after.tolist(), along.tolist(), size.tolist(), strict=True)
    ]


def memory_mb() -> float:
    """Resident memory of the process, MB; nan without /proc."""
    file = Path("/proc/self/statm")
    if not file.exists():
        return float("nan")
    return int(file.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
