import pytest

from forewave.stations.layout import COMPONENT, CONF, record, ring_size


@pytest.mark.parametrize("rate", [20.0, 31.3213, 100.0, 500.0])
def test_a_ring_holds_ten_seconds_and_is_a_power_of_two(rate):
    size = ring_size(rate)
    assert size >= 10 * rate
    assert size & (size - 1) == 0


def test_a_record_is_nothing_but_what_is_set():
    made = record(CONF, rate=100.0)
    assert made["rate"][0] == 100.0
    assert made["lta"][0] == 0.0
    assert record(COMPONENT)["head"][0] == 0
