import numpy as np
import pytest

from forewave.formats.recordings.event_directory import EventInfo
from forewave.types import Channel, Packet, Station, StreamId

T0 = 1_600_000_000.0


@pytest.fixture
def network():
    """Two stations, three components each, 20 s of noise at 100 samples/s: (stations, packets)."""
    noise = np.random.default_rng(1)
    stations, packets = [], []
    for number, code in enumerate(("AAA", "BBB")):
        channels = tuple(
            Channel(StreamId("XX", code, "", name), 1e5, "m/s^2", 100.0)
            for name in ("HNZ", "HNE", "HNN")
        )
        stations.append(Station(f"XX.{code}", 30.0 + number, 100.0, 500.0, channels))
        for channel in channels:
            samples = noise.integers(-1000, 1000, 2000).astype(np.int32)
            packets.append(Packet(channel.stream, T0, 100.0, samples))
    return tuple(stations), packets


@pytest.fixture
def quake():
    return EventInfo("made", T0 + 5, 30.5, 100.0, 10.0, 6.0, "Mw", "nowhere", "test", "earthquake")
