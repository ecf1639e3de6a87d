"""A loop that is behind: the rooms think less often, of all that was said, and nothing is lost."""

from types import SimpleNamespace

import numpy as np
import pytest

from forewave.live import loop as run_loop
from forewave.live.loop import Loop
from forewave.sources.intake.inbox import Inbox, ReceivedPacket
from forewave.types import Packet, StreamId

T0 = 1_700_000_000.0


class Rooms:
    """Say of each packet its number; each thought takes a tenth of a second, all else nothing."""

    def __init__(self, clock):
        self.clock, self.moments = clock, []

    def sense(self, packet, now):
        return [int(packet.samples[0])]

    def feed(self, packet, now):
        return self.decide(self.sense(packet, now), now)

    def decide(self, said, now):
        self.clock.time += 0.1
        self.moments.append((now, said))
        return said

    def deadline(self):
        return None


@pytest.fixture
def live(monkeypatch):
    """A loop on a clock that only thoughts move; what it told; and the clock."""
    clock = SimpleNamespace(time=T0)
    steady = SimpleNamespace(perf_counter=lambda: clock.time, monotonic=lambda: clock.time)
    monkeypatch.setattr(run_loop, "time", steady)
    told = []
    loop = Loop(
        Inbox(lambda: clock.time), Rooms(clock), lambda now, words, thought: told.append(words)
    )
    return SimpleNamespace(loop=loop, told=told, clock=clock)


def delivery(number, age):
    """A packet of a station of its own that arrived that long ago."""
    stream = StreamId("XX", f"S{number}", "", "HNZ")
    packet = Packet(stream, T0 - 1.0, 100.0, np.full(100, number, np.int32))
    return ReceivedPacket(T0 - age, "made", packet)


def test_a_loop_in_time_thinks_of_each_packet(live):
    for number in range(5):
        live.loop.take(delivery(number, age=-1.0))
    assert live.told == [[0], [1], [2], [3], [4]]


def test_a_loop_that_is_behind_rests_as_long_as_its_last_thought(live):
    live.loop.take(delivery(0, age=5.0))
    for number in range(1, 4):
        live.loop.take(delivery(number, age=5.0))
    assert live.told == [[0]], "it only hears"
    live.clock.time += 0.11
    live.loop.take(delivery(4, age=5.0))
    assert live.told == [[0], [1, 2, 3, 4]]


def test_what_is_held_is_decided_on_when_all_has_been_heard(live):
    for number in range(4):
        live.loop.take(delivery(number, age=5.0))
    live.loop.pass_time(live.clock.time)
    assert live.told == [[0], [1, 2, 3]]
    live.loop.pass_time(live.clock.time)
    assert len(live.told) == 2


def test_half_of_the_time_goes_to_hearing_and_nothing_is_lost(live):
    for number in range(1000):
        live.loop.take(delivery(number, age=50.0))
        live.clock.time += 0.001
    live.loop.pass_time(live.clock.time)
    assert [word for words in live.told for word in words] == list(range(1000))
    assert len(live.told) == pytest.approx(11, abs=1)
