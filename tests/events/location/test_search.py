"""The search, on evidence without errors."""

import numpy as np
import pytest
from msgspec.structs import replace

from forewave.events.location import search
from forewave.events.location.evidence import Evidence, Sighted, make_tables
from forewave.events.relations import cua_heaton_2007 as envelopes
from tests.events import made


@pytest.fixture(scope="module")
def tables(travel_times):
    return make_tables(travel_times)


def of_source(travel_times, x_km, y_km, depth_km, stations, magnitude=5.0):
    """Picks at (east, north) stations, of a source at time 0."""
    east, north = np.array(stations, float).T
    km = np.hypot(east - x_km, north - y_km)
    time = travel_times.seconds("P", km, depth_km)
    log_a = envelopes.log_amplitude(envelopes.P_ZA, magnitude, envelopes.slant_km(km, depth_km))
    order = np.argsort(time)
    return made.known(east[order], north[order], time[order], log_a[order])


AROUND = [(0, 0), (30, 5), (-25, 15), (10, -35), (-20, -25), (25, 30), (5, 45)]


@pytest.mark.parametrize(
    ("x_km", "y_km", "depth_km"), [(5, 8, 12), (-12, -4, 8), (18, -15, 28), (0, 0, 64)]
)
def test_a_source_within_its_stations(travel_times, tables, x_km, y_km, depth_km):
    found = search.search(of_source(travel_times, x_km, y_km, depth_km, AROUND), tables)
    assert np.hypot(found.x_km - x_km, found.y_km - y_km) < 2.5
    assert abs(found.depth_km - depth_km) < 2.5 * found.depth_sigma_km + 0.25 * depth_km
    assert found.magnitude == pytest.approx(5.0, abs=0.5)
    # right below them it is less sure: P alone, without displacement, hardly resolves depth
    assert found.sigma_km < max(8.0, 0.15 * depth_km)


def test_outside_its_stations_it_is_less_sure(travel_times, tables):
    inside = search.search(of_source(travel_times, 5, 8, 12, AROUND), tables)
    outside = search.search(of_source(travel_times, 60, 30, 12, AROUND, 5.5), tables)
    assert outside.sigma_km > 1.5 * inside.sigma_km
    assert np.hypot(outside.x_km - 60, outside.y_km - 30) < 3 * outside.sigma_km


def test_two_picks_give_a_wide_uncertainty(travel_times, tables):
    two, seven = (
        search.search(of_source(travel_times, 5, 8, 12, stations), tables)
        for stations in (AROUND[:2], AROUND)
    )
    assert two.sigma_km > 2 * seven.sigma_km
    assert np.hypot(two.x_km - 5, two.y_km - 8) < 2 * two.sigma_km


def test_refining_comes_to_the_same_place(travel_times, tables):
    evidence = of_source(travel_times, 5, 8, 12, AROUND)
    everywhere = search.search(evidence, tables)
    nearby = search.refine(evidence, tables, everywhere)
    assert np.hypot(nearby.x_km - everywhere.x_km, nearby.y_km - everywhere.y_km) < 1.5
    assert nearby.time == pytest.approx(everywhere.time, abs=0.3)


def test_refining_corrects_a_place_some_kilometres_off(travel_times, tables):
    first = search.search(of_source(travel_times, 12, 2, 12, AROUND), tables)
    moved = search.refine(of_source(travel_times, 5, 8, 12, AROUND), tables, first)
    assert np.hypot(moved.x_km - 5, moved.y_km - 8) < 3.0


def test_picks_that_agree_are_better_evidence_than_picks_that_do_not(travel_times, tables):
    agree = of_source(travel_times, 5, 8, 12, AROUND)
    rng = np.random.default_rng(2)
    scattered = Evidence(
        **{name: getattr(agree, name) for name in agree.__struct_fields__ if name != "pick_time"},
        pick_time=np.sort(agree.pick_time + rng.uniform(0, 25, len(agree.pick_time))),
    )
    found = [search.search(each, tables).log_evidence for each in (agree, scattered)]
    assert found[0] > found[1] + 10.0


def seen(x_km, y_km, log_ratio=6.0):
    return Sighted(x_km, y_km, 0.5, 12.0, log_ratio)


def test_phones_place_what_one_station_leaves_open(travel_times, tables):
    one = of_source(travel_times, 40, 10, 12, [(0, 0)])
    alone = search.search(one, tables)
    found = search.search(replace(one, sighted=seen(44.0, 5.0)), tables)
    assert found.sigma_km < 20.0 < alone.sigma_km
    assert np.hypot(found.x_km - 40, found.y_km - 10) < 15.0
    assert 2.0 < found.log_evidence - alone.log_evidence < 12.0  # its own 6, and the place fits


def test_phones_do_not_move_what_many_agree_on(travel_times, tables):
    many = of_source(travel_times, 5, 8, 12, AROUND)
    usual = search.search(many, tables)
    for x_km, y_km in [(20, 20), (60, -30), (150, 0)]:
        found = search.search(replace(many, sighted=seen(x_km, y_km, 7.0)), tables)
        assert np.hypot(found.x_km - usual.x_km, found.y_km - usual.y_km) < 1.0
        assert found.log_evidence > usual.log_evidence - 0.5


def test_phones_that_weigh_nothing_change_nothing(travel_times, tables):
    many = of_source(travel_times, 5, 8, 12, AROUND)
    assert search.search(replace(many, sighted=seen(5, 8, 0.0)), tables) == (
        search.search(many, tables)
    )
