"""A small simulated network, what disturbs it, and what is issued about it."""

from collections.abc import Callable, Iterable

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from forewave.earth.distance import distance_km
from forewave.earth.travel_time import TravelTimes
from forewave.formats.recordings.event_directory import Recording
from forewave.pipeline import Pipeline, run
from forewave.simulate.scenario import parse
from forewave.simulate.simulator import simulate
from forewave.sources.replay import arrivals
from forewave.types import Alert, Packet, Station

Floats = NDArray[np.float64]
BEGIN = 1893456000.0  # of simulated recordings
LAT, LON = 24.05, 121.45


def network(
    extra: str, sensor: str = "mems", duration: float = 75.0, seed: int = 11, count: int = 25
) -> Recording:
    """Stations, 20 km apart, in which something happens."""
    site = "town" if sensor == "mems" else "ordinary"
    return simulate(
        parse(
            f"""
            duration = {duration}
            seed = {seed}
            [network]
            layout = "grid"
            lat = 24.0
            lon = 121.4
            spacing_km = 20.0
            count = {count}
            jitter = 0.3
            sensor = "{sensor}"
            site = "{site}"
            {extra}
            """,
            "made.toml",
        )
    )


def quake(after: float, magnitude: float = 5.5, lat: float = LAT, lon: float = LON) -> str:
    return (
        f"[[earthquake]]\nafter = {after}\nlat = {lat}\nlon = {lon}\n"
        f"depth_km = 12.0\nmagnitude = {magnitude}\n"
    )


def add(recording: Recording, motion: Callable[[str, Floats], Floats | None]) -> Recording:
    """With what `motion` makes of a station's code and the seconds, in its sensors' unit."""
    gains = {c.stream: c.gain for s in recording.stations for c in s.channels}
    pieces = []
    for piece in recording.segments:
        seconds = piece.start - BEGIN + np.arange(len(piece.samples)) / piece.rate
        more = motion(piece.stream.code, seconds)
        if more is not None:
            samples = np.rint(piece.samples + more * gains[piece.stream]).astype(np.int32)
            piece = replace(piece, samples=samples)
        pieces.append(piece)
    return replace(recording, segments=tuple(pieces))


def near(recording: Recording) -> list[Station]:
    """The stations by distance from the earthquake."""
    return sorted(recording.stations, key=lambda s: float(distance_km(LAT, LON, s.lat, s.lon)))


def nearest(recording: Recording, count: int) -> list[str]:
    """Codes of the stations nearest to the earthquake."""
    return [station.code for station in near(recording)[:count]]


def packets(recording: Recording) -> list[tuple[float, Packet]]:
    return arrivals(recording, 1.0, 0.5)


def issued(
    recording: Recording, travel_times: TravelTimes, given: Iterable[tuple[float, Packet]]
) -> dict[str, list[tuple[float, Alert]]]:
    """By event, what is issued, with the seconds since the recording's begin."""
    events: dict[str, list[tuple[float, Alert]]] = {}
    for now, word in run(Pipeline(recording.stations, (), travel_times), given):
        if isinstance(word, Alert):
            events.setdefault(word.event, []).append((now - BEGIN, word))
    return events


def away_km(alert: Alert) -> float:
    return float(distance_km(LAT, LON, alert.origin.lat, alert.origin.lon))
