"""The meter measures what WCAG calls a flash, and nothing else."""

import math

import numpy as np
import pytest

from tests.accessibility.flash import COLUMNS, ROWS, STEP_S, most_flashes

TIMES = [n * STEP_S for n in range(43)]


def film(brightness, colour=(1.0, 1.0, 1.0), width=2):
    grids = np.zeros((len(TIMES), ROWS, COLUMNS, 3))
    values = np.array([brightness(time) for time in TIMES])
    grids[:, -2:, :width] = values[:, None, None, None] * np.array(colour)
    return list(grids)


@pytest.mark.parametrize(("hertz", "least"), [(10, 8), (5, 4), (2, 2)])
def test_a_flashing_part_is_found_however_fast(hertz, least):
    grids = film(lambda time: float(math.floor(time * hertz * 2) % 2))
    assert least <= most_flashes(TIMES, grids) <= hertz


def test_slow_change_is_no_flash():
    assert most_flashes(TIMES, film(lambda time: time / 2.1)) == 0
    assert most_flashes(TIMES, film(lambda time: float(time < 1.2))) == 0


def test_a_pulse_that_comes_and_goes_gradually_is_one():
    assert most_flashes(TIMES, film(lambda time: max(0.0, 0.5 - abs(time - 1.0)))) == 1


def test_less_than_a_tenth_is_none_nor_are_two_bright_ones():
    assert most_flashes(TIMES, film(lambda time: 0.09 * (math.floor(time * 20) % 2))) == 0
    assert most_flashes(TIMES, film(lambda time: 0.85 + 0.15 * (math.floor(time * 20) % 2))) == 0


def test_a_red_flash_counts_where_its_luminance_changes_little():
    grids = film(lambda time: 0.4 * (math.floor(time * 8) % 2), (1.0, 0.0, 0.0))
    assert most_flashes(TIMES, grids) >= 3


def test_less_than_a_quarter_of_a_field_may():
    blinking = film(lambda time: float(math.floor(time * 20) % 2), width=1)
    assert most_flashes(TIMES, blinking) == 0
