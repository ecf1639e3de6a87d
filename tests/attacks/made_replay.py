"""Small simulated networks, and what is told of them: for attacks on the decision."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import numpy as np
from msgspec.structs import replace

from forewave.archive import travel_time
from forewave.formats.inventories import stations_csv
from forewave.formats.recordings.event_directory import Recording
from forewave.live.places import places
from forewave.pipeline import Pipeline, PipelineSettings, run
from forewave.settings import TownSettings
from forewave.sources.replay import arrivals
from forewave.types import Alert, Packet, Station
from tests.attacks import made_network

QUAKE = made_network.LAT, made_network.LON
near = made_network.near
BEGINS = 20.0  # s from the first sample to the earthquake


def network(seed: int = 6, magnitude: float | None = 5.5, count: int = 16, seconds: float = 50.0):
    """A grid of accelerometers 20 km apart; magnitude None: no earthquake."""
    quake = made_network.quake(BEGINS, magnitude) if magnitude else ""
    return made_network.network(quake, duration=seconds, seed=seed, count=count)


def pipeline(
    stations: Iterable[Station],
    settings: PipelineSettings | None = None,
    gains: Mapping[str, Iterable[float]] | None = None,
) -> Pipeline:
    """All rooms of these stations. gains: what was learned of them before."""
    stations = tuple(stations)
    sites = places(stations, TownSettings())
    return Pipeline(stations, sites, travel_time.load(), settings, gains)


def write_config(folder: Path, stations: Iterable[Station]) -> None:
    """An inventory and settings that name it."""
    stations_csv.write(folder / "stations.csv", stations)
    (folder / "forewave.toml").write_text("")


def told(
    recording: Recording,
    stations: Iterable[Station] | None = None,
    change: Callable[[Packet], Packet] = lambda packet: packet,
    settings: PipelineSettings | None = None,
) -> list[Alert]:
    """The alerts of a recording with other stations' metadata, or other packets."""
    rooms = pipeline(recording.stations if stations is None else stations, settings)
    changed = ((now, change(packet)) for now, packet in arrivals(recording, 1.0, 0.5))
    return [word for _, word in run(rooms, changed) if isinstance(word, Alert)]


def knock(
    recording: Recording, code: str, size_ms2: float, after: float
) -> Callable[[Packet], Packet]:
    """A lorry or footstep at one station."""
    gains = {c.stream: c.gain for s in recording.stations if s.code == code for c in s.channels}
    first = min(packet.start for packet in recording.segments) + after

    def added(packet: Packet) -> Packet:
        if packet.stream not in gains:
            return packet
        time = packet.start - first + np.arange(len(packet.samples)) / packet.rate
        since = np.maximum(time, 0.0)
        motion = size_ms2 * (time >= 0) * np.exp(-since) * np.sin(2 * np.pi * 6.0 * since)
        return replace(packet, samples=packet.samples + (motion * gains[packet.stream]).astype(int))

    return added
