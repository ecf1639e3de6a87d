"""The conditional forecast against the plain algebra of normal distributions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.shaking import residuals
from forewave.shaking.residuals import Field, Stations


def field(x_km, placed=0.3, within=0.7):
    x = np.asarray(x_km, float)
    return Field(x, np.zeros_like(x), np.full_like(x, placed), np.full_like(x, within))


def stations(x_km, residual, between=0.5, settled=True, **sigmas):
    residual = np.asarray(residual, float)
    settled = np.broadcast_to(settled, residual.shape)
    return Stations(field(x_km, **sigmas), residual, settled, between)


def correlated(one, other):
    """Loth and Baker (2013, 2020) at the shortest period, and the source's place."""
    h = np.hypot(one.x_km[:, None] - other.x_km, one.y_km[:, None] - other.y_km)
    rho = 0.29 * np.exp(-3 * h / 20) + 0.47 * np.exp(-3 * h / 70)
    return np.outer(one.within, other.within) * rho + np.outer(one.placed, other.placed) * np.exp(
        -3 * h / 70
    )


def by_the_book(seen, y, where, between):
    """Mean and sigma of a joint normal distribution, the event term one of its parts."""
    own = 0.24 * seen.within**2 + residuals.READING**2
    k = correlated(seen, seen) + np.diag(own) + between**2
    c = correlated(where, seen) + between**2
    inverse = np.linalg.inv(k)
    variance = where.placed**2 + where.within**2 + between**2
    left = variance - np.einsum("ij,jk,ik->i", c, inverse, c)
    return c @ inverse @ y, np.sqrt(left)


@pytest.fixture
def trusting(monkeypatch):
    """The source is never doubted, as in the plain algebra."""
    monkeypatch.setattr(residuals, "DISTRUST", 0.0)


def test_it_is_the_conditional_distribution(trusting):
    rng = np.random.default_rng(4)
    x, y = rng.uniform(0, 120, 12), rng.normal(0.3, 0.5, 12)
    there = field([3.0, 40.0, 90.0, 500.0])
    said = stations(x, y).at(there)
    mean, sigma = by_the_book(field(x), y, there, 0.5)
    assert said.bias + said.nearby == pytest.approx(mean, abs=1e-5)
    assert said.sigma == pytest.approx(sigma, abs=1e-4)


def test_a_station_is_told_what_it_would_be_told_without_its_record(trusting):
    rng = np.random.default_rng(5)
    x, y = rng.uniform(0, 120, 9), rng.normal(0.3, 0.5, 9)
    added, sigma = stations(x, y).at_themselves()
    for i in range(9):
        others = np.arange(9) != i
        mean, left = by_the_book(field(x[others]), y[others], field(x[[i]]), 0.5)
        assert added[i] == pytest.approx(mean[0], abs=1e-4)
        assert sigma[i] == pytest.approx(np.hypot(left[0], residuals.READING), abs=1e-4)


@given(
    others=st.lists(st.floats(-3, 5), min_size=1, max_size=8),
    own=st.floats(-5, 7),
    settled=st.lists(st.booleans(), min_size=8, max_size=8),
)
def test_nothing_of_its_own_record_comes_back_to_a_station(others, own, settled):
    x = np.arange(len(others) + 1) * 11.0
    flags = np.array([True, *settled[: len(others)]])
    told = [stations(x, [record, *others], settled=flags).at_themselves() for record in (own, 0.2)]
    assert told[0][0][0] == pytest.approx(told[1][0][0], abs=1e-6)
    assert told[0][1][0] == pytest.approx(told[1][1][0], abs=1e-6)


def test_the_event_term_grows_with_the_number_of_stations():
    far_apart = [stations(np.arange(n) * 900.0, np.full(n, 0.4)).bias for n in (1, 3, 10, 60)]
    assert far_apart == sorted(far_apart)
    phi2 = 0.3**2 + 0.7**2 + residuals.READING**2
    assert far_apart[0] == pytest.approx(0.4 / (1 + phi2 / 0.5**2), abs=1e-6)
    assert far_apart[-1] == pytest.approx(0.4, abs=0.03)


def test_one_bad_gain_does_not_move_the_rest():
    x = np.arange(8) * 40.0
    right = stations(x, np.zeros(8)).bias
    wrong = stations(x, [4.0, *np.zeros(7)]).bias
    assert abs(wrong - right) < 0.25


def test_a_source_that_all_stations_contradict_is_not_believed():
    """A magnitude 7 taken for a 5: three units more everywhere, the sigma says 0.5."""
    x = np.arange(6) * 15.0
    assert stations(x, np.full(6, 3.0)).bias > 2.2
    # Two alone cannot say so; nor is half a unit a reason to doubt.
    assert stations(x[:2], np.full(2, 3.0)).bias < 1.5
    assert stations(x, np.full(6, 0.5)).bias < 0.45


def test_few_stations_may_say_more_but_not_less():
    assert stations([0.0, 50.0], [-1.0, -1.2]).bias == 0.0
    assert stations([0.0, 50.0], [1.0, 1.2]).bias > 0.2
    assert stations([0.0, 50.0, 100.0], [-1.0, -1.2, -0.9]).bias < -0.2


def test_what_has_not_settled_is_taken_for_what_the_others_saw():
    x = np.arange(7) * 30.0
    settled = np.array([True] * 4 + [False] * 3)
    waiting = stations(x, [-0.6] * 4 + [-2.0] * 3, settled=settled)
    assert waiting.bias == pytest.approx(stations(x, np.full(7, -0.6)).bias)
    growing = stations(x, [-0.6] * 4 + [0.8, -2.0, -2.0], settled=settled)
    assert growing.bias > waiting.bias


def test_motion_nearby_fades_with_distance():
    group = stations([0.0, 4.0, 8.0], [1.5, 1.7, 1.6], between=0.3)
    said = group.at(field([4.0, 15.0, 40.0, 300.0]))
    assert (np.diff(said.nearby) < 0).all()
    assert said.nearby[-1] == pytest.approx(0.0, abs=1e-3)
    assert (np.diff(said.sigma) > 0).all()


@given(residual=st.lists(st.floats(-4, 6), min_size=1, max_size=12), between=st.floats(0.1, 2.0))
def test_it_is_always_a_number(residual, between):
    asked = stations(np.arange(len(residual)) * 0.01, residual, between)
    said = asked.at(field([0.0, 100.0]))
    for numbers in (said.nearby, said.sigma, *asked.at_themselves(), asked.nearby()):
        assert np.isfinite(numbers).all()
    assert abs(asked.bias) <= max(abs(r) for r in residual) + 1e-6
