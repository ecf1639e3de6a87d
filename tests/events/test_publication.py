"""When an event is published, at both sides of each limit."""

import pytest

from forewave.events import publication
from forewave.events.associate import Member
from forewave.events.memory.network import Network
from forewave.events.publication import TrackerSettings
from forewave.events.tracker import Tracker
from forewave.thresholds import Thresholds
from tests.events.line import STATIONS, T0, pick

CRITERIA = publication.Criteria(Network(STATIONS), TrackerSettings(), Thresholds())


def is_ready(event, now, *others):
    return CRITERIA.is_ready(event, others, now)


@pytest.fixture
def sure(event):
    """A well placed event of five stations."""

    def at(*where, **change):
        found = event(*where, **change)
        picks = [pick(i, found.origin.time - T0 + 5.0) for i in range(5)]
        found.members = {p.id: Member(p, "P", 0.0, 10.0) for p in picks}
        found.likelihood = 1.0
        return found

    return at


def test_an_event_that_is_under_way_is_not_begun_again(event, sure):
    assert is_ready(sure(time=4.0), T0 + 10.0)
    assert not is_ready(sure(time=4.0), T0 + 10.0, event())
    assert is_ready(sure(400.0, time=4.0), T0 + 10.0, event())


def test_in_a_coda_it_takes_four_stations_and_12_km(event, sure):
    assert is_ready(sure(150.0, time=4.0), T0 + 10.0, event())
    few = sure(150.0, time=4.0)
    for name in list(few.members)[:2]:
        del few.members[name]
    assert not is_ready(few, T0 + 10.0, event())
    assert not is_ready(sure(150.0, time=4.0, sigma_km=13.0), T0 + 10.0, event())


@pytest.mark.parametrize(("likelihood", "ready"), [(0.79, False), (0.81, True)])
def test_it_must_be_real_at_four_fifths(sure, likelihood, ready):
    found = sure()
    found.likelihood = likelihood
    assert is_ready(found, T0 + 60.0) is ready


def test_one_station_is_not_enough(event):
    alone = event()
    alone.likelihood = 1.0
    assert not is_ready(alone, T0 + 60.0)


@pytest.mark.parametrize(("sigma_km", "ready"), [(59.0, True), (61.0, False)])
def test_it_must_be_placed_within_60_km(sure, sigma_km, ready):
    assert is_ready(sure(sigma_km=sigma_km), T0 + 60.0) is ready


def test_it_is_withdrawn_after_three_seconds_of_doubt_in_a_row(event):
    found = event()

    def is_refuted(likelihood, after):
        found.likelihood = likelihood
        return CRITERIA.is_refuted(found, T0 + after)

    assert not is_refuted(0.09, 0.0)
    assert not is_refuted(0.09, 2.9)
    assert not is_refuted(0.11, 3.0)
    assert not is_refuted(0.09, 3.1)
    assert not is_refuted(0.09, 6.0)
    assert is_refuted(0.09, 6.1)


def test_an_event_waits_for_another_station_once(sure, monkeypatch):
    """A dense network always expects P somewhere; it may wait for a second, and no more."""
    criteria = publication.Criteria(Network(STATIONS), TrackerSettings(), Thresholds())
    monkeypatch.setattr(criteria, "is_due", lambda event: True)
    for name in ("first", "second"):
        found = sure(sigma_km=20.0)
        found.id = name
        assert not criteria.is_ready(found, (), T0 + 10.0)
        assert not criteria.is_ready(found, (), T0 + 10.9)
        assert criteria.is_ready(found, (), T0 + 11.0)
    assert not criteria.is_ready(sure(sigma_km=20.0), (), T0 + 100.0)
    assert "first" not in criteria._waits_since


def test_one_that_is_less_sure_waits_for_as_long_as_there_is_a_station(sure, monkeypatch):
    criteria = publication.Criteria(Network(STATIONS), TrackerSettings(), Thresholds())
    monkeypatch.setattr(criteria, "is_due", lambda event: True)
    found = sure(sigma_km=20.0)
    found.likelihood = 0.94
    assert not any(criteria.is_ready(found, (), T0 + 10.0 + wait) for wait in (0.0, 1.0, 5.0))
    found.likelihood = 0.96
    assert [criteria.is_ready(found, (), T0 + 16.0 + wait) for wait in (0.0, 1.0)] == [False, True]


def test_in_a_storm_it_waits_for_as_long_as_there_is_a_station_to_wait_for(sure, monkeypatch):
    criteria = publication.Criteria(Network(STATIONS), TrackerSettings(), Thresholds())
    monkeypatch.setattr(criteria, "is_due", lambda event: True)
    found = sure(sigma_km=20.0)
    found.tried = 100.0
    assert not any(criteria.is_ready(found, (), T0 + 10.0 + wait) for wait in (0.0, 1.0, 5.0))


def test_an_id_is_given_once(travel_times, event):
    room = Tracker(STATIONS, travel_times)
    for found in (event(), event(400.0), event(800.0)):
        room._add(found, T0)
    assert [each.id for each in room.events] == ["e", "eb", "ebb"]


@pytest.mark.parametrize(
    ("change", "published"),
    [
        ({"magnitude": 5.04}, False),
        ({"magnitude": 5.06}, True),
        ({"magnitude": 4.94}, True),
        ({"time": 0.19}, False),
        ({"time": -0.21}, True),
        ({"east_km": 0.9}, False),
        ({"east_km": 1.1}, True),
        ({"depth_km": 8.9}, True),
    ],
)
def test_a_version_is_published_for_a_change_that_can_be_noticed(event, change, published):
    before, after = event(), event(**change)
    after.published = publication.next_version(before)
    assert (publication.next_version(after) is not None) is published
