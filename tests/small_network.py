"""A recording to be served: stations around a made earthquake, the last ones far away."""

from pathlib import Path

import numpy as np

from forewave.formats.recordings.event_directory import EventInfo, Recording
from forewave.types import Channel, Packet, Station, StreamId

T0 = 1_600_000_000.0
INFO = EventInfo(
    "made2020abcd", T0 + 60.0, 24.0, 121.5, 10.0, 5.0, "Mw", "nowhere", "made", "earthquake"
)


def recording(count=12, step=0.1):
    """`count` stations to the north, `step` degrees apart, with 200 s of noise each."""
    noise = np.random.default_rng(1)
    stations, pieces = [], []
    for number in range(count):
        code = f"S{number:02d}"
        channels = tuple(
            Channel(StreamId("XX", code, "00" if number % 2 else "", name), 1e5, "m/s^2", 100.0)
            for name in ("HNZ", "HNE", "HNN")
        )
        stations.append(Station(f"XX.{code}", 24.0 + step * number, 121.5, 100.0, channels))
        for channel in channels:
            samples = noise.integers(-900, 900, 20_000).astype(np.int32)
            pieces.append(Packet(channel.stream, T0, 100.0, samples))
    return Recording(Path("made"), INFO, tuple(stations), tuple(pieces), None, ())
