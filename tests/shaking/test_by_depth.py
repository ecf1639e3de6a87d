from itertools import pairwise

import pytest

from forewave.earth.gmm import MODELS
from forewave.shaking import by_depth
from forewave.types import Origin

CRUST, SLAB = MODELS["boore_2014"], MODELS["si_midorikawa_1999_intraslab"]


def excess(depth_km, magnitude=7.1, sigma_km=3.0):
    origin = Origin(0.0, 18.0, -98.0, depth_km, 0.5, 5.0, sigma_km)
    return by_depth.excess(CRUST, SLAB, origin, magnitude)


def test_the_crust_has_none_and_the_slab_all_of_it():
    assert excess(12.0) == by_depth.NONE
    # Puebla, 2017: recordings ask for 1.3 of magnitude more than the crust's model.
    assert 1.0 < excess(51.0).mmi < 1.8
    assert excess(150.0).mmi > excess(80.0).mmi > excess(51.0).mmi
    assert excess(400.0).mmi == pytest.approx(excess(120.0).mmi)


def test_between_them_it_is_mixed_and_less_sure():
    steps = [excess(float(depth)).mmi for depth in range(5, 80)]
    assert all(-0.01 <= b - a < 0.12 for a, b in pairwise(steps))
    assert by_depth.share(40.0, 5.0) == pytest.approx(0.5)
    assert excess(40.0).sigma > excess(70.0).sigma


def test_an_unknown_depth_says_neither():
    assert by_depth.share(60.0, 1.0) > by_depth.share(60.0, 40.0) > 0.6
    assert by_depth.share(20.0, 1.0) < by_depth.share(20.0, 40.0) < 0.4


def test_magnitude_is_held_to_what_both_models_know():
    assert excess(80.0, 4.0).mmi == excess(80.0, 5.8).mmi
    assert excess(80.0, 8.5).mmi == excess(80.0, 8.3).mmi
    assert excess(float("nan")) == by_depth.NONE
