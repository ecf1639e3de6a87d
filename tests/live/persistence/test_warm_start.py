"""A machine that hears the small earthquake is killed in it, and made warm again."""

from itertools import count

import numpy as np
import pytest

from forewave.archive import travel_time
from forewave.formats.storage import journal_blocks
from forewave.formats.storage.log_blocks import Step
from forewave.live.loop import Loop
from forewave.live.persistence import recovery, warm_start
from forewave.live.persistence.recovery import Rebuilt
from forewave.live.persistence.warm_start import left, since
from forewave.pipeline import Pipeline
from forewave.sources.intake.inbox import Inbox, ReceivedPacket
from forewave.sources.intake.merge import Merge
from forewave.sources.replay import arrivals
from forewave.types import Amplitude, Dropped, Packet, Pick, Solution, StationState, StreamId
from tests.cases import first_of


def disk(given):
    """What was given on, as it comes from the disk."""
    return [
        piece for block in journal_blocks.read(journal_blocks.encode(given), 0.0) for piece in block
    ]


@pytest.fixture
def killed(new_pipeline, packets, steps, recording):
    """What is left of a machine that was killed some seconds after the first alert."""

    def after(seconds, record_lacks=0.0):
        end = recording.info.origin_time + 5.0 + seconds
        given = [(now, packet) for now, packet in packets if now < end]
        known = recovery.rebuild(
            new_pipeline().decider, [m for m in steps if m.now < end - record_lacks], end
        )
        return end, disk(given), known

    return after


def told(said, kind):
    return [word for word in said if isinstance(word, kind)]


def heard(steps, begin, end, kind):
    return [w for m in steps if begin < m.now < end for w in m.words if isinstance(w, kind)]


def test_what_the_rooms_know_is_not_told_again(new_pipeline, killed):
    _, pieces, known = killed(3.0)
    warmed = warm_start.warm_up(new_pipeline(), Merge(), pieces, known)
    assert (warmed.stations, warmed.cold) == (len({piece.code for piece in pieces}), 0)
    assert len(known.picks) > 3
    assert told(warmed.observations, Pick) == []
    assert told(warmed.observations, Amplitude) == []
    assert len(told(warmed.observations, StationState)) <= 1  # of the very last step


def test_what_the_record_lacks_is_told_and_nothing_else(new_pipeline, killed, steps):
    lacks = 2.0
    end, pieces, known = killed(3.0, lacks)
    warmed = warm_start.warm_up(new_pipeline(), Merge(), pieces, known)
    for kind in (Pick, Amplitude):
        missing = heard(steps, end - lacks - 1e-6, end, kind)
        assert missing
        assert sorted(map(repr, told(warmed.observations, kind))) == sorted(map(repr, missing))
    assert not told(warmed.observations, Dropped)


def test_peaks_go_on_under_the_names_that_picks_had(new_pipeline, killed, packets, steps):
    end, pieces, known = killed(3.0)
    renamed = [Pick(f"{p.id}x", p.stream, p.phase, p.time + 0.04, p.sigma) for p in known.picks]
    pipeline = new_pipeline()
    warm_start.warm_up(pipeline, Merge(), pieces, Rebuilt(1, end, picks=renamed))
    rest = [(now, p) for now, p in packets if end <= now < end + 3.0]
    words = [word for now, packet in rest for word in pipeline.sense(packet, now)]
    names = {pick.id for pick in renamed}
    again = [w for w in told(words, Amplitude) if w.pick in names]
    before = {p.id for p in known.picks}
    undisturbed = [w for w in heard(steps, end - 1e-6, end + 3.0, Amplitude) if w.pick in before]
    assert len(again) == len(undisturbed) > 10
    assert [w.pd_m for w in again] == pytest.approx([w.pd_m for w in undisturbed], rel=1e-3)


