"""The picks that are shown."""

import pytest

from forewave.console import picks as picks_module
from forewave.console.picks import KEPT, Picks
from forewave.types import PHONES, Arrival, PickWithdrawn
from tests.console.console_items import NOW, pick, solution


@pytest.fixture
def picks():
    return Picks({"ST.A": 0, "ST.B": 1})


def test_a_pick_is_given_once_and_kept_for_some_minutes(picks):
    picks.add(pick("a", "A"))
    picks.add(pick("z", "Z"))  # a station that is not listed
    [shown], gone = picks.changes(NOW)
    assert (shown.n, shown.row, shown.phase, shown.at, gone) == (1, 0, "P", NOW * 1000, [])
    assert picks.changes(NOW) == ([], [])
    assert picks.all() == [shown]
    picks.changes(NOW + KEPT + 1.0)
    assert picks.all() == []


def test_a_withdrawn_pick_is_named_by_its_number(picks):
    picks.add(pick("a", "A"))
    picks.withdraw(PickWithdrawn("ST.A", "a", NOW))
    picks.withdraw(PickWithdrawn("ST.A", "unknown", NOW))
    assert picks.changes(NOW)[1] == [1]
    assert picks.all() == []


def test_arrivals_of_a_solution_are_numbers_residuals_and_use(picks):
    first, second = pick("a", "A"), pick("b", "B")
    picks.add(first)
    picks.add(second)
    found = solution(picks=[first, second]).picks
    unused = (*found[:1], Arrival("b", "ST.B", "P", NOW, -1.5, 30.0, 0.0))
    by_phones = Arrival("p", PHONES, "P", NOW, 0.0, 30.0, 1.0)
    assert picks.arrivals((*unused, by_phones)) == [(1, 0.2, True), (2, -1.5, False)]


def test_memory_has_an_end(picks, monkeypatch):
    monkeypatch.setattr(picks_module, "MOST", 10)
    for n in range(50):
        picks.add(pick(str(n), "A", NOW + n / 10))
    assert [each.n for each in picks.all()] == list(range(41, 51))
    assert len(picks.changes(NOW)[0]) == 10
