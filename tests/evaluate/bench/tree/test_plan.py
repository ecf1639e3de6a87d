import pytest
from msgspec.structs import replace

from forewave.evaluate.bench.tree.plan import PLANS
from tests.evaluate.bench.tree.synthetic import MANY, ONE


def test_machines_hold_all_connections():
    for plan in PLANS:
        assert plan.nodes * plan.per_node >= plan.devices
        assert (plan.region_nodes - 1) * plan.per_node * plan.regions < plan.devices
        assert 0 < plan.affected <= plan.devices / plan.regions


def test_the_sizes_are_those_of_the_plan():
    assert [plan.devices for plan in PLANS] == [10**6, 10**8, 10**9]


def test_every_affected_client_is_served_by_a_worker():
    assert (ONE.nodes, ONE.served) == (1, 1000)
    assert (MANY.region_nodes, MANY.served) == (30, 167)  # 20,000 on 30 machines of 4
    assert replace(MANY, addressed=False).served == 250  # 30,000 on the same


@pytest.mark.parametrize(("failed", "nodes"), [(0.0, 0), (1e-9, 1), (0.01, 1), (0.1, 3), (0.11, 4)])
def test_if_any_machines_fail_it_is_at_least_one(failed, nodes):
    assert replace(MANY, failed=failed).failed_nodes == nodes
