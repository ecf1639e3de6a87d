"""The probability of an event, with what the whole network shows."""

import numpy as np
import pytest

from forewave.events import observations, restore
from forewave.events.associate import Member
from forewave.events.discrimination import hypotheses
from forewave.events.memory.network import Network
from forewave.events.other_events import OtherEvents
from forewave.events.probability import EVERY, probability
from forewave.events.solver import Solver
from tests.events import made
from tests.events.made import NOBODY, Quake

STATIONS = made.grid(12.0, 7, 0.3, 2)
QUAKE = Quake(4.0, -3.0, 10.0, 5.0)


def weighed(travel_times, until):
    """The network and an event at a time, and how likely it is now."""
    network = Network(STATIONS)
    picks = made.feed(network, made.whole(QUAKE, STATIONS, travel_times, until))
    solver = Solver(network, travel_times)
    event = solver.begin(picks, NOBODY)
    placing = event.placing()

    def now(others=NOBODY):
        known = observations.around(event, network, placing, others)
        return probability(event, placing, known, network, others, solver.tables)

    return network, event, now


def test_it_is_weighed_against_picks_that_no_event_explains(travel_times, monkeypatch):
    """Neither its own picks nor another event's count as false ones."""
    network, event, now = weighed(travel_times, 42.0)
    event.weighed = -np.inf
    silent = [at for at in STATIONS if at.code not in event.stations()]
    false, others = silent[:3], silent[3:5]
    for at in false + others:
        network.add_pick(made.pick(at, 30.0))
    other = restore.event_at("other", event.origin, event.magnitude, network, travel_times)
    recent = network.recent_picks(-np.inf)
    its = [p for p in recent if p.station in {at.code for at in others}]
    other.members = {p.id: Member(p, "P", 0.0, 10.0) for p in its}
    asked = []
    monkeypatch.setattr(hypotheses, "likelihood", lambda *given: asked.append(given[-1]) or 0.5)
    assert now(OtherEvents(network, [other])) == 0.5
    x, y = event.plane.to_km([at.lat for at in false], [at.lon for at in false])
    assert sorted(asked[0].x_km) == pytest.approx(sorted(x))
    assert sorted(asked[0].y_km) == pytest.approx(sorted(y))
    assert (asked[0].time < 0.0).all()


def test_with_many_stations_it_is_worked_out_once_a_second_of_data(travel_times):
    network, event, now = weighed(travel_times, 52.0)
    assert len(event.stations()) > observations.MOST_PICKS
    event.likelihood = 0.123
    assert now() == 0.123  # it was weighed when it began
    network.newest += EVERY
    assert now() == pytest.approx(1.0, abs=1e-3)
    assert event.weighed == network.newest
