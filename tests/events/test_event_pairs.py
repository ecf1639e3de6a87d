"""What one event is to another."""

import pytest
from msgspec.structs import replace

from forewave.events import event_pairs, phone_only
from forewave.events.associate import Member, coda
from forewave.events.memory.network import Network
from forewave.events.restore import event_at
from forewave.types import Magnitude, Origin
from tests.events import made
from tests.events.made import PLANE, T0

NETWORK = Network((made.station("A", 0.0, 0.0),))
PICK = made.pick(made.station("A", 0.0, 0.0), 30.0)


@pytest.fixture
def event(travel_times):
    def made_event(east_km=0.0, time=30.0, magnitude=5.0):
        lat, lon = PLANE.to_degrees(east_km, 0.0)
        origin = Origin(T0 + time, lat, lon, 10.0, 0.5, 3.0, 5.0)
        return event_at("e", origin, Magnitude(magnitude, 0.3, "M", 3), NETWORK, travel_times)

    return made_event


@pytest.mark.parametrize(
    ("changes", "alike"),
    [
        ({"east_km": 40.0}, True),
        ({"east_km": 90.0}, False),
        ({"time": 55.0}, False),
        ({"magnitude": 6.0}, True),
    ],
)
def test_near_in_place_and_time_is_alike_where_phones_place_it(event, changes, alike):
    assert event_pairs.alike(event(**changes), event()) is alike


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"east_km": 30.0, "time": 33.0}, True),  # no better placed than 20 km and 12 of doubt
        ({"east_km": 60.0}, False),  # beside it
        ({"time": 50.0}, False),  # an aftershock at its place
        ({"time": 15.0}, False),  # before it
    ],
)
def test_within_what_both_are_unsure_of_it_is_the_same(event, changes, same):
    assert event_pairs.is_same(event(**changes), event()) is same


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"east_km": 120.0, "time": 65.0}, True),  # where the front of a great rupture may be
        ({"east_km": 120.0, "time": 45.0}, False),  # it cannot have come so far yet
        ({"east_km": 600.0, "time": 65.0}, False),  # nor ever
        ({"east_km": 30.0, "time": 150.0}, False),  # it has ended
    ],
)
def test_what_begins_along_a_growing_rupture_is_the_same(event, changes, same):
    assert event_pairs.is_same(event(**changes, magnitude=7.0), event(magnitude=8.0)) is same


def test_a_smaller_source_is_no_rupture_that_reaches_so_far(event):
    assert not event_pairs.is_same(event(120.0, 65.0), event(magnitude=6.0))


def test_doubt_about_the_place_has_a_bound(event):
    """One that could be anywhere is not the same as everything."""
    lost = event(150.0)
    lost.origin = replace(lost.origin, epicentre_sigma_km=500.0)
    assert not event_pairs.is_same(lost, event())


@pytest.mark.parametrize(
    ("withdrawn", "shared", "more", "repeats"),
    [
        (None, 3, 0, False),
        ("denied", 3, 0, True),
        ("denied", 1, 1, True),
        ("denied", 3, 2, False),
        ("denied", 0, 1, False),
    ],
)
def test_what_was_withdrawn_is_repeated_on_its_picks_and_less_than_two_stations_more(
    event, withdrawn, shared, more, repeats
):
    picks = [made.pick(made.station(f"S{i}", 10.0 * i, 0.0), 40.0 + i) for i in range(8)]
    first, again = event(), event()
    first.withdrawn = withdrawn
    first.members = {p.id: Member(p, "P", 0.0, 0.0) for p in picks[:3]}
    chosen = [*picks[:shared], *picks[3 : 3 + more]]
    again.members = {p.id: Member(p, "P", 0.0, 0.0) for p in chosen}
    assert event_pairs.repeats(again, first) is repeats


def test_an_event_of_phones_continues_as_the_event_of_stations(event, travel_times):
    seen = phone_only.begin(made.sighting(20.0, 0.0, 28.0), NETWORK, travel_times)
    assert event_pairs.is_phone_precursor(event(magnitude=7.0), seen)
    assert not event_pairs.is_phone_precursor(event(), event())
    seen.withdrawn = "denied"
    assert not event_pairs.is_phone_precursor(event(), seen)
    other = replace(made.sighting(20.0, 0.0, 28.0), time=T0 + 90.0)
    assert not event_pairs.is_phone_precursor(
        event(), phone_only.begin(other, NETWORK, travel_times)
    )


def test_one_in_doubt_goes_on_as_the_event_that_explains_its_earthquake_better(event):
    """A foreshock's picks at the nearest stations, the main shock's at all others."""
    foreshock, main = event(magnitude=4.5), event(time=34.0, magnitude=6.5)
    assert not event_pairs.replaces(main, foreshock)
    foreshock.doubted_since = T0 + 40.0
    foreshock.members = {"p": Member(PICK, "P", 0.0, 0.0)}
    assert event_pairs.replaces(main, foreshock)
    assert not event_pairs.replaces(event(east_km=90.0, time=34.0), foreshock)
    foreshock.withdrawn = "denied"
    assert not event_pairs.replaces(main, foreshock)


@pytest.mark.parametrize(("magnitude", "sigma", "same"), [(4.8, 0.3, True), (6.0, 0.3, False)])
@pytest.mark.parametrize("known", [True, False])
def test_what_is_far_larger_than_one_of_known_size_is_another(event, magnitude, sigma, same, known):
    """But one whose size is open may yet grow to it."""
    larger, other = event(east_km=15.0, time=32.0), event(magnitude=3.5)
    larger.magnitude = replace(larger.magnitude, value=magnitude, sigma=sigma)
    other.magnitude = replace(other.magnitude, sigma=0.25 if known else 0.8)
    assert event_pairs.is_same(larger, other) is (same or not known)
    at_its_place = event(east_km=10.0, time=32.0, magnitude=magnitude)
    assert event_pairs.is_same(at_its_place, other)


def test_a_coda_is_longer_after_a_greater_one_and_reaches_so_far(event):
    small, great = event(magnitude=4.0), event(magnitude=7.0)
    later = T0 + 30.0 + 120.0
    assert not event_pairs.in_coda(event(100.0, 140.0), small, later)
    assert event_pairs.in_coda(event(100.0, 140.0), great, later)
    assert event_pairs.in_coda(event(195.0, 140.0), great, later)
    assert not event_pairs.in_coda(event(215.0, 140.0), great, later)
    ends = T0 + 30.0 + event_pairs.CODAS * coda(4.0)
    assert event_pairs.in_coda(event(), small, ends - 0.1)
    assert not event_pairs.in_coda(event(), small, ends + 0.1)


def test_one_that_may_be_nearer_than_it_seems_may_be_in_a_coda(event):
    unsure = event(240.0, 140.0)
    great = event(magnitude=7.0)
    assert not event_pairs.in_coda(unsure, great, T0 + 150.0)
    unsure.origin = replace(unsure.origin, epicentre_sigma_km=30.0)
    assert event_pairs.in_coda(unsure, great, T0 + 150.0)
