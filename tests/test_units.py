"""Units against their definitions."""

import math

import pytest

from forewave import units


def test_gravity_is_the_standard_one():
    assert pytest.approx(980.665) == units.G_MS2 / units.GAL_MS2


def test_a_degree_is_a_360th_of_the_great_circle():
    assert pytest.approx(2 * math.pi * units.EARTH_RADIUS_KM / 360) == units.DEGREE_KM


def test_a_kilometre_has_100_000_centimetres():
    assert pytest.approx(100_000) == units.KM_M / units.CM_M
