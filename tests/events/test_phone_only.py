"""Events detected by phones only."""

import pytest
from msgspec.structs import replace

from forewave.events import phone_only
from forewave.events.memory.network import Network
from forewave.types import PHONES
from tests.events import made

SURE = made.sighting(0.0, 0.0, 30.0, probability=1.0)


def begun(travel_times, *stations, until=38.0, seen=SURE, noise_ms2=made.QUIET):
    network = Network(stations)
    made.feed(network, made.calm(stations, until, noise_ms2))
    return phone_only.begin(seen, network, travel_times)


def test_its_solution_has_the_place_of_the_phones_and_wide_uncertainties(travel_times):
    event = begun(travel_times, made.station("A", 400.0, 0.0))
    told = event.solution()
    assert (told.origin.time, told.origin.lat, told.origin.lon) == (SURE.time, SURE.lat, SURE.lon)
    assert told.origin.epicentre_sigma_km >= 10.0
    assert (told.magnitude.value, told.magnitude.sigma) == (4.5, 0.7)
    assert [arrival.station for arrival in told.picks] == [PHONES]
    assert event.only_phones()
    assert not event.stands()


def test_surer_phones_are_surer_up_to_a_bound(travel_times):
    far = made.station("A", 400.0, 0.0)
    by = [
        begun(travel_times, far, seen=replace(SURE, probability=p)).likelihood
        for p in (0.0, 0.5, 0.9, 1.0)
    ]
    assert by == sorted(by)
    assert by[2] < phone_only.LEAST < by[3] < 0.99


@pytest.mark.parametrize(("until", "told"), [(38.0, True), (55.0, False)])
def test_a_station_without_the_expected_pick_is_evidence_against_it(travel_times, until, told):
    event = begun(travel_times, made.station("A", 50.0, 0.0), until=until)
    assert (event.likelihood >= phone_only.LEAST) is told


def test_two_outweigh_it(travel_times):
    stations = made.station("A", 50.0, 0.0), made.station("B", 0.0, 50.0)
    assert begun(travel_times, *stations, until=55.0).likelihood < phone_only.DOUBTED


def test_one_in_noise_does_not(travel_times):
    station = made.station("A", 50.0, 0.0)
    noisy = begun(travel_times, station, until=55.0, noise_ms2=0.1)
    assert noisy.likelihood > phone_only.LEAST
