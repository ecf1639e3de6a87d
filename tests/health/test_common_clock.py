import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.health.common_clock import SPAN, CommonClock

T0 = 1.7e9


def after(behind, telemetry, seconds=10, alone=None):
    """A clock that is behind, and stations with such telemetry for so many seconds."""
    common, chance = CommonClock(), np.random.default_rng(1)
    for second in range(seconds):
        for n, delay in enumerate(telemetry):
            late = delay + chance.exponential(0.1)
            off = behind if alone is None or n in alone else 0.0
            common.arrived(f"XX.S{n}", late - off, T0 + second)
    return common.behind(T0 + seconds)


TELEMETRY = [0.2 + 0.05 * n for n in range(20)]


@pytest.mark.parametrize("behind", [2.0, 4.0, 60.0, 7200.0])
def test_a_clock_that_is_behind_is_known_to_the_telemetry(behind):
    found = after(behind, TELEMETRY)
    assert found.seconds == pytest.approx(behind - 0.7, abs=0.6)
    assert (found.stations, found.of) == (20, 20)


def test_a_good_clock_is_never_behind():
    assert after(0.0, TELEMETRY) is None
    assert after(-3.0, TELEMETRY) is None


@pytest.mark.parametrize("alone", [{0}, {0, 1, 2, 3, 4}])
def test_a_few_stations_with_wrong_clocks_are_their_own_fault(alone):
    assert after(5.0, TELEMETRY, alone=alone) is None


def test_two_stations_say_nothing_of_the_machine():
    assert after(5.0, TELEMETRY[:2]) is None


def test_stations_that_are_each_off_by_another_amount_are_each_wrong():
    common = CommonClock()
    for n in range(10):
        common.arrived(f"XX.S{n}", -2.0 - 3.0 * n, T0)
    assert common.behind(T0) is None


def test_it_is_forgotten_once_the_clock_is_set_right():
    common = CommonClock()
    for second in range(200):
        for n in range(5):
            common.arrived(f"XX.S{n}", 0.3 - (3.0 if second < 60 else 0.0), T0 + second)
        if second == 59:
            assert common.behind(T0 + second).seconds == pytest.approx(2.7)
    assert common.behind(T0 + 200) is None


def test_stations_that_have_gone_do_not_count():
    common = CommonClock()
    for n in range(5):
        common.arrived(f"XX.S{n}", -3.0, T0)
    assert common.behind(T0 + 2 * SPAN) is None


@given(st.lists(st.tuples(st.integers(0, 5), st.floats(), st.floats(0, 4e9)), max_size=30))
def test_no_number_ends_it(said):
    common = CommonClock()
    for n, latency, now in said:
        common.arrived(f"XX.S{n}", latency, now)
        common.behind(now)
