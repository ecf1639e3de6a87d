import pytest
from msgspec.structs import replace

from forewave.events.restore import restored
from forewave.events.tracker import Tracker
from forewave.types import Pick, Solution
from tests.events import made
from tests.events.made import T0, Quake

STATIONS = made.grid(20.0, 5, 0.3, 3)
QUAKE = Quake(4.0, 5.0, 12.0, 5.0)


@pytest.fixture(scope="module")
def packets(travel_times):
    return made.whole(QUAKE, STATIONS, travel_times, 50.0)


@pytest.fixture(scope="module")
def usual(travel_times, packets):
    return made.play(Tracker(STATIONS, travel_times), packets)


def before(packets, now):
    return [pair for pair in packets if pair[0] <= now]


def remembering(travel_times, packets):
    """A new tracker with observations, before its first update."""
    tracker = Tracker(STATIONS, travel_times)
    for now, items in packets:
        for item in items:
            tracker.feed(item, now)
    return tracker


def told_by(usual, now):
    return [word for at, word in usual if isinstance(word, Solution) and at <= now][-1]


def test_it_is_the_event_that_was_published(travel_times, packets, usual):
    told = told_by(usual, T0 + 40.0)
    tracker = remembering(travel_times, before(packets, T0 + 40.0))
    event = restored(told, tracker.network, travel_times)
    assert event.published == told
    event.members = {}
    again = event.solution()
    assert (again.event, again.version) == (told.event, told.version + 1)
    assert again.origin == told.origin
    assert again.magnitude == told.magnitude


@pytest.mark.parametrize("after", [2.0, 5.0, 12.0])
def test_it_goes_on_as_itself_and_ends_in_the_same_place(travel_times, packets, usual, after):
    first = next(at for at, word in usual if isinstance(word, Solution))
    now = first + after
    tracker = remembering(travel_times, before(packets, now))
    told = told_by(usual, now)
    tracker.resume(told, now)
    rest = made.play(tracker, [pair for pair in packets if pair[0] > now])
    found = made.solutions(rest)
    assert {solution.event for solution in found} <= {told.event}
    assert [s.version for s in found] == [*range(told.version + 1, told.version + 1 + len(found))]
    last = found[-1] if found else told
    assert made.error_km(last, QUAKE) < 3.0
    usually = made.solutions(usual)[-1]
    assert last.magnitude.value == pytest.approx(usually.magnitude.value, abs=0.2)


def test_its_picks_begin_no_second_event(travel_times, packets, usual):
    now = T0 + 45.0
    tracker = remembering(travel_times, before(packets, now))
    tracker.resume(told_by(usual, now), now)
    tracker.tick(now)
    assert len(tracker.events) == 1
    picks = [i for _, items in before(packets, now) for i in items if isinstance(i, Pick)]
    assert len(tracker.events[0].members) >= 0.9 * len(picks)


def test_one_that_is_over_is_left_alone(travel_times, usual):
    tracker = Tracker(STATIONS, travel_times)
    told = told_by(usual, T0 + 60.0)
    tracker.resume(told, told.origin.time + 301.0)
    assert tracker.events == []


def test_one_that_was_taken_back_stays_so(travel_times, packets, usual):
    now = T0 + 45.0
    tracker = remembering(travel_times, before(packets, now))
    gone = replace(told_by(usual, now), withdrawn="no")
    tracker.resume(gone, now)
    again = made.solutions((now, word) for word in tracker.tick(now))
    assert gone.event not in {s.event for s in again}  # its picks may be another's, by a new name
    assert tracker.events[0].withdrawn == "no"


def test_one_of_phones_alone_goes_on_as_itself(travel_times):
    stations = (made.station("A", 400.0, 0.0),)
    calm = made.together(made.calm(stations, 70.0), [(T0 + 38.0, [made.sighting(0.0, 0.0, 30.0)])])
    before_it, after = before(calm, T0 + 40.0), [pair for pair in calm if pair[0] > T0 + 40.0]
    (told,) = made.solutions(
        made.play(Tracker(stations, travel_times, phones_alone=True), before_it)
    )
    tracker = Tracker(stations, travel_times, phones_alone=True)
    for now, items in before_it:
        for item in items:
            tracker.feed(item, now)
    tracker.resume(told, T0 + 40.0)
    assert tracker.events[0].only_phones()
    assert made.solutions(made.play(tracker, after)) == []
