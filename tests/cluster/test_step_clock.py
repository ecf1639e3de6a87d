"""The time of the stations, between two batches and after a step."""

import time

import pytest

from forewave.cluster.step_clock import StepClock


def test_the_time_is_that_of_the_steps_and_goes_on_between_them():
    clock = StepClock()
    assert abs(clock() - time.time()) < 1.0
    clock.advance(1000.0)
    assert clock() == pytest.approx(1000.0, abs=0.2)
    clock.advance(900.0)  # a step that is late changes nothing
    assert clock() == pytest.approx(1000.0, abs=0.2)
    clock.advance(2000.0)
    assert clock() == pytest.approx(2000.0, abs=0.2)
    clock.restart()
    clock.advance(500.0)
    assert clock() == pytest.approx(500.0, abs=0.2)
