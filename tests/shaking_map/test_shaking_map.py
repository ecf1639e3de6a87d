"""The conditional distribution against the plain algebra of normal distributions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.earth import gmm
from forewave.earth.gmm import si_midorikawa_1999
from forewave.shaking.intensity import worden_2012
from forewave.shaking_map.correlation import OWN_SHARE, correlation
from forewave.shaking_map.prior import prior
from forewave.shaking_map.shaking_map import READING, conditioned, observed
from tests.shaking_map.scene import PLANE, RECORDS, SOLUTION, felt, place, record

MODELS = (gmm.DEFAULT, si_midorikawa_1999.INTRASLAB)
WHERE = np.array([place(x, y) for x, y in ((12.0, 3.0), (-80.0, 60.0), (200.0, 0.0))])


def by_the_book(measure, records, where):
    """Mean and covariance of the joint distribution, conditioned by its blocks."""
    at = observed(measure, records)
    lat, lon = (
        np.concatenate([one, two]) for one, two in ((where[:, 0], at.lat), (where[:, 1], at.lon))
    )
    before = prior(measure, SOLUTION, MODELS, lat, lon, np.full(len(lat), 400.0))
    x, y = PLANE.to_km(lat, lon)
    apart = np.hypot(x[:, None] - x, y[:, None] - y)
    alike = np.where(np.eye(len(x)), 1.0, correlation(apart))
    whole = (
        np.outer(before.between, before.between) + np.outer(before.within, before.within) * alike
    )
    n = len(where)
    seen = whole[n:, n:] + np.diag(at.error**2)
    across = whole[:n, n:]
    weights = across @ np.linalg.inv(seen)
    mean = before.median[:n] + weights @ (at.value - before.median[n:])
    variance = np.diag(whole)[:n] - np.diag(weights @ across.T) + before.conversion[:n] ** 2
    return mean, np.sqrt(variance)


@pytest.mark.parametrize("measure", ["pga", "pgv", "mmi"])
@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_it_is_the_conditional_distribution(measure, count):
    found = conditioned(SOLUTION, RECORDS[:count]).at(WHERE[:, 0], WHERE[:, 1])
    mean, sigma = by_the_book(measure, RECORDS[:count], WHERE)
    median = found.median[measure] if measure == "mmi" else np.log(found.median[measure])
    assert median == pytest.approx(mean, abs=1e-6)
    assert found.sigma[measure] == pytest.approx(sigma, abs=1e-6)


def test_without_observations_it_is_the_model():
    found = conditioned(SOLUTION, []).at(WHERE[:, 0], WHERE[:, 1])
    before = prior("pga", SOLUTION, MODELS, WHERE[:, 0], WHERE[:, 1], np.full(3, 400.0))
    assert np.log(found.median["pga"]) == pytest.approx(before.median)


def test_at_a_record_it_is_near_the_record_and_sure():
    found = conditioned(SOLUTION, RECORDS)
    near, far = (found.at(*place(*at)) for at in ((10.0, 0.0), (-150.0, -150.0)))
    before = conditioned(SOLUTION, []).at(*place(10.0, 0.0))
    error, was = (abs(np.log(one.median["pga"][0] / 3.0)) for one in (near, before))
    assert error < 0.6 * was
    assert near.sigma["pga"][0] < 0.75 * far.sigma["pga"][0]


def test_records_that_are_all_stronger_lift_far_places_too():
    louder = [replace(one, pga_ms2=2 * one.pga_ms2, pgv_ms=2 * one.pgv_ms) for one in RECORDS]
    usual, more = (conditioned(SOLUTION, one) for one in (RECORDS, louder))
    away = place(-250.0, -100.0)
    assert more.at(*away).median["pga"] > 1.1 * usual.at(*away).median["pga"]
    assert more.event_term("pga") > usual.event_term("pga") + 0.2


def test_a_record_a_thousand_times_too_strong_is_refused_and_moves_nothing():
    wrong = replace(RECORDS[3], name="X", pga_ms2=0.0011, pgv_ms=0.00012)
    found = conditioned(SOLUTION, [*RECORDS, wrong])
    assert [one.name for one in found.refused] == ["X", "X", "X"]
    assert all("sigma from the others" in one.reason for one in found.refused)
    same = conditioned(SOLUTION, RECORDS).at(WHERE[:, 0], WHERE[:, 1])
    assert found.at(WHERE[:, 0], WHERE[:, 1]).median["pga"] == pytest.approx(same.median["pga"])


def test_what_was_felt_counts_for_less_than_a_record():
    there = place(50.0, 0.0)
    by_record = record("R", 50.0, 0.0, 2.4, 0.2)
    mmi = 0.5 * float(worden_2012.from_pga(2.4) + worden_2012.from_pgv(0.2))
    none, people, station = (
        conditioned(SOLUTION, one).at(*there).median["mmi"][0]
        for one in ([], [felt("P", 50.0, 0.0, mmi)], [by_record])
    )
    assert none < people < station <= mmi + 0.01


@pytest.mark.parametrize("measure", ["pga", "pgv", "mmi"])
def test_left_out_is_the_map_of_the_others(measure):
    field = conditioned(SOLUTION, RECORDS).field(measure)
    median, sigma = field.left_out()
    for i, one in enumerate(RECORDS):
        others = conditioned(SOLUTION, [o for o in RECORDS if o != one])
        found = others.at(one.lat, one.lon)
        there = found.median[measure] if measure == "mmi" else np.log(found.median[measure])
        assert median[i] == pytest.approx(there[0], abs=1e-6)
        before = prior(
            measure, SOLUTION, MODELS, *(np.array([v]) for v in (one.lat, one.lon, 400.0))
        )
        own = READING[measure] ** 2 - before.conversion[0] ** 2
        assert sigma[i] == pytest.approx(np.sqrt(found.sigma[measure][0] ** 2 + own), abs=1e-6)


@settings(max_examples=15)
@given(st.permutations([*RECORDS, felt("P", 5.0, 5.0, 7.0), *RECORDS[:2]]))
def test_order_and_repetition_do_not_matter(observations):
    once = conditioned(SOLUTION, [*RECORDS, felt("P", 5.0, 5.0, 7.0)])
    again = conditioned(SOLUTION, observations)
    for measure in ("pga", "pgv", "mmi"):
        one, two = (m.at(WHERE[:, 0], WHERE[:, 1]) for m in (once, again))
        assert np.array_equal(one.median[measure], two.median[measure])
        assert np.array_equal(one.sigma[measure], two.sigma[measure])


def test_two_sensors_at_one_place():
    twin = replace(RECORDS[0], name="A2", pga_ms2=3.3)
    found = conditioned(SOLUTION, [*RECORDS, twin])
    assert np.all(np.isfinite(found.at(WHERE[:, 0], WHERE[:, 1]).median["pga"]))
    assert found.used("pga") == 6


def test_own_share_is_not_shared():
    assert 0.0 < OWN_SHARE < 0.5
