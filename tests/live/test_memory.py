"""A machine keeps no more the longer it runs, whatever happens to it.

The loop with its rooms, health and gateway on a made clock, so that many minutes pass in seconds.
What is counted is every byte that Python and numpy hold.
"""

import gc
import tracemalloc

import numpy as np
import pytest
from msgspec.structs import replace

from forewave.archive import travel_time
from forewave.delivery import signing
from forewave.delivery.gateway import Gateway
from forewave.health.collector import Health
from forewave.live.loop import Loop
from forewave.pipeline import Pipeline
from forewave.sources.intake.inbox import Inbox, ReceivedPacket
from forewave.types import Alert, Packet

PIECE = 5.0  # seconds of a packet


class Machine:
    """Everything of a live machine that remembers, without sockets; stations of one component."""

    def __init__(self, recording, packets):
        self.stations = [replace(s, channels=s.channels[:1]) for s in recording.stations]
        verticals = {s.channels[0].stream for s in self.stations}
        self._quake = [pair for pair in packets if pair[1].stream in verticals]
        self._begins = self._quake[0][1].start
        self.now = self._begins
        self._noise = np.random.default_rng(1).integers(-20, 21, 100_000).astype(np.int32)
        self.told = 0
        times = travel_time.load()
        self._health = Health(self.stations, self.now)
        self._gateway = Gateway(signing.generate(), self.clock, times)
        self._loop = Loop(
            Inbox(self.clock),
            Pipeline(self.stations, (), times),
            self._moment,
            on_lag=self._health.lag,
        )

    def clock(self):
        return self.now

    def _moment(self, now, words, thought):
        for word in words:
            self._health.receive(word, now)
            if isinstance(word, Alert):
                self._gateway.publish(word)
                self.told += word.kind == "new"

    def calm(self, seconds):
        """Noise at every station."""
        for _ in range(int(seconds / PIECE)):
            at = int(self.now * 7919) % 90_000
            for number, station in enumerate(self.stations):
                channel = station.channels[0]
                count = round(PIECE * channel.rate)
                samples = self._noise[at + number : at + number + count].copy()
                packet = Packet(channel.stream, self.now - PIECE, channel.rate, samples)
                self._loop.take(ReceivedPacket(self.now, "made", packet))
            self.now += PIECE

    def earthquake(self):
        """The made one, now."""
        later = self.now - self._begins
        for arrival, packet in self._quake:
            self.now = arrival + later
            moved = replace(packet, start=packet.start + later)
            self._loop.take(ReceivedPacket(self.now, "made", moved))
        self.now += PIECE


@pytest.fixture
def counted():
    """Bytes that are held, from now on."""
    tracemalloc.start()

    def held():
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    yield held
    tracemalloc.stop()


@pytest.mark.thorough
def test_what_an_earthquake_brought_is_forgotten_though_no_other_comes(recording, packets, counted):
    machine = Machine(recording, packets)
    machine.calm(300.0)
    calm = counted()
    machine.earthquake()
    amid = counted()
    machine.calm(480.0)
    after = counted()
    assert machine.told == 1
    assert after - calm < 0.15 * (amid - calm), "its last solution and alert, and no more"
    machine.calm(240.0)
    assert counted() - after < 2_000
    machine.earthquake()
    machine.calm(480.0)
    assert machine.told == 2
    assert counted() - after < 0.05 * (amid - calm)
