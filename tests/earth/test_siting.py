"""Which coordinates cannot be right, and which far stations are left alone."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.earth.siting import Siting, misplaced, placed, remote_patterns
from forewave.types import Channel, Station, StreamId


def station(name, lat, lon):
    channel = Channel(StreamId("XX", name, "", "HNZ"), 1.0, "m/s^2", 100.0)
    return Station(f"XX.{name}", lat, lon, 0.0, (channel,))


def grid(lat, lon, side=7, step=0.2, prefix="S"):
    return tuple(
        station(f"{prefix}{i}{j}", lat + step * i, lon + step * j)
        for i in range(side)
        for j in range(side)
    )


TAIWAN = grid(23.4, 120.8)
CHILE = grid(-34.0, -71.5)


def moved(stations, number, **to):
    return tuple(replace(s, **to) if i == number else s for i, s in enumerate(stations))


@pytest.mark.parametrize("network", [TAIWAN, CHILE])
@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda s: {"lat": 0.0, "lon": 0.0}, "0, 0 stands for"),
        (lambda s: {"lon": -s.lon}, "sign of the longitude"),
        (lambda s: {"lat": -s.lat}, "sign of the latitude"),
        (lambda s: {"lat": -s.lat, "lon": -s.lon}, "both signs"),
        (lambda s: {"lat": s.lat + 20.0}, "km from the others"),
        (lambda s: {"lat": s.lat - 20.0, "lon": s.lon + 20.0}, "km from the others"),
        (lambda s: {"lon": s.lon + 5.0}, "km from the others"),
        (lambda s: {"lat": s.lon, "lon": s.lat}, ""),
        (lambda s: {"lat": math.nan}, "no place on Earth"),
    ],
)
def test_a_wrong_place_is_found_and_no_other(network, change, why):
    wrong = moved(network, 24, **change(network[24]))
    found = misplaced(wrong)
    assert list(found) == [network[24].code]
    assert why in found[network[24].code]
    assert placed(wrong) == tuple(s for s in network if s.code != network[24].code)


@pytest.mark.parametrize("count", [2, 6, 24])
@pytest.mark.parametrize(
    "change",
    [
        lambda s: {"lat": 0.0, "lon": 0.0},
        lambda s: {"lon": -s.lon},
        lambda s: {"lat": -s.lat},
    ],
)
def test_a_mistake_that_many_share_is_found_in_each(change, count):
    wrong = tuple(replace(s, **change(s)) if i < count else s for i, s in enumerate(TAIWAN))
    assert set(misplaced(wrong)) == {s.code for s in TAIWAN[:count]}


def test_a_far_island_with_two_stations_stays():
    island = station("ISL1", 24.5, 131.0), station("ISL2", 24.6, 131.2)
    assert misplaced((*TAIWAN, *island)) == {}


def test_overseas_territories_stay():
    france, reunion = grid(44.0, 2.0), grid(-21.3, 55.4, side=3, step=0.1, prefix="R")
    antilles = grid(16.0, -61.7, side=2, step=0.2, prefix="G")
    assert misplaced((*france, *reunion, *antilles)) == {}


def test_a_network_across_the_date_line_is_one():
    fiji = tuple(
        station(f"F{i}", -17.0, (178.0 + 0.5 * i + 180.0) % 360.0 - 180.0) for i in range(9)
    )
    assert misplaced(fiji) == {}


def test_a_network_on_both_sides_of_the_equator_is_one():
    sumatra = tuple(station(f"T{i}", -6.0 + 1.3 * i, 105.0 - 1.2 * i) for i in range(10))
    assert misplaced(sumatra) == {}


def test_a_sparse_network_has_no_outliers():
    world = tuple(station(f"W{i}", 70.0 - 14.0 * i, -170.0 + 33.0 * i) for i in range(11))
    assert misplaced(world) == {}


@pytest.mark.parametrize("pattern", ["XX.S33", "XX.S3?", "XX.*", "YY.A, XX.S33"])
def test_who_knows_better_says_so(pattern):
    far = moved(TAIWAN, 24, lat=TAIWAN[24].lat + 9.0)
    assert misplaced(far, Siting(remote=remote_patterns(pattern))) == {}
    assert misplaced(far, Siting(remote=remote_patterns("YY.*"))) != {}


def test_outside_the_region_nothing_is_used_but_what_is_named():
    siting = Siting(region=(120.0, 23.0, 123.0, 25.0))
    near = moved(TAIWAN, 24, lat=25.1)
    assert misplaced(near) == {}
    assert "outside network.region" in misplaced(near, siting)[TAIWAN[24].code]
    assert misplaced(near, Siting(siting.region, (TAIWAN[24].code,))) == {}


@given(st.integers(0, 3), st.floats(-80.0, 80.0), st.floats(-179.0, 179.0))
def test_of_three_or_fewer_nothing_is_said(count, lat, lon):
    few = [station(f"S{i}", lat, (lon + 40.0 * i + 180.0) % 360.0 - 180.0) for i in range(count)]
    assert misplaced(few) == {}


@given(st.permutations(range(len(TAIWAN))))
def test_the_order_of_the_inventory_does_not_matter(order):
    wrong = moved(moved(TAIWAN, 3, lat=0.0, lon=0.0), 20, lon=-TAIWAN[20].lon)
    assert misplaced([wrong[i] for i in order]) == misplaced(wrong)


def test_thousands_of_stations_are_no_work():
    rng = np.random.default_rng(1)
    many = tuple(
        station(f"M{i}", float(y), float(x))
        for i, (y, x) in enumerate(rng.uniform((30, 130), (42, 142), (3000, 2)))
    )
    assert misplaced(many) == {}
