"""A recording to plant faults in."""

import numpy as np

from forewave.check.check import check_recording
from forewave.formats.recordings.event_directory import EventInfo, write
from forewave.types import Channel, Packet, Station, StreamId

T0 = 1_600_000_000.0
RATE = 100.0


def network(count=4):
    """Stations near Chengdu and 20 s of noise of each of their channels."""
    noise = np.random.default_rng(1)
    stations, packets = [], {}
    for number in range(count):
        code = f"S{number}"
        channels = tuple(
            Channel(StreamId("XX", code, "", name), 1e5, "m/s^2", RATE)
            for name in ("HNZ", "HNE", "HNN")
        )
        stations.append(Station(f"XX.{code}", 30.5 + number / 10, 104.0, 500.0, channels))
        for channel in channels:
            samples = noise.integers(-1000, 1000, 2000).astype(np.int32)
            packets[channel.stream] = Packet(channel.stream, T0, RATE, samples)
    return stations, packets


class Bench:
    """A recording to plant faults in."""

    def __init__(self, path):
        self.path = path
        self.stations, self.packets = network()
        self.receipts = None
        self.info = EventInfo("made")
        self.vertical = StreamId("XX", "S1", "", "HNZ")

    def change(self, start=T0, samples=None):
        old = self.packets[self.vertical].samples
        self.packets[self.vertical] = Packet(
            self.vertical, start, RATE, old if samples is None else samples
        )

    def rewrite(self, old, new):
        self.write()
        path = self.path / "stations.csv"
        path.write_text(path.read_text().replace(old, new))
        return self.found(False)

    def write(self):
        pieces = list(self.packets.values())
        write(self.path, self.info, self.stations, pieces, self.receipts)

    def found(self, again=True):
        if again:
            self.write()
        return check_recording(self.path)


def only(findings):
    (finding,) = findings
    assert finding.remedy
    assert "\n" not in finding.what
    return finding.severity, finding.subject, finding.what
