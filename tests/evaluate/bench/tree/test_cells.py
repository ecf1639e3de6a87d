import pytest
from msgspec.structs import replace

from forewave.evaluate.bench.tree import cells
from forewave.evaluate.bench.tree.last_mile import NONE
from forewave.evaluate.bench.tree.simulation import simulate
from tests.evaluate.bench.tree.synthetic import COSTS, ONE


def test_the_time_is_that_of_the_clients_sent_to():
    assert cells.gains(COSTS)[0] == cells.Gain(1000, 10.0, pytest.approx((1.0, 0.1)))


def test_it_is_that_of_the_simulation():
    for gain in cells.gains(COSTS)[:2]:
        tenth = gain.clients // 10
        plan = replace(ONE, devices=gain.clients, per_node=gain.clients, affected=tenth)
        found = simulate(plan, COSTS, devices=[NONE])
        assert found.sent_last == pytest.approx(gain.to_cells[0])
