from collections import Counter
from typing import get_args

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

from forewave.earth.distance import LocalPlane, distance_km
from forewave.evaluate.suite.cases import _working as working
from forewave.evaluate.suite.cases import cases, is_in_network
from forewave.simulate import network
from forewave.simulate.disturbances.kinds import AnyDisturbance
from forewave.simulate.earthquake import Earthquake
from forewave.simulate.scenario import Scenario
from forewave.simulate.telemetry import Outage, Telemetry, is_silenced
from forewave.types import Station

# What issue and reader are promised: at least so many of each group.
LEAST = {
    "inside": 36, "edge": 10, "offshore": 8, "deep": 6, "great": 8, "doublet": 15, "three": 3,
    "quiet": 12, "disturbed": 12, "telemetry": 8, "outage": 4, "faults": 10,
}  # fmt: skip


@pytest.fixture(scope="module")
def simulated():
    return cases()


def of(simulated, group):
    return [case for case in simulated if case.group == group]


def ring(count, radius_km, turn=1.0):
    plane = LocalPlane(0.0, 179.9)
    angles = 2 * np.pi * turn * np.arange(count) / count
    places = [plane.to_degrees(radius_km * np.sin(a), radius_km * np.cos(a)) for a in angles]
    return tuple(Station(f"XX.{i}", *place, 0.0, ()) for i, place in enumerate(places))


def test_there_are_as_many_as_the_suite_needs(simulated):
    assert 145 <= len(simulated) <= 160
    counts = Counter(case.group for case in simulated)
    assert {group: counts[group] >= least for group, least in LEAST.items()} == dict.fromkeys(
        LEAST, True
    )


def test_names_and_seeds_are_their_own(simulated):
    assert len({case.name for case in simulated}) == len(simulated)
    assert len({case.scenario.seed for case in simulated}) == len(simulated)
    assert all(case.scenario.name == case.name for case in simulated)


def test_the_same_every_time(simulated):
    assert cases() == simulated


def test_a_scenario_of_the_suite_is_one_that_people_could_write(simulated):
    for case in simulated:
        plain = msgspec.to_builtins(case.scenario, builtin_types=(type(case.scenario.start),))
        assert msgspec.convert(plain, Scenario) == case.scenario


def test_in_network_is_what_the_issue_calls_so():
    quake = Earthquake(lat=0.0, lon=179.9, depth_km=10.0, magnitude=5.0)
    assert is_in_network(ring(6, 50.0), quake)
    assert not is_in_network(ring(6, 70.0), quake)
    assert not is_in_network(ring(3, 50.0), quake)
    assert not is_in_network(ring(6, 50.0, turn=0.5), quake)


def test_groups_are_what_they_are_called(simulated):
    dense = [case for case in of(simulated, "inside") if "sparse" not in case.name]
    assert all(case.in_network for case in dense)
    assert not any(case.in_network for case in of(simulated, "offshore"))
    assert all(case.scenario.earthquake[0].depth_km >= 60 for case in of(simulated, "deep"))
    assert all(case.scenario.earthquake[0].magnitude >= 7.5 for case in of(simulated, "great"))
    assert {len(case.scenario.earthquake) for case in of(simulated, "doublet")} == {2}
    assert {len(case.scenario.earthquake) for case in of(simulated, "three")} == {3}
    assert not any(case.scenario.earthquake for case in of(simulated, "quiet"))
    assert all(case.scenario.telemetry.outage for case in of(simulated, "outage"))


def test_scenarios_with_files_of_their_own_know_all_their_earthquakes(simulated):
    found = {case.name: len(case.scenario.earthquake) for case in of(simulated, "faults")}
    assert {name: count for name, count in found.items() if count > 1} == {
        "faults-doublet": 2,
        "faults-m7coda": 2,
        "faults-swarm": 6,
    }
    inside = {case.name for case in of(simulated, "faults") if case.in_network}
    assert {"faults-m74dense", "faults-deep75"} <= inside
    assert "faults-m6under" not in inside  # three of its four stations are stuck


def test_stations_that_are_dead_do_not_make_a_network(simulated):
    """Of the case in which half are silent beforehand, as if all were."""
    case = next(case for case in simulated if case.name == "outage-half-before")
    stations = network.stations(case.scenario.network, case.scenario.seed)
    outage = case.scenario.telemetry.outage
    silent = [s for s in stations if is_silenced(s.code, outage, case.scenario.seed)]
    assert len(stations) / 4 < len(silent) < len(stations) * 3 / 4
    dead = replace(case.scenario, telemetry=Telemetry(outage=Outage(after=10.0, share=1.0)))
    assert not working(stations, dead, dead.earthquake[0])


def test_offshore_is_60_to_150_km_outside(simulated):
    for case in of(simulated, "offshore"):
        quake = case.scenario.earthquake[0]
        stations = network.stations(case.scenario.network, case.scenario.seed)
        nearest = min(float(distance_km(quake.lat, quake.lon, s.lat, s.lon)) for s in stations)
        assert 45 <= nearest <= 170


def test_every_kind_of_disturbance_comes_alone_and_in_an_earthquake(simulated):
    kinds = set(get_args(AnyDisturbance))
    for group in ("quiet", "disturbed"):
        played = [{type(d) for d in case.scenario.disturbance} for case in of(simulated, group)]
        assert {kind for only in played if len(only) == 1 for kind in only} == kinds


def test_doublets_go_from_a_minute_before_to_three_after(simulated):
    lags = [b.after - a.after for a, b in (c.scenario.earthquake for c in of(simulated, "doublet"))]
    assert (min(lags), max(lags)) == (-60.0, 180.0)


def test_some_cross_the_date_line_and_some_the_equator(simulated):
    lons = [[s.lon for s in network.stations(c.scenario.network, 1)] for c in simulated]
    lats = [[s.lat for s in network.stations(c.scenario.network, 1)] for c in simulated]
    assert sum(max(row) - min(row) > 300 for row in lons) >= 8
    assert sum(min(row) < 0 < max(row) for row in lats) >= 5


def test_records_are_short_and_detectors_have_time_to_settle(simulated):
    assert all(q.after >= 15 for case in simulated for q in case.scenario.earthquake)
    assert sum(case.scenario.duration for case in simulated) / len(simulated) < 90
