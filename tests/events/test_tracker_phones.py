"""The room with phones: they confirm what stations hold back, and extend where none stands."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.events import candidates
from forewave.events.tracker import Tracker
from forewave.types import PHONES, Dropped, PhoneSighting
from tests.events import made
from tests.events.made import T0, Quake

DENSE = made.grid(20.0, 5, 0.3, 3)
SPARSE = made.station("A", -60.0, 0.0), made.station("B", 60.0, 10.0)
QUAKE = Quake(0.0, 0.0, 10.0, 5.0)
SEEN = made.sighting(3.0, -4.0, 31.0)
SLOW = settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])


def when(sighting, now=38.0):
    return [(T0 + now, [sighting])]


def told(travel_times, stations, packets, *sightings, alone=False):
    """(seconds after the origin, solution) of all solutions."""
    tracker = Tracker(stations, travel_times, phones_alone=alone)
    said = made.play(tracker, made.together(packets, *sightings))
    return [(now - T0 - QUAKE.time, word) for now, word in said if not isinstance(word, Dropped)]


@pytest.fixture(scope="module")
def sparse(travel_times):
    return made.whole(QUAKE, SPARSE, travel_times, 70.0)


@pytest.fixture(scope="module")
def dense(travel_times):
    return made.whole(QUAKE, DENSE, travel_times, 45.0)


def test_what_two_distant_stations_cannot_confirm_is_published_with_phones(travel_times, sparse):
    assert told(travel_times, SPARSE, sparse) == []
    (after, first), *later = told(travel_times, SPARSE, sparse, when(SEEN))
    assert after < 12.0
    assert made.error_km(first, QUAKE) < 15.0
    assert first.origin.epicentre_sigma_km < 25.0
    assert {arrival.station for arrival in first.picks} > {PHONES}
    assert all(solution.withdrawn is None for _, solution in later)
    assert {solution.event for _, solution in later} == {first.event}


def test_phones_that_come_after_the_picks_confirm_at_once(travel_times, sparse):
    ((after, first), *_) = told(travel_times, SPARSE, sparse, when(SEEN, now=45.0))
    assert after == pytest.approx(15.0)
    assert PHONES in {arrival.station for arrival in first.picks}


@pytest.mark.parametrize(
    "changes",
    [{"time": T0 + 5.0}, {"lat": SEEN.lat + 2.5}, {"probability": 1e-4}],
    ids=["another time", "another place", "as unsure as false ones are"],
)
def test_phones_that_saw_something_else_confirm_nothing(travel_times, sparse, changes):
    """They cause no solution; two distant stations alone rarely do, and late."""
    said = told(travel_times, SPARSE, sparse, when(replace(SEEN, **changes)))
    assert all(PHONES not in {arrival.station for arrival in s.picks} for _, s in said)
    assert all(after > 20.0 for after, _ in said)


def test_phones_without_a_pick_make_no_event_unless_the_setting_allows_it(travel_times):
    calm = made.together(made.calm(SPARSE, 70.0))
    assert told(travel_times, SPARSE, calm, when(SEEN)) == []


def test_alone_they_are_taken_back_where_stations_stay_silent(travel_times):
    calm = made.together(made.calm(SPARSE, 70.0))
    (after, first), *_, (_, last) = told(travel_times, SPARSE, calm, when(SEEN), alone=True)
    assert after == pytest.approx(8.0)
    assert [arrival.station for arrival in first.picks] == [PHONES]
    assert last.withdrawn
    assert last.event == first.event


def test_alone_they_do_not_begin_it_again(travel_times):
    calm = made.together(made.calm(SPARSE, 70.0))
    again = [when(replace(SEEN, sigma_km=11.9 - k / 10), 38.5 + k) for k in range(15)]
    events = {s.event for _, s in told(travel_times, SPARSE, calm, when(SEEN), *again, alone=True)}
    assert len(events) == 1


def test_an_event_of_phones_keeps_its_id_when_stations_join(travel_times, sparse):
    found = told(travel_times, SPARSE, sparse, when(SEEN), alone=True)
    assert len({solution.event for _, solution in found}) == 1
    assert [solution.version for _, solution in found] == list(range(1, len(found) + 1))
    assert len({arrival.station for arrival in found[-1][1].picks}) == 3
    assert found[-1][1].magnitude.value == pytest.approx(QUAKE.magnitude, abs=0.4)


def test_far_from_the_phones_own_place_stations_take_their_event_over(travel_times, dense):
    """What stations make of it does not fit the phones' picks; it is the same earthquake."""
    off = made.sighting(45.0, 0.0, 27.0)
    found = told(travel_times, DENSE, dense, when(off, 30.5), alone=True)
    assert len({solution.event for _, solution in found}) == 1
    assert made.error_km(found[-1][1], QUAKE) < 5.0