def test_nothing_comes_twice(new_pipeline, killed):
    end, pieces, known = killed(3.0)
    merge = Merge()
    warm_start.warm_up(new_pipeline(), merge, pieces, known)
    last = {piece.channel + piece.code: piece for piece in pieces}
    for piece in last.values():
        packet = journal_blocks.packet(piece)
        assert merge.feed("a", packet, end + 1.0) == []
        going_on = Packet(packet.stream, journal_blocks.end_of(piece), packet.rate, packet.samples)
        assert merge.feed("a", going_on, end + 2.0) == [going_on]


def test_it_goes_on_as_the_undisturbed_machine(new_pipeline, killed, packets, steps):
    end, pieces, known = killed(2.0)
    pipeline, said = new_pipeline(), []
    recovery.rebuild(pipeline.decider, [m for m in steps if m.now < end], end)
    loop = Loop(Inbox(), pipeline, lambda *step: said.append(step))
    loop.resume(warm_start.warm_up(pipeline, loop.merge, pieces, known).observations)
    for now, packet in packets:
        if now >= end:
            loop.take(ReceivedPacket(now, "a", packet))
    again = [w for _, words, _ in said for w in words if isinstance(w, Solution)]
    (*_, last) = [w for m in steps for w in m.words if isinstance(w, Solution)]
    assert again[-1].event == last.event
    assert again[-1].magnitude.value == pytest.approx(last.magnitude.value, abs=0.02)
    assert again[-1].origin.lat == pytest.approx(last.origin.lat, abs=0.01)


def test_without_time_those_that_picked_last_come_first(new_pipeline, killed):
    _, pieces, known = killed(3.0)
    pipeline, turns = new_pipeline(), count()
    warmed = warm_start.warm_up(pipeline, Merge(), pieces, known, lambda: next(turns) < 4)
    assert (warmed.stations, warmed.cold) == (4, len(pipeline.detectors) - 4)
    last = {}
    for pick in known.picks:
        last[pick.station] = max(pick.time, last.get(pick.station, 0.0))
    wanted = sorted(last, key=lambda code: -last[code])[:4]
    age = {c: d._memory.arrays.components[0]["age"] for c, d in pipeline.detectors.items()}
    warm = [code for code in age if age[code] > 0]
    assert sorted(warm) == sorted(wanted)


def test_stations_that_are_no_more_are_passed_over(new_pipeline, killed):
    _, pieces, known = killed(1.0)
    stranger = Packet(StreamId("ZZ", "GONE", "", "HNZ"), 1.0, 100.0, np.zeros(100, np.int32))
    found = warm_start.warm_up(new_pipeline(), Merge(), pieces, known)
    more = warm_start.warm_up(new_pipeline(), Merge(), [*disk([(2.0, stranger)]), *pieces], known)
    assert (more.stations, more.cold) == (found.stations, found.cold)


def packet(station, channel, start):
    return Packet(StreamId("XX", station, "", channel), start, 100.0, np.zeros(100, np.int32))


def test_what_is_left_ends_where_the_slowest_stream_does():
    given = [(100.0, packet("OLD", "HNZ", 98.0))]
    for now in (150.0, 151.0):
        given += [(now, packet("A", "HNZ", now - 1.5)), (now, packet("B", "HNZ", now - 4.5))]
    given[1:1] = [(110.0, packet("A", "HNN", 109.0))]
    given[2:2] = [(float(now), packet("C", "HNZ", now - 1.5)) for now in range(111, 150)]
    given += [(151.2, packet("A", "HNE", 148.5))]
    found = left(disk(given))
    assert found.at == 151.2
    assert found.ends == {"XX.A": 149.5, "XX.B": 147.5, "XX.C": 148.5}
    assert left([]) is None


