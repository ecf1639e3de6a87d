import numpy as np
import pytest

from forewave.earth.gmm import MODELS
from forewave.earth.travel_time import TravelTimes
from forewave.shaking import by_depth
from forewave.shaking.sites import sites
from forewave.shaking.source_forecast import expect
from forewave.types import Magnitude, Origin, Place, Rupture, Solution

X, Z = np.array([0.0, 1000.0]), np.array([0.0, 700.0])
TABLE = TravelTimes("straight", X, Z, (X[:, None] + Z) / 6.0, (X[:, None] + Z) / 3.5)
CRUST, SLAB = MODELS["boore_2014"], MODELS["si_midorikawa_1999_intraslab"]
WHERE = sites([Place("near", 30.2, 103.0), Place("far", 31.0, 103.0, vs30_ms=9e3)], [], 400.0)


def expected(depth_km=10.0, sigma=0.3, epicentre_sigma_km=5.0, rupture=None, deep=None):
    origin = Origin(0.0, 30.0, 103.0, depth_km, 0.5, epicentre_sigma_km, 3.0)
    made = Solution("ev", 1, origin, Magnitude(7.0, sigma, "M", 5), rupture, (), 1.0)
    return expect(made, WHERE, TABLE, CRUST, deep)


def test_the_epicentre_is_the_first_site_and_ground_is_held_to_the_models():
    found = expected()
    assert (found.lat[0], found.lon[0], found.away_km[0]) == (30.0, 103.0, 0.0)
    assert np.isfinite(found.median).all()
    assert found.median[0] > found.median[1] > found.median[2]
    assert found.s_arrival[1] == pytest.approx((found.away_km[1] + 10.0) / 3.5)


def test_what_is_unsure_of_the_source_stands_in_its_own_part():
    usual, size, place = expected(), expected(sigma=0.8), expected(epicentre_sigma_km=30.0)
    assert (size.prior.between > usual.prior.between).all()
    assert size.prior.placed == pytest.approx(usual.prior.placed)
    assert (place.prior.placed[1:] > usual.prior.placed[1:]).all()
    assert place.prior.between == pytest.approx(usual.prior.between)
    for other in (size, place):
        assert other.prior.within == pytest.approx(usual.prior.within)


def test_a_line_is_as_unsure_as_the_epicentre_and_no_more():
    line = Rupture(29.9, 103.0, 30.1, 103.0, 2.0, 22.0, 0.0)
    known = expected(rupture=line, epicentre_sigma_km=0.0)
    assert known.prior.placed == pytest.approx(np.zeros(3))
    unsure = expected(rupture=line).prior.placed
    assert (unsure[1:] > 0.0).all()
    assert (unsure <= expected().prior.placed + 1e-9).all()


def test_depth_adds_the_same_everywhere():
    assert expected(60.0).excess == by_depth.NONE
    slab, crust = expected(60.0, deep=SLAB), expected(60.0)
    assert slab.median - crust.median == pytest.approx(np.full(3, slab.excess.mmi))