def test_many_stations_are_not_moved_by_phones(travel_times, dense):
    usual = told(travel_times, DENSE, dense)
    for seen in (SEEN, made.sighting(25.0, 10.0, 31.0)):
        found = told(travel_times, DENSE, dense, when(seen))
        assert found[0][0] == usual[0][0]
        assert made.error_km(found[-1][1], QUAKE) < made.error_km(usual[-1][1], QUAKE) + 1.0


def test_a_single_station_event_that_phones_confirm_is_one_no_more(travel_times):
    near = (made.station("A", 12.0, 0.0),)
    packets = [
        (now, [_strong(item) for item in items])
        for now, items in made.whole(Quake(magnitude=6.5), near, travel_times, 60.0)
    ]
    alone = told(travel_times, near, packets)
    assert {len(solution.picks) for _, solution in alone[:1]} == {1}
    found = told(travel_times, near, packets, when(SEEN))
    first, confirmed = found[0][1], next(s for after, s in found if after >= 8.0)
    assert {arrival.station for arrival in first.picks} == {"XX.A"}
    assert {arrival.station for arrival in confirmed.picks} == {"XX.A", PHONES}
    assert confirmed.event == first.event
    assert confirmed.origin.epicentre_sigma_km < first.origin.epicentre_sigma_km


def _strong(item):
    """With a JMA intensity that rises like a first motion."""
    since = getattr(item, "since_pick", None)
    return item if since is None else replace(item, intensity_jma=3.6 + 0.1 * min(since, 10.0))


@SLOW
@given(st.permutations(range(4)))
def test_the_order_of_sightings_of_a_front_does_not_matter_in_the_end(travel_times, sparse, order):
    surer = [replace(SEEN, probability=0.9 + 0.02 * k) for k in range(4)]
    found = [
        told(travel_times, SPARSE, sparse, *(when(surer[k], 38.0 + 0.25 * at) for at, k in row))
        for row in (enumerate(range(4)), enumerate(order))
    ]
    assert found[0][-1][1].origin == found[1][-1][1].origin


@pytest.mark.thorough
@SLOW
@given(st.floats(31.0, 60.0), st.floats(1e-3, 1.0), st.floats(400.0, 2000.0))
def test_sightings_elsewhere_do_not_change_the_solutions_of_stations(
    travel_times, sparse_many, now, probability, away_km
):
    packets, usual = sparse_many
    seen = made.sighting(away_km, 0.0, now - 8.0, probability)
    found = told(travel_times, DENSE, packets, when(seen, now))
    assert [s for _, s in found][-1].origin == usual[-1][1].origin
    assert found[0] == usual[0]


@pytest.fixture(scope="module")
def sparse_many(travel_times, dense):
    return dense, told(travel_times, DENSE, dense)


def test_what_an_event_has_claimed_makes_no_work(travel_times, dense):
    """Under a large earthquake there are hundreds of picks in its coda, and phones everywhere."""
    tracker = Tracker(DENSE, travel_times)
    made.play(tracker, made.together(dense, when(SEEN)))
    assert tracker.events[0].sighting == SEEN
    assert candidates.unclaimed(tracker.network, tracker.events, T0 + 45.0) == []
    assert candidates.unclaimed(tracker.network, [], T0 + 45.0) == [SEEN]


def test_absurd_sightings_are_refused_and_counted(travel_times):
    tracker = Tracker(SPARSE, travel_times)
    (refused,) = tracker.feed(replace(SEEN, lat=np.nan), T0 + 38.0)
    assert refused == Dropped(PHONES, "place out of range")
    assert tracker.deadline() is None
    assert tracker.feed(SEEN, T0 + 38.0) == ()
    assert isinstance(SEEN, PhoneSighting)
    assert tracker.deadline() == T0 + 38.0
