import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.earth import geohash
from forewave.phones import background_rates
from forewave.phones.background_rates import PRIOR_COUNT, PRIOR_SPAN, CellRates

T0 = 1.6e9


def cell(north_km):
    return geohash.encode(35.0 + north_km / 111.19, -118.0, 5)


def test_a_noisy_cell_teaches_its_own_rate():
    rates = CellRates()
    noisy, quiet = rates.number(cell(0)), rates.number(cell(20))
    for n in range(600):
        rates.note(noisy, T0 + 12.0 * n)
    one, other = rates.rates(np.array([noisy, quiet]), T0 + 7200.0)
    assert one == pytest.approx(1 / 12.0, rel=0.3)
    assert other < PRIOR_COUNT / PRIOR_SPAN


def test_noise_that_begins_is_known_within_minutes_and_forgotten():
    rates = CellRates()
    number = rates.number(cell(0))
    rates.note(number, T0)
    for n in range(60):
        rates.note(number, T0 + 3600.0 + 10.0 * n)
    (loud,) = rates.rates(np.array([number]), T0 + 4200.0)
    assert loud > 0.02
    (calm,) = rates.rates(np.array([number]), T0 + 14 * 3600.0)
    assert calm < loud / 10


def test_only_cells_within_reach_are_expected_to_trigger():
    rates = CellRates()
    near, _, far = (rates.number(cell(km)) for km in (0, 50, 200))
    two = rates.expected(near, 80.0, 12.0, T0)
    assert two == pytest.approx(2 * rates.expected(far, 80.0, 12.0, T0))


@given(st.integers(1, 300))
def test_tables_grow(count):
    rates = CellRates()
    numbers = [rates.number(cell(5.0 * n)) for n in range(count)]
    assert numbers == list(range(count))
    lats, _ = rates.places(np.array(numbers))
    assert (np.diff(lats) > 0).all()


def test_cells_that_have_said_least_make_room(monkeypatch):
    monkeypatch.setattr(background_rates, "MOST_CELLS", 80)
    rates = CellRates()
    for n in range(80):
        rates.note(rates.number(cell(5.0 * n)), T0)
    for n in range(40):
        rates.note(rates.number(cell(5.0 * n)), T0 + 60.0)
    assert rates.is_full(cell(1000.0))
    assert not rates.is_full(cell(0.0))
    assert rates.number(cell(1000.0)) is None
    dropped = rates.drop(T0 + 120.0)
    assert len(dropped) == 10
    assert all(n >= 40 for n in dropped)
    assert rates.number(cell(1000.0)) in dropped
    assert not rates.has_history(np.array([rates.number(cell(1000.0))]), T0 + 1e6).any()
    assert rates.has_history(np.arange(40), T0 + 120.0).all()


def test_cells_that_made_room_are_expected_no_more(monkeypatch):
    monkeypatch.setattr(background_rates, "MOST_CELLS", 16)
    rates = CellRates()
    numbers = [rates.number(cell(1.0 + 5.0 * n)) for n in range(16)]
    rates.note(numbers[0], T0)
    before = rates.expected(numbers[0], 200.0, 12.0, T0)
    rates.drop(T0)
    assert rates.expected(numbers[0], 200.0, 12.0, T0) < before


@pytest.mark.parametrize("name", ["", "9qh0", "9qh0vx", "9qh0a", "9QH0V"])
def test_what_is_no_cell_has_no_number(name):
    assert CellRates().number(name) is None
