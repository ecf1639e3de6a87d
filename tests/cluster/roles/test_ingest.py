"""Batches of a shard: each station in one shard; a pick at once, the rest soon; kept a while."""

import msgspec
import pytest

from forewave.cluster.roles import ingest
from forewave.cluster.roles.ingest import FLUSH, KEPT, Batches, StationRooms, shard_of, stations_of
from forewave.cluster.wire import Batch, Missing, decode, encode, items
from forewave.errors import ConfigError
from forewave.types import Dropped, Pick, StationState, StreamId
from tests.small_network import recording


def state(station="XX.A", latest=10.0):
    return StationState(station, latest, 0.5, "good", 1e-6, 1e-9, 1e-9)


def pick(time=10.0):
    return Pick("p1", StreamId("XX", "A", "", "HHZ"), "P", time, 0.05, 1e-6, 1e-9)


@pytest.fixture
def sent():
    return []


@pytest.fixture
def batches(sent):
    return Batches("1-1", 7, lambda data: sent.append(decode(data, Batch)))


@pytest.mark.parametrize("text", ["", "1", "0/3", "4/3", "a/b", "1/2/3", "-1/3"])
def test_a_shard_that_does_not_exist_is_refused(text):
    with pytest.raises(ConfigError, match=r"cluster\.shard"):
        shard_of(text)


def test_every_station_is_in_exactly_one_shard():
    shards = [stations_of(recording().stations, f"{n}/3") for n in (1, 2, 3)]
    codes = sorted(station.code for shard in shards for station in shard)
    assert codes == sorted(station.code for station in recording().stations)


def test_a_pick_is_sent_at_once_and_states_soon(batches, sent):
    batches.step(10.0, [state()], False)
    batches.step(10.01, [state("XX.B")], False)
    batches.step(10.02, [Dropped("XX.C", "late")], False)
    assert [b.n for b in sent] == [1]
    batches.step(10.03, [pick()], False)
    assert [b.n for b in sent] == [1, 2]
    assert [items(each) for _, each in sent[1].steps] == [[state("XX.B")], [pick()]]
    assert sent[1].now == 10.03
    assert sent[1].usable == 2


def test_time_is_sent_although_nothing_was_observed(batches, sent):
    batches.step(10.0, [], True)
    assert sent[-1].steps == ()
    assert sent[-1].now == 10.0


def test_missing_batches_are_answered_while_they_are_kept(batches, sent):
    for n in range(10):
        batches.step(10.0 + n, [state(latest=float(n))], True)
    answer = msgspec.msgpack.decode(batches.answer(encode(Missing(7, 3, 5))), type=list[bytes])
    assert [decode(data, Batch) for data in answer] == sent[2:5]
    assert batches.answer(encode(Missing(6, 3, 5))) == b""
    assert batches.answer(b"what?") == b""
    batches.step(10.0 + KEPT + 5.0, [], True)
    answer = msgspec.msgpack.decode(batches.answer(encode(Missing(7, 1, 99))), type=list[bytes])
    assert [decode(data, Batch).n for data in answer] == [6, 7, 8, 9, 10, 11]


class _Pipeline:
    began_anew = False

    def sense(self, packet, now):
        return [state(latest=now)]

    def begin_anew(self):
        self.began_anew = True


def test_station_rooms_observe_and_are_due_for_the_next_batch():
    pipeline = _Pipeline()
    rooms = StationRooms(pipeline)
    assert rooms.deadline() == 0.0
    assert rooms.feed(None, 5.0) == rooms.sense(None, 5.0) == [state(latest=5.0)]
    assert rooms.decide([state()], 5.0) == [state()]
    assert rooms.tick(5.0) == ()
    assert rooms.deadline() == 5.0 + FLUSH
    rooms.begin_anew()
    assert pipeline.began_anew
    assert rooms.deadline() == 0.0


def test_a_later_process_has_a_higher_number():
    assert ingest.begun() > 1_600_000_000_000


def test_after_its_clock_was_set_back_it_is_another_process(batches, sent):
    batches.step(3700.0, [state()], True)
    batches.begin_anew()
    batches.step(100.0, [state()], True)
    assert sent[1].n == 1
    assert sent[1].begun > sent[0].begun
    answer = msgspec.msgpack.decode(
        batches.answer(encode(Missing(sent[1].begun, 1, 9))), type=list[bytes]
    )
    assert [decode(data, Batch) for data in answer] == [sent[1]]
