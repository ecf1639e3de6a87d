"""Phones as one witness: what is remembered of a front, and what it is worth where."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.events.location.evidence import Sighted
from forewave.events.location.search import REGION_KM2
from forewave.events.memory import phone_sightings
from forewave.events.memory.phone_sightings import (
    FRESH,
    KEPT,
    LEAST_SIGMA_KM,
    UPDATE_EVERY,
    Sightings,
    log_ratio,
)
from forewave.types import Origin
from tests.events import made
from tests.events.made import PLANE, T0

SEEN = made.sighting(0.0, 0.0, 30.0)
NOW = T0 + 38.0


def heard(*seen):
    phones = Sightings()
    for sighting in seen:
        phones.add(sighting, NOW)
    return phones


def origin(east_km, north_km, time, sigma_km=5.0, time_sigma=1.0):
    lat, lon = PLANE.to_degrees(east_km, north_km)
    return Origin(T0 + time, lat, lon, 10.0, time_sigma, sigma_km, 5.0)


def test_of_one_front_the_surest_counts_and_others_are_no_news():
    phones = Sightings()
    less, more = replace(SEEN, probability=0.6), replace(SEEN, probability=0.9)
    assert phones.add(less, NOW) == NOW
    assert phones.add(more, NOW + 0.25) == NOW + UPDATE_EVERY
    assert phones.add(less, NOW + 3.0) is None
    assert phones.fresh(NOW) == [more]


def test_equally_likely_the_better_placed_counts_but_none_better_than_phones_can():
    phones = heard(replace(SEEN, sigma_km=20.0), replace(SEEN, sigma_km=12.0))
    assert phones.fresh(NOW)[0].sigma_km == 12.0
    assert heard(replace(SEEN, sigma_km=3.0)).add(replace(SEEN, sigma_km=1.0), NOW) is None


def test_another_front_is_news_at_once():
    phones = heard(SEEN)
    assert phones.add(made.sighting(150.0, 0.0, 30.0), NOW + 0.1) == NOW + 0.1
    assert len(phones.fresh(NOW)) == 2


def test_it_is_forgotten():
    phones = heard(SEEN)
    assert phones.fresh(SEEN.time + FRESH + 0.1) == []
    phones.add(made.sighting(150.0, 0.0, 30.0 + KEPT), SEEN.time + KEPT + 1.0)
    assert phones.of(origin(0.0, 0.0, 30.0)) is None


@pytest.mark.parametrize(
    ("east_km", "time", "found"),
    [(10.0, 32.0, True), (35.0, 30.0, False), (0.0, 45.0, False)],
)
def test_it_is_of_an_origin_that_is_near_in_place_and_time(east_km, time, found):
    assert (heard(SEEN).of(origin(east_km, 0.0, time)) is not None) is found


def test_an_unsure_origin_may_be_farther():
    assert heard(SEEN).of(origin(60.0, 0.0, 38.0, sigma_km=40.0, time_sigma=6.0)) == SEEN


def test_of_two_fronts_a_pick_has_the_one_whose_wave_comes_then():
    other = made.sighting(240.0, 0.0, 30.0)
    station = made.station("A", 60.0, 0.0)
    phones = heard(SEEN, other)
    assert phones.near(station, T0 + 41.0) == SEEN
    assert phones.near(station, T0 + 60.0) == other
    assert phones.near(station, T0 + 200.0) is None
    assert phones.near(made.station("B", 600.0, 0.0), T0 + 80.0) is None


@pytest.mark.parametrize(("time", "expected"), [(41.0, True), (31.0, True), (65.0, False)])
def test_a_pick_is_expected_when_p_is(time, expected):
    station = made.station("A", 60.0, 0.0)
    assert phone_sightings.expected([SEEN], station, made.pick(station, time)) is expected


@given(st.floats(0.0, 7.0), st.floats(0.2, 40.0), st.floats(-300, 300), st.floats(-60, 60))
def test_it_is_never_evidence_against_a_source_and_is_limited(ratio, half_km, east_km, late):
    seen = Sighted(0.0, 0.0, 0.0, LEAST_SIGMA_KM, ratio)
    nodes = np.array([[east_km, 0.0, 2.0, half_km]])
    (found,) = log_ratio(seen, nodes, np.array([late]), REGION_KM2)
    assert -1e-12 <= found <= ratio + np.log(REGION_KM2 / (2 * np.pi * LEAST_SIGMA_KM**2))


@pytest.mark.parametrize("half_km", [2.0, 10.0])
@pytest.mark.parametrize("ratio", [0.0, 2.0, 7.0])
def test_over_the_region_it_is_the_sightings_own_ratio(half_km, ratio):
    side = np.arange(-254.0, 255.0, 2 * half_km)
    x, y = (axis.ravel() for axis in np.meshgrid(side, side))
    nodes = np.column_stack([x, y, 0 * x, 0 * x + half_km])
    seen = Sighted(0.0, 0.0, 5.0, 12.0, ratio)
    worth = np.exp(log_ratio(seen, nodes, 0 * x + 5.0, REGION_KM2))
    cell = (2 * half_km) ** 2 / REGION_KM2
    average = 1.0 + ((worth - 1.0) * cell).sum()
    assert np.log(average) == pytest.approx(ratio, abs=0.05)
