"""A sequence of simulated earthquakes recorded by one small network, and its undisturbed alerts.

The reference is a replay of the same packets in this process with the same rooms, so differences
are due to the attack.
"""

import random
from collections.abc import Sequence

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
from forewave.types import Alert

LAT, LON, HALF_DEGREES = 24.0, 121.4, 0.3
FIRST, LAST = 30.0, 40.0  # seconds before the first origin, and after the last one
NEAR_KM, NEAR_S = 60.0, 10.0  # within which an alert is of an earthquake
_HEAD = """
title = "sequence"
duration = {seconds}
seed = {seed}
[network]
layout = "grid"
lat = {lat}
lon = {lon}
spacing_km = 20.0
count = {stations}
jitter = 0.3
sensor = "mems"
site = "town"
"""
_QUAKE = """
[[earthquake]]
after = {after}
lat = {lat}
lon = {lon}
depth_km = {depth_km}
magnitude = {magnitude}
"""


class Quake(Struct, frozen=True):
    """after: seconds from the beginning of the recording to the origin."""

    after: float
    lat: float
    lon: float
    depth_km: float
    magnitude: float


def quakes(seconds: float, count: int, seed: int) -> list[Quake]:
    """So many earthquakes of magnitude 4.8 to 5.8 within the network, at about equal intervals."""
    chance = random.Random(seed)
    step = (seconds - FIRST - LAST) / max(1, count - 1)
    return [
        Quake(
            round(FIRST + number * step + chance.uniform(-0.2, 0.2) * step * (number > 0), 1),
            round(LAT + chance.uniform(-HALF_DEGREES, HALF_DEGREES), 2),
            round(LON + chance.uniform(-HALF_DEGREES, HALF_DEGREES), 2),
            round(chance.uniform(8.0, 15.0), 1),
            round(chance.uniform(4.8, 5.8), 1),
        )
        for number in range(count)
    ]


def recording(seconds: float, wanted: Sequence[Quake], stations: int, seed: int) -> Recording:
    """Their waveforms at every station of the network."""
    head = _HEAD.format(seconds=seconds, seed=seed, lat=LAT, lon=LON, stations=stations)
    text = head + "".join(
        _QUAKE.format(**{name: getattr(quake, name) for name in Quake.__struct_fields__})
        for quake in wanted
    )
    return simulate(parse(text, "sequence"))


def undisturbed(recording: Recording) -> list[tuple[float, Alert]]:
    """(when, alert) of a process that nothing is done to."""
    pipeline = Pipeline(
        recording.stations, places(recording.stations, TownSettings()), travel_time.load()
    )
    packets = arrivals(recording)
    return [(now, word) for now, word in run(pipeline, packets) if isinstance(word, Alert)]


def is_of(quake: Quake, began: float, time: float, lat: float, lon: float) -> bool:
    """Whether an alert's origin is this earthquake's. began: of the recording as it was played."""
    away_km = float(distance_km(quake.lat, quake.lon, lat, lon))
    return abs(time - began - quake.after) <= NEAR_S and away_km <= NEAR_KM