@pytest.mark.parametrize(
    ("stations", "picked", "seconds"),
    [
        (10, (), 90.0),
        (1_000, (), 30.0),
        (2_000, (), 22.0),
        (1_000, (40.0,), 55.0),
        (1_000, (80.0, 500.0), 60.0),
        (2_000, (12.0, 80.0, 500.0), 30.0),
        (20_000, (80.0,), 22.0),
    ],
)
def test_no_more_is_read_than_there_is_time_for(stations, picked, seconds):
    stream = StreamId("XX", "A", "", "HNZ")
    picks = [Pick("x", stream, "P", 1000.0 - ago, 0.1) for ago in picked]
    assert since(1000.0, stations, picks) == pytest.approx(1000.0 - seconds)


class Lives:
    """A great earthquake: heard by one machine, and by one that is killed 9 s after its origin."""

    def __init__(self, great):
        self.stations, self.packets = great.stations, arrivals(great)
        self.dies = great.info.origin_time + 9.0
        self.calm, _ = self.live(self.packets)
        self.first, given = self.live([each for each in self.packets if each[0] < self.dies])
        self.pieces = disk(given)

    def live(self, packets, warm=lambda pipeline, loop: None):
        """Its steps, and what was given on."""
        pipeline = Pipeline(self.stations, [], travel_time.load())
        steps, given = [], []
        loop = Loop(
            Inbox(),
            pipeline,
            lambda now, words, thought: steps.append(Step(now, tuple(words))),
            on_merged=lambda piece, now: given.append((now, piece)),
        )
        warm(pipeline, loop)
        for arrival, each in packets:
            loop.take(ReceivedPacket(arrival, "a", each))
        return steps, given

    def again(self, dead, filled):
        """Begin `dead` seconds later; what came meanwhile comes then, or never."""
        begins = self.dies + dead

        def warm(pipeline, loop):
            known = recovery.rebuild(pipeline.decider, self.first, begins)
            loop.resume(warm_start.warm_up(pipeline, loop.merge, self.pieces, known).observations)

        later = [(max(now, begins), each) for now, each in self.packets if now >= self.dies]
        unfilled = [(now, each) for now, each in self.packets if now >= begins]
        return self.live(later if filled else unfilled, warm)[0]


def magnitudes(steps):
    return [w.magnitude.value for m in steps for w in m.words if isinstance(w, Solution)]


@pytest.fixture(scope="module")
def lives(great):
    return Lives(great)


@pytest.mark.parametrize("dead", first_of([3.0, 6.0]))
def test_once_the_gap_is_filled_it_is_as_if_nothing_had_been(lives, dead):
    again = magnitudes(lives.again(dead, filled=True))
    assert again[-1] == pytest.approx(magnitudes(lives.calm)[-1], abs=0.05)
    assert min(again) > magnitudes(lives.first)[-1] - 0.1


@pytest.mark.parametrize(("dead", "lost"), first_of([(3.0, 0.3), (6.0, 0.5)]))
def test_a_gap_that_nobody_fills_makes_no_earthquake_smaller(lives, dead, lost):
    again = magnitudes(lives.again(dead, filled=False))
    assert again[-1] == pytest.approx(magnitudes(lives.calm)[-1], abs=lost)
    assert min(again) > magnitudes(lives.first)[-1] - 0.1


def test_what_one_process_after_another_has_left_is_asked_for():
    """The second one was killed when it had received what it missed from the first station only."""
    given = [(now, packet(code, "HNZ", now - 1.5)) for now in range(100, 110) for code in "AB"]
    given += [(128.0, packet("A", "HNZ", 108.5 + second)) for second in range(19)]
    found = left(disk(given))
    assert found.at == 128.0
    assert found.ends == {"XX.A": 127.5, "XX.B": 108.5}


def test_a_stream_that_had_ended_before_is_not_asked_for():
    given = [(80.0, packet("GONE", "HNZ", 78.5))]
    given += [(80.0 + 0.5 * n, packet("A", "HNZ", 78.0 + 0.5 * n)) for n in range(40)]
    assert left(disk(given)).ends == {"XX.A": 98.5}
