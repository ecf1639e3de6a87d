import pytest

from forewave.earth.distance import distance_km
from forewave.evaluate.report.case import evaluate_recording
from forewave.evaluate.report.scoreboard import DRILL
from forewave.evaluate.suite import random_cases
from forewave.evaluate.suite.random_cases import random_cases as cases
from forewave.evaluate.suite.task import drawn
from forewave.evaluate.suite.worker import open_recording, standing_still
from tests.cases import first_of

pytestmark = pytest.mark.slow

SEED = 20_261_129


def test_a_seed_gives_the_same_cases_and_more_of_them_begin_alike():
    assert cases(3, 5) == cases(4, 5)[:3]
    assert cases(2, 5) != cases(2, 6)


@pytest.mark.parametrize("kind", random_cases._NETWORKS)
def test_a_network_has_stations_apart_from_each_other(kind, monkeypatch):
    monkeypatch.setattr(random_cases, "_NETWORKS", {kind: random_cases._NETWORKS[kind]})
    (case,) = cases(1, 3)
    places = case.scenario.network.stations
    assert len({name for name, _, _ in places}) == len(places) >= 12
    assert all(distance_km(*places[0][1:], lat, lon) < 2500.0 for _, lat, lon in places[1:])


def test_earthquakes_are_within_what_is_promised():
    for case in cases(12, 8):
        (quake,) = case.scenario.earthquake
        assert 6.5 <= quake.magnitude <= 8.8
        assert 5.0 <= quake.depth_km <= 150.0
        assert case.scenario.duration > quake.after


@pytest.mark.parametrize("task", first_of(drawn(3, SEED)), ids=lambda task: task.name)
def test_a_great_earthquake_is_one_event_and_is_not_cancelled(task, travel_times):
    case = evaluate_recording(open_recording(task), DRILL, travel_times, clock=standing_still)
    (row,) = case.rows
    assert (row.matched, row.false_events, row.duplicates, row.cancelled) == (
        True,
        0,
        0,
        0,
    )
