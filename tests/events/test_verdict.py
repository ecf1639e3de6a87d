"""Coincidence or earthquake."""

import pytest

from forewave.events import gather, locate, verdict
from forewave.events.evidence import make_tables
from forewave.events.network import Network
from tests.events import made
from tests.events.made import NOBODY, PLANE, T0, Quake

STATIONS = made.grid(25.0, 5, 0.2, 8)


def likelihood(travel_times, said, until, strange=0):
    network = Network(STATIONS)
    picks = made.hear(network, made.together(made.calm(STATIONS, until), said))
    own = {pick.id for pick in picks}
    since = picks[0].time - 5.0
    known = gather.evidence(network, PLANE, picks, own, (0.0, 0.0), since, NOBODY)
    location = locate.search(known, make_tables(travel_times))
    return verdict.likelihood(location, known, network.count, strange)


def told(*picks_and_peaks):
    """Picks (station, s after T0) with the peak a second later."""
    picks = [(made.pick(STATIONS[i], time), peak) for i, time, peak in picks_and_peaks]
    return [(T0 + 50.0, [pick, made.amplitude(pick, 1.0, peak)]) for pick, peak in picks]


def test_two_weak_far_coincidences_stay_unlikely(travel_times):
    assert likelihood(travel_times, told((0, 30.0, 2e-3), (23, 41.0, 2e-3)), 50.0) < 0.1


def test_an_earthquakes_picks_are_an_earthquake(travel_times):
    said = made.arrivals(Quake(5.0, 5.0, 10.0, 5.0), STATIONS, travel_times, 42.0)
    assert likelihood(travel_times, said, 42.0) > 0.99


def test_two_strong_picks_of_neighbours_can_be_enough(travel_times):
    quake = Quake(12.0, 3.0, 10.0, 5.5)
    said = made.arrivals(quake, STATIONS, travel_times, 90.0)
    picks = sorted(i.time for _, items in said for i in items if hasattr(i, "phase"))
    until = picks[1] - T0 + 0.6
    assert (
        likelihood(travel_times, made.arrivals(quake, STATIONS, travel_times, until), until) > 0.8
    )


def test_four_weak_picks_that_fit_nothing_are_too_few(travel_times):
    said = told((0, 30.0, 2e-3), (24, 31.0, 2e-3), (4, 36.0, 2e-3), (12, 39.0, 2e-3))
    assert likelihood(travel_times, said, 50.0) < 0.5


@pytest.mark.parametrize("peak", [2e-3, 2e-2])
def test_the_silence_of_neighbours_makes_it_less_likely(travel_times, peak):
    said = told((12, 45.0, peak), (13, 48.0, peak))
    early, late = (likelihood(travel_times, said, until) for until in (46.0, 60.0))
    assert late < early


def test_it_is_a_probability(travel_times):
    for said in (told((0, 30.0, 1e-9), (24, 30.0, 1e3)), told((0, 30.0, 50.0), (1, 33.0, 50.0))):
        assert 0.0 <= likelihood(travel_times, said, 60.0) <= 1.0
