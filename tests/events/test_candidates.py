"""What may be a new event: groups of picks, and how many of them are tried."""

import numpy as np
import pytest

from forewave.events import observations
from forewave.events.candidates import Candidates, groups
from forewave.events.discrimination import fronts
from forewave.events.memory.network import Network
from forewave.events.publication import Criteria, TrackerSettings
from forewave.events.solver import Solver
from forewave.thresholds import Thresholds
from tests.events import made
from tests.events.discrimination import test_fronts
from tests.events.made import T0, Quake

STATIONS = made.grid(20.0, 6, 0.3, 3)
QUAKE = Quake(4.0, -3.0, 8.0, 5.0)


@pytest.fixture
def solver(travel_times):
    """A network that has recorded one earthquake."""
    network = Network(STATIONS)
    made.feed(network, made.whole(QUAKE, STATIONS, travel_times, 50.0))
    return Solver(network, travel_times)


def candidates(solver):
    return Candidates(
        solver, Criteria(solver.network, TrackerSettings(), Thresholds()), phones_alone=False
    )


def test_an_earthquake_is_one_new_event(solver):
    trying, events = candidates(solver), []
    for event in trying.new_events(events, T0 + 50.0, True):
        events.append(event)
    (found,) = events
    assert made.off_km(found, QUAKE) < 5.0
    assert trying.unexplained(events) == []
    assert not trying.waits(events, T0 + 50.0)


def test_the_next_is_tried_beside_those_that_were_added(travel_times):
    """Two earthquakes far apart in one update; neither is begun twice."""
    east = tuple(made.station(f"E{i}", 600.0 + at[0], at[1]) for i, at in enumerate(GRID))
    west = tuple(made.station(f"W{i}", *at) for i, at in enumerate(GRID))
    network = Network(west + east)
    for quake in (Quake(3.0, 2.0, 8.0, 5.0), Quake(604.0, -3.0, 10.0, 5.2)):
        made.feed(network, made.whole(quake, west + east, travel_times, 50.0))
    events = []
    for event in candidates(Solver(network, travel_times)).new_events(events, T0 + 50.0, True):
        events.append(event)
    assert len(events) == 2
    assert {e.id for e in events} == {events[0].id, events[1].id}


GRID = [(float(x), float(y)) for x in (-30, -10, 10, 30) for y in (-30, -10, 10, 30)]


def test_picks_in_a_coda_wait_for_their_turn(solver):
    trying, events = candidates(solver), []
    events += trying.new_events(events, T0 + 50.0, True)
    aftershock = [made.pick(at, 50.0 + i, 1) for i, at in enumerate(STATIONS[:3])]
    for pick in aftershock:
        solver.network.add_pick(pick)
    solver.associate(events[0], solver.network.recent_picks(-np.inf))
    assert all(events[0].members[pick.id].role == "coda" for pick in aftershock)
    begun = []
    solver.begin = lambda picks, *_, **__: begun.append(picks) or events[0]
    for pick in aftershock:  # far louder than a coda
        solver.network.add_amplitude(made.amplitude(pick, 1.0, 30.0))
    assert list(trying.new_events(events, T0 + 53.0, False)) == []
    assert begun == []
    list(trying.new_events(events, T0 + 53.0, True))
    assert begun


def test_a_storm_is_tried_by_its_best_front_alone(travel_times):
    wave = test_fronts.arrivals(travel_times)
    picks = test_fronts.in_order(test_fronts.strays(6.0) + wave)
    assert fronts.is_storm(picks)
    network = test_fronts.heard(picks, loud=wave)
    found = groups(picks, (), Solver(network, travel_times))
    assert [group.tried for group in found] == [observations.TRIED]
    assert len(wave) / 2 < len(found[0].picks) < len(picks) / 2


def test_a_group_without_a_storm_counts_as_one_try(solver):
    picks = solver.network.recent_picks(-np.inf)
    assert {group.tried for group in groups(picks[:6], (), solver)} == {1.0}


def test_one_pick_is_no_group(solver):
    assert groups(solver.network.recent_picks(-np.inf)[:1], (), solver) == []
