"""A stream that comes a second time with another gain spoils nothing."""

import numpy as np
import pytest
from msgspec.structs import replace

from forewave.live.loop import Loop
from forewave.sources.intake.inbox import Inbox, ReceivedPacket
from forewave.sources.replay import arrivals
from forewave.types import Alert
from tests.attacks import made_replay as made_network
from tests.cases import first_of


@pytest.mark.parametrize("factor", first_of([1000.0, 10.0, -1.0, 0.001]))
def test_a_second_source_with_another_gain_is_one_source(factor):
    recording, random = made_network.network(6, 5.5), np.random.default_rng(1)
    copied = {s.code for s in recording.stations[::2]}
    played = [(now, "a", packet) for now, packet in arrivals(recording, 1.0, 0.5)]
    for now, _, packet in list(played):
        if packet.stream.code in copied:
            samples = np.clip(packet.samples.astype(float) * factor, -(2**31), 2**31 - 1)
            other = replace(packet, samples=samples.astype(np.int32))
            played.append((now + float(random.normal(0.0, 0.2)), "b", other))
    told = _told(recording, sorted(played, key=lambda each: each[:2]))
    assert {alert.kind for alert in told} <= {"new", "update"}
    assert len({alert.event for alert in told}) == 1
    begins = recording.info.origin_time
    assert told[0].issued - begins < 8.0


def _told(recording, played):
    now = played[0][0]
    inbox, told = Inbox(lambda: now), []
    for name in "ab":
        inbox.open(name)
    rooms = made_network.pipeline(recording.stations)
    loop = Loop(inbox, rooms, lambda now, words, thought: told.extend(words))
    for now, source, packet in played:
        loop.take(ReceivedPacket(now, source, packet))
    assert loop.merge.counts["sources disagree"] > 0
    return [word for word in told if isinstance(word, Alert)]
