import numpy as np
import pytest

from forewave.evaluate.bench.tree.last_mile import DEVICES, NONE, PAGING_MS, Device, delays_ms

COUNT = 200_000


def drawn(device, seed=1):
    return delays_ms(device, COUNT, np.random.default_rng(seed))


def test_the_network_has_its_median_and_its_sigma():
    found = drawn(Device("x", 40.0, 0.5))
    assert np.median(found) == pytest.approx(40.0, rel=0.01)
    assert np.std(np.log(found)) == pytest.approx(0.5, rel=0.01)


def test_waiting_for_the_radio_is_uniform():
    found = drawn(Device("x", 0.0, 0.0, PAGING_MS, wake_ms=100.0))
    assert (found.min(), found.max()) == pytest.approx((100.0, 100.0 + PAGING_MS), abs=0.1)
    assert found.mean() == pytest.approx(100.0 + PAGING_MS / 2, rel=0.01)


def test_each_loss_doubles_the_time_out():
    found = drawn(Device("x", 0.0, 0.0, loss=0.1))
    assert set(np.unique(found)[:3]) == {0.0, 200.0, 600.0}
    assert np.mean(found > 0) == pytest.approx(0.1, rel=0.03)
    assert np.mean(found > 200) == pytest.approx(0.01, rel=0.1)


def test_without_a_last_mile_there_is_no_delay():
    assert not drawn(NONE).any()


def test_the_kinds_are_all_devices_of_the_night():
    assert sum(device.share for device in DEVICES) == pytest.approx(1.0)
    assert len({device.name for device in DEVICES}) == len(DEVICES)


def test_an_idle_phone_waits_longest():
    medians = [np.median(drawn(device)) for device in DEVICES]
    assert max(medians) == medians[-1]
    assert 700 < medians[-1] < 1000
