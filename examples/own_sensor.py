"""Feeds packets of own sensors to the rooms, as they come, and prints what follows.

    python examples/own_sensor.py

Here the packets are made up: noise, and from the 60th second on a decaying oscillation that four
stations feel one after the other. Replace `packets` by what reads your digitisers. The pipeline
has no clock: `now` is the time at which a packet is in hand.
"""

from collections.abc import Iterator

import numpy as np

import forewave

RATE = 100.0  # samples/s
GAIN = 400_000.0  # counts per m/s^2
SITES = {"A": (30.0, 104.0), "B": (30.2, 104.1), "C": (30.1, 104.3), "D": (29.9, 104.2)}
START = 1_600_000_000.0


def station(name: str) -> forewave.Station:
    """A vertical accelerometer."""
    lat, lon = SITES[name]
    vertical = forewave.Channel(forewave.StreamId("XX", name, "", "HNZ"), GAIN, "m/s^2", RATE)
    return forewave.Station(f"XX.{name}", lat, lon, 500.0, (vertical,))


def packets(seconds: int = 75) -> Iterator[tuple[float, forewave.Packet]]:
    """(arrival, packet): one second of each station, 0.3 s after its last sample."""
    random = np.random.default_rng(1)
    for second in range(seconds):
        for order, name in enumerate(SITES):
            since_p = second + np.arange(RATE) / RATE - 60.0 - 1.5 * order
            shaking = np.where(since_p > 0, np.exp(-np.maximum(since_p, 0) / 5), 0.0)
            motion = 0.2 * shaking * np.sin(2 * np.pi * 4.0 * since_p)
            noise = 2e-4 * random.standard_normal(int(RATE))
            counts = np.rint(GAIN * (motion + noise)).astype(np.int32)
            stream = forewave.StreamId("XX", name, "", "HNZ")
            start = START + second
            yield start + 1.3, forewave.Packet(stream, start, RATE, counts)


def main() -> None:
    """Print picks, solutions and alerts."""
    town = forewave.Place("Town", 30.4, 104.0)
    pipeline = forewave.Pipeline([station(name) for name in SITES], [town])
    for now, packet in packets():
        for time, message in pipeline.feed(packet, now):
            after = f"{time - START:6.2f} s"
            match message:
                case forewave.Pick():
                    print(f"{after}  {message.phase} at {message.station}")
                case forewave.Solution():
                    print(f"{after}  M {message.magnitude.value:.1f}, v{message.version}")
                case forewave.Alert():
                    print(f"{after}  alert: {message.kind}, {message.level}")


if __name__ == "__main__":
    main()
