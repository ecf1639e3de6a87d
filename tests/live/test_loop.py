import asyncio
import math

import numpy as np
import pytest
from msgspec.structs import replace

from forewave.live.loop import Loop, StepTime
from forewave.sources.intake.inbox import Inbox, ReceivedPacket
from forewave.types import Alert, Dropped, Packet, StreamId

STREAM = StreamId("XX", "ABC", "", "HNZ")


def packet(start, count=100):
    return Packet(STREAM, start, 100.0, np.zeros(count, dtype=np.int32))


class Told:
    """A pipeline that answers what it was fed; thinks when it is told to."""

    def __init__(self):
        self.due, self.fed, self.thought = None, [], []

    def feed(self, piece, now):
        return self.decide(self.sense(piece, now), now)

    def sense(self, piece, now):
        self.fed.append((now, piece))
        return [Dropped("x", "heard")]

    def decide(self, said, now):
        return said

    def tick(self, now):
        self.thought.append(now)
        self.due = None
        return []

    def deadline(self):
        return self.due


def loop_of(pipeline, wall=lambda: 100.0, **more):
    heard = []
    return Loop(Inbox(wall), pipeline, lambda *moment: heard.append(moment), **more), heard


def test_what_arrives_in_time_is_the_replay_word_by_word(new_pipeline, packets, words):
    heard = []
    loop = Loop(Inbox(), new_pipeline(), lambda *moment: heard.append(moment))
    for arrival, each in packets:
        loop.take(ReceivedPacket(arrival, "a", each))
    said = [(now, word) for now, moment, _ in heard for word in moment]
    assert list(map(repr, said)) == list(map(repr, words))
    assert any(isinstance(word, Alert) for _, word in said)


def test_what_was_due_before_a_packet_comes_before_it():
    pipeline = Told()
    loop, heard = loop_of(pipeline)
    pipeline.due = 50.0
    loop.take(ReceivedPacket(60.0, "a", packet(59.0)))
    assert pipeline.thought == [50.0]
    assert [(now, thought) for now, _, thought in heard] == [(50.0, True), (60.0, False)]


def test_time_never_goes_back():
    pipeline = Told()
    loop, _ = loop_of(pipeline)
    loop.take(ReceivedPacket(60.0, "a", packet(59.0)))
    loop.take(ReceivedPacket(55.0, "b", packet(60.0)))
    assert [now for now, _ in pipeline.fed] == [60.0, 60.0]


def test_a_gap_is_waited_for_and_given_up_by_the_clock():
    pipeline, now = Told(), [0.0]
    loop, _ = loop_of(pipeline, lambda: now[0])
    for source, start in (("a", 0.0), ("b", 0.0), ("a", 2.0)):
        loop.take(ReceivedPacket(start + 1.0, source, packet(start)))
    assert len(pipeline.fed) == 1
    loop.pass_time(4.0)
    assert len(pipeline.fed) == 2


@pytest.mark.parametrize(("due", "thought"), [(99.95, 99.95), (99.0, 99.9), (100.0, 100.0)])
def test_silence_lets_deadlines_pass_each_at_its_moment(due, thought):
    pipeline = Told()
    loop, _ = loop_of(pipeline)
    pipeline.due = due
    asyncio.run(loop.turn())
    assert pipeline.thought == [thought]


def test_a_turn_takes_all_that_waits_and_tells_of_every_packet():
    pipeline, seen, pieces, lags = Told(), [], [], {}
    loop, _ = loop_of(
        pipeline,
        on_packet=lambda *each: seen.append(each),
        on_merged=lambda *each: pieces.append(each),
        on_lag=lags.__setitem__,
    )

    async def work():
        for start in (97.0, 98.0):
            loop._inbox.add(ReceivedPacket(start + 1.5, "a", packet(start)))
        await loop.turn()

    loop._inbox.open("a")
    asyncio.run(work())
    assert [arrival for _, arrival in seen] == [98.5, 99.5]
    assert [now for _, now in pieces] == [98.5, 99.5]
    assert lags["arrival"] == 0.51
    assert lags["merge"] == 0.5
    assert lags["compute"] > 0


def test_the_past_has_the_time_of_its_packets():
    pipeline = Told()
    loop, _ = loop_of(pipeline, clock=StepTime(lambda: 100.0, past=True))
    assert loop.clock() == 0.0
    loop.take(ReceivedPacket(60.0, "a", packet(59.0)))
    assert loop.clock() == 60.0
    assert math.isfinite(loop.now)


def test_a_repeated_packet_is_heard_once():
    pipeline = Told()
    loop, _ = loop_of(pipeline)
    for source in ("a", "b"):
        loop.take(ReceivedPacket(60.0, source, replace(packet(59.0))))
    assert len(pipeline.fed) == 1


def test_what_was_said_before_is_decided_on_first():
    pipeline = Told()
    loop, heard = loop_of(pipeline)
    before = [Dropped("x", "before")]
    loop.resume(before)
    loop.take(ReceivedPacket(99.0, "a", packet(98.0)))
    assert heard == [(99.0, [*before, Dropped("x", "heard")], False)]


def test_what_was_said_before_waits_for_no_packet():
    loop, heard = loop_of(Told())
    loop.resume([Dropped("x", "before")])
    loop.pass_time(100.0)
    assert heard == [(100.0, [Dropped("x", "before")], False)]
