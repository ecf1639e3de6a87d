import numpy as np
import pytest
from msgspec.structs import replace

from forewave.earth import gmm
from forewave.earth.gmm import si_midorikawa_1999
from forewave.earth.gmm.card import Source, estimate
from forewave.shaking import prior as felt
from forewave.shaking import source_distance
from forewave.shaking_map.prior import prior
from forewave.types import Magnitude
from tests.shaking_map.scene import SOLUTION, place

MODELS = (gmm.DEFAULT, si_midorikawa_1999.INTRASLAB)
LAT, LON = np.transpose([place(x, 0.0) for x in (0.0, 20.0, 100.0)])
VS30 = np.full(3, 400.0)


def distance():
    origin = SOLUTION.origin
    return source_distance.to_places("joyner_boore", origin, 6.5, None, LAT, LON)


def test_motion_is_the_models():
    found = prior("pga", SOLUTION, MODELS, LAT, LON, VS30)
    there = estimate(gmm.DEFAULT, "pga_ms2", Source(6.5), distance().distance_km, VS30)
    assert found.median == pytest.approx(np.log(there.median))
    total = np.hypot(found.between, found.within)
    assert np.all(total >= there.sigma)
    assert np.all(found.conversion == 0.0)


def test_intensity_is_that_of_the_forecast():
    found = prior("mmi", SOLUTION, MODELS, LAT, LON, VS30)
    unsure = felt.Unsure(0.15, 2.0)
    there = felt.forecast(gmm.DEFAULT, Source(6.5), unsure, distance(), VS30)
    assert found.median == pytest.approx(there.median)
    assert found.conversion == pytest.approx(there.conversion)


@pytest.mark.parametrize("measure", ["pga", "pgv", "mmi"])
def test_an_unsure_magnitude_is_common_to_all_places(measure):
    unsure = replace(SOLUTION, magnitude=Magnitude(6.5, 0.6, "M", 3))
    sure, not_sure = (prior(measure, s, MODELS, LAT, LON, VS30) for s in (SOLUTION, unsure))
    assert np.all(not_sure.between > sure.between)
    assert not_sure.within == pytest.approx(sure.within)


def test_a_slab_earthquake_shakes_more():
    deep = replace(SOLUTION, origin=replace(SOLUTION.origin, depth_km=70.0))
    alone = (gmm.DEFAULT, None)
    for measure in ("pga", "pgv", "mmi"):
        with_slab = prior(measure, deep, MODELS, LAT, LON, VS30)
        assert np.all(with_slab.median > prior(measure, deep, alone, LAT, LON, VS30).median)
