import numpy as np
import pytest
from msgspec.structs import replace

from forewave.earth.distance import LocalPlane
from forewave.earth.gmm import DEFAULT, MODELS
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


# The default model to 100 km, M 4.5 to 7.5 and 40 km of depth, with half the motion: another
# model, of which one sees whether it speaks.
LIMITED = replace(
    CRUST,
    name="limited",
    magnitudes=(4.5, 7.5),
    distances_km=(10.0, 100.0),
    depths_km=(0.0, 40.0),
    formula=lambda *at: replace(was := CRUST.formula(*at), median=was.median / 2.0),
)
PLANE = LocalPlane(30.0, 103.0)


def at(model, away_km, magnitude=7.0, depth_km=10.0, deep=None, beyond=DEFAULT):
    """MMI at one place, and the parts of its sigma."""
    place = Place("there", *PLANE.to_degrees(away_km, 0.0))
    origin = Origin(0.0, 30.0, 103.0, depth_km, 0.5, 5.0, 3.0)
    line = Rupture(
        30.0, 103.0, 30.0, 103.0, depth_km, depth_km, 0.0
    )  # a point: its distance is known
    made = Solution("ev", 1, origin, Magnitude(magnitude, 0.3, "M", 5), line, (), 1.0)
    found = expect(made, sites([place], [], 400.0), TABLE, model, deep, beyond)
    return found.median[1], found.prior.sigma[1]


@pytest.mark.parametrize("magnitude", [5.0, 7.0, 7.9, 8.5])
@pytest.mark.parametrize("name", MODELS)
def test_a_place_has_a_forecast_wherever_the_default_model_has_one(name, magnitude):
    for away_km in (0.0, 9.0, 99.0, 150.0, 299.0, 301.0, 399.0):
        for deep in (None, SLAB):
            assert np.isfinite(at(MODELS[name], away_km, magnitude, 12.0, deep)).all()
    assert np.isnan(at(MODELS[name], 401.0)).all()


@pytest.mark.parametrize("model", [LIMITED, replace(LIMITED, magnitudes=(3.0, 8.5))])
def test_where_a_model_ends_the_default_takes_over(model):
    for inside in (10.1, 99.9):
        assert at(model, inside) == at(model, inside, beyond=None)
        assert at(model, inside)[0] < at(DEFAULT, inside)[0] - 0.5
    for outside in (9.9, 100.1, 150.0):
        assert np.isnan(at(model, outside, beyond=None)).all()
        assert at(model, outside) == pytest.approx(at(DEFAULT, outside))


def test_an_earthquake_that_is_too_small_or_too_deep_is_the_defaults():
    for magnitude, depth_km, own in [(4.51, 39.9, True), (4.49, 10.0, False), (6.0, 40.1, False)]:
        usual, found = (at(model, 50.0, magnitude, depth_km) for model in (DEFAULT, LIMITED))
        assert (found != pytest.approx(usual)) == own


def test_a_greater_earthquake_than_the_model_knows_is_the_stronger_of_both():
    assert at(LIMITED, 50.0, 7.49)[0] < at(DEFAULT, 50.0, 7.49)[0] - 0.5
    assert at(LIMITED, 50.0, 7.51) == pytest.approx(at(DEFAULT, 50.0, 7.51))
    strong = replace(
        LIMITED, formula=lambda *a: replace(was := CRUST.formula(*a), median=was.median * 3.0)
    )
    assert at(strong, 50.0, 7.51) == at(strong, 50.0, 7.5)
    assert at(strong, 50.0, 8.5)[0] >= at(strong, 50.0, 7.5)[0]


def test_what_depth_adds_is_that_of_the_model_that_speaks():
    """Within the slab the slab's model is meant, whatever the crust's model says."""
    deep = replace(LIMITED, depths_km=(-np.inf, np.inf))
    for away_km in (50.0, 150.0):
        own, usual = (at(model, away_km, 7.0, 90.0, SLAB)[0] for model in (deep, DEFAULT))
        assert own == pytest.approx(usual, abs=0.3)
    shallow = replace(LIMITED, vs30s_ms=(760.0, 1500.0), magnitudes=(4.5, 5.5))
    assert np.isfinite(at(shallow, 50.0, 5.0, 38.0, SLAB)).all()


def test_what_devices_add_to_the_default_model_is_the_defaults_where_it_takes_over():
    """`Expected.excess` is the bias that they are told."""
    origin = Origin(0.0, 30.0, 103.0, 60.0, 0.5, 5.0, 3.0)
    made = Solution("ev", 1, origin, Magnitude(7.0, 0.3, "M", 5), None, (), 1.0)
    usual = expect(made, WHERE, TABLE, DEFAULT, SLAB)
    too_deep = expect(made, WHERE, TABLE, LIMITED, SLAB, DEFAULT)
    assert too_deep.excess == usual.excess
    assert too_deep.median == pytest.approx(usual.median)
    deeper = replace(LIMITED, depths_km=(0.0, 60.0))
    assert expect(made, WHERE, TABLE, deeper, SLAB, DEFAULT).excess.mmi > usual.excess.mmi + 0.3


def test_with_the_default_model_nothing_takes_over():
    usual = at(DEFAULT, 50.0, 9.0, 60.0, SLAB)
    assert usual == at(DEFAULT, 50.0, 9.0, 60.0, SLAB, None)


def test_slopes_at_the_ends_of_a_models_ranges_are_taken_inwards():
    for magnitude, away_km in [(4.5, 50.0), (4.55, 50.0), (7.5, 50.0), (6.0, 10.01), (6.0, 99.99)]:
        ends, middle = (at(m, away_km, magnitude, beyond=None)[1] for m in (LIMITED, CRUST))
        assert ends == pytest.approx(middle, abs=0.1)
    edge = MODELS["allen_wald_worden_2012"]
    assert np.isfinite(at(edge, 50.0, 5.05, beyond=None)).all()
