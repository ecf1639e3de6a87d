import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.evaluate.bench.tree.last_mile import NONE, Device
from forewave.evaluate.bench.tree.plan import PLANS
from forewave.evaluate.bench.tree.simulation import MIX, needs, simulate
from tests.evaluate.bench.tree.synthetic import COSTS, MANY, ONE


def test_one_process_without_delays_takes_clients_times_the_cost_of_a_delivery():
    found = simulate(ONE, COSTS, devices=[NONE])
    assert found.sent_last == pytest.approx(1000 * 0.010)
    assert found.sent_p50 == pytest.approx(500.5 * 0.010)
    assert found.node_ms == found.sent_last
    (kind,) = found.devices
    assert (kind.p50, kind.p99) == pytest.approx((5.005, 9.9001), rel=1e-3)
    assert kind.within_1_s == 1.0


def test_workers_share_the_clients_of_a_machine():
    found = simulate(replace(ONE, workers=8), COSTS, devices=[NONE])
    assert found.sent_last == pytest.approx(1000 / 8 * 0.010)


def test_constant_delays_add_up():
    plan = replace(ONE, trunk_ms=30.0, handover_ms=0.2)
    costs = replace(COSTS, trunk_us=100.0)
    found = simulate(plan, costs, devices=[Device("x", 7.0, 0.0)])
    assert found.sent_last == pytest.approx(30.0 + 0.1 + 0.2 + 10.0)
    assert found.devices[0].p999 == pytest.approx(30.3 + 9.99 + 7.0, abs=0.02)


def test_the_trunk_serves_one_machine_after_the_other():
    plan = replace(ONE, devices=50_000, affected=50_000)
    found = simulate(plan, replace(COSTS, trunk_us=1000.0), devices=[NONE])
    assert found.sent_last == pytest.approx(50 * 1.0 + 1000 * 0.010)


def test_a_narrow_network_card_is_the_limit():
    """1,000 clients times 500 bytes at 0.1 Gbit/s: 40 ms."""
    assert simulate(replace(ONE, gbit_s=0.1), COSTS, devices=[NONE]).sent_last == pytest.approx(40)


def test_only_the_affected_are_served_when_cells_are_addressed():
    cells, every = (
        simulate(replace(MANY, addressed=addressed), COSTS, devices=[NONE])
        for addressed in (True, False)
    )
    assert (cells.sent_last, every.sent_last) == pytest.approx((167 * 0.010, 250 * 0.010))


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 6), st.integers(0, 100))
def test_more_machines_are_never_later(factor, seed):
    more = replace(MANY, per_node=MANY.per_node // factor)
    few, many = (simulate(p, COSTS, seed, 20_000, [NONE]) for p in (MANY, more))
    assert many.sent_last <= few.sent_last + 1e-9
    assert many.sent_p50 <= few.sent_p50 + 1e-9
    assert many.plan.nodes >= few.plan.nodes


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 100), st.integers(1000, 30_000))
def test_nearest_first_is_never_later_for_the_nearest_nor_for_the_last(seed, affected):
    nearest, mixed = (
        simulate(replace(MANY, order=order, affected=affected), COSTS, seed, 50_000, [NONE])
        for order in ("nearest", "random")
    )
    assert nearest.nearest_p99 <= mixed.nearest_p99
    assert nearest.sent_last == mixed.sent_last


def test_nearest_first_serves_four_percent_in_four_percent_of_the_time():
    assert simulate(ONE, COSTS, devices=[NONE]).nearest_p99 == pytest.approx(0.4, rel=0.02)


def test_samples_give_the_quantiles_of_all():
    every, few = (simulate(MANY, COSTS, 1, samples) for samples in (1_000_000, 20_000))
    assert few.sent_last == every.sent_last
    for a, b in zip(few.devices, every.devices, strict=True):
        assert (a.p50, a.p99) == pytest.approx((b.p50, b.p99), rel=0.05)


def test_the_same_seed_gives_the_same_figures_and_another_seed_others():
    plan = replace(MANY, trunk_ms=30.0, trunk_sigma=0.5, failed=0.1)
    first, again, other = (simulate(plan, COSTS, seed, 20_000) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_devices_of_failed_machines_are_back_after_the_jitter():
    plan = replace(MANY, failed=0.1, jitter_s=2.0, admit_per_core_s=1e9)
    costs = replace(COSTS, connect_us=1e-3)
    found = simulate(plan, costs, devices=[NONE])
    assert found.reconnected_ms == pytest.approx(2000.0, rel=0.01)
    assert found.devices[0].p50 < 2.5  # nine of ten had it at once
    assert 1.0 - found.devices[0].within_1_s == pytest.approx(0.05, abs=0.003)  # half of a tenth


def test_a_herd_is_admitted_at_the_rate_of_the_survivors():
    """3,000 devices without jitter, on 27 machines of 4 processes, 10 a second each."""
    plan = replace(MANY, failed=0.1, jitter_s=0.0, admit_per_core_s=10.0)
    found = simulate(plan, COSTS, devices=[NONE])
    assert found.reconnected_ms == pytest.approx(1000 * 3000 / (27 * 4 * 10), rel=1e-3)


def test_admission_is_no_faster_than_the_processor():
    """The costs allow 1,000 connections a second and core."""
    plan = replace(MANY, failed=0.1, jitter_s=0.0, admit_per_core_s=1e9)
    found = simulate(plan, COSTS, devices=[NONE])
    assert found.reconnected_ms == pytest.approx(1000 * 3000 / (27 * 4 * 1000), rel=1e-3)


def test_if_all_machines_fail_there_is_nothing_to_simulate():
    with pytest.raises(ValueError, match="one: all 1 machines of the region fail"):
        simulate(replace(ONE, failed=0.01), COSTS)


def test_a_failure_does_not_delay_the_others():
    calm, hurt = (simulate(replace(MANY, failed=f), COSTS, 1, devices=[NONE]) for f in (0.0, 0.1))
    assert hurt.sent_last == calm.sent_last


def test_the_mix_is_between_its_kinds():
    kinds = simulate(PLANS[0], COSTS, samples=100_000).devices
    assert kinds[-1].name == MIX
    assert min(k.p50 for k in kinds[:-1]) < kinds[-1].p50 < max(k.p50 for k in kinds[:-1])
    for kind in kinds:
        assert kind.p50 < kind.p90 < kind.p99 < kind.p999


def test_what_a_plan_takes():
    found = needs(MANY, COSTS)
    assert (found.nodes, found.spare_nodes) == (60, 9)
    assert found.memory_gb == pytest.approx(1000 * 24 / 1e6)
    assert found.burst_gbit == pytest.approx(167 * 4 * 500 * 8 / 1e9)
    assert found.egress_gb == pytest.approx(167 * 4 * 500 * 30 * 10 / 1e9)
    assert found.heartbeats_s == pytest.approx(60_000 / 240)
    assert found.heartbeat_cores == pytest.approx(1000 / 240 * 30e-6)
    assert found.region_back_s == pytest.approx(30_000 / (15 * 4 * 500))


def test_a_billion_devices_are_simulated_from_a_sample():
    found = simulate(PLANS[2], COSTS, samples=100_000)
    assert np.isfinite([found.sent_p50, found.sent_last, *(k.p999 for k in found.devices)]).all()
    assert found.node_ms == pytest.approx(PLANS[2].served * 0.010)
