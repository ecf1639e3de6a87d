"""Made signals, and a station to feed them to."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from forewave.stations.detector import Detector, Out
from forewave.types import Channel, Packet, Station, StreamId, Unit

START = 1_600_000_000.0
Floats = NDArray[np.float64]


def make_station(
    rate: float = 100.0, unit: Unit = "m/s^2", components: str = "ZNE", gain: float = 1.0
) -> Station:
    streams = [StreamId("XX", "MADE", "", f"HN{c}") for c in components]
    channels = tuple(Channel(s, gain, unit, rate) for s in streams)
    return Station("XX.MADE", 24.0, 121.5, 0.0, channels)


def cut(station: Station, traces: Sequence[Floats], seconds: float = 1.0) -> list[Packet]:
    """Traces, one a channel, as equal packets; the components in turn."""
    rate = station.channels[0].rate
    size = max(1, round(seconds * rate))
    return [
        Packet(channel.stream, START + i / rate, rate, trace[i : i + size])
        for i in range(0, len(traces[0]), size)
        for channel, trace in zip(station.channels, traces, strict=True)
    ]


def arrival(packet: Packet) -> float:
    return packet.start + len(packet.samples) / packet.rate + 0.5


def feed(detector: Detector, packets: Sequence[Packet]) -> list[Out]:
    return [word for packet in packets for word in detector.feed(packet, arrival(packet))]


def shake(
    seconds: float, rate: float, onset: float, peak: float, *, noise: float = 1e-4, seed: int = 1
) -> Floats:
    """Noise, and from the onset on band-limited noise that decays over ten seconds."""
    random = np.random.default_rng(seed)
    t = np.arange(round(seconds * rate)) / rate
    wave = np.convolve(random.standard_normal(len(t)), np.hanning(max(4, rate / 10)), "same")
    wave *= np.where(t >= onset, np.exp(-np.maximum(0.0, t - onset) / 10.0), 0.0)
    made: Floats = wave / np.abs(wave).max() * peak + noise * random.standard_normal(len(t))
    return made
