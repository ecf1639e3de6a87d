"""Every card against its paper's values, and what all cards must do."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.earth.gmm import MODELS
from forewave.earth.gmm.card import Source, estimate
from forewave.errors import ModelError
from forewave.units import CM_M, G_MS2, GAL_MS2

BOORE = MODELS["boore_2014"]


UNITS = {"g": G_MS2, "cm/s^2": GAL_MS2, "m/s^2": 1.0, "cm/s": CM_M, "m/s": 1.0, "MMI": 1.0}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_gives_the_papers_values(reference, name):
    """tests/reference/<name>.csv, whose columns the README beside it describes."""
    rows = reference(f"{name}.csv")
    assert len(rows) >= 4
    assert {row["measure"] for row in rows} == set(MODELS[name].measures)
    for row in rows:
        source = Source(float(row["magnitude"]), float(row.get("depth_km") or 10.0))
        r, vs30 = float(row["distance_km"]), float(row.get("vs30_ms") or 400.0)
        found = estimate(MODELS[name], row["measure"], source, r, vs30)
        expected, last_digit = float(row["median"]), Decimal(row["median"]).as_tuple().exponent
        within = max(0.6 * 10.0**last_digit, 1e-5 * expected)
        assert found.median / UNITS[row["unit"]] == pytest.approx(expected, abs=within, rel=0.0)
        if row.get("ln_sigma"):
            assert found.sigma == pytest.approx(float(row["ln_sigma"]), abs=1e-5)


def held(value, limits):
    return min(max(value, limits[0]), limits[1])


def middle(model, magnitude=None):
    """A source that the model is valid for."""
    m = sum(model.magnitudes) / 2 if magnitude is None else magnitude
    return Source(m, held(10.0, model.depths_km))


@pytest.mark.parametrize("name", MODELS)
def test_the_scatter_of_a_model_is_that_of_its_measure(name):
    """0.4 to 1.2 in natural logarithms of motion, or of MMI: common logarithms are half of that."""
    model = MODELS[name]
    km, vs30 = sum(model.distances_km) / 2, held(800.0, model.vs30s_ms)
    for measure in model.measures:
        sigma = estimate(model, measure, middle(model), km, vs30).sigma
        assert 0.4 < sigma < 1.2


def test_si_midorikawa_1999_gives_the_values_that_others_print():
    """Crust, depth 10 km, M 6, Vs30 600: 6.76, 2.54, 1.04 cm/s at 20, 50, 100 km."""
    crust = MODELS["si_midorikawa_1999_crustal"]
    found = estimate(crust, "pgv_ms", Source(6.0, 10.0), [20.0, 50.0, 100.0], 600.0)
    assert found.median / CM_M == pytest.approx([6.76, 2.54, 1.04], abs=0.006)


@pytest.mark.parametrize(("name", "measure"), [("boore_2014", "pga_ms2"), ("boore_2014", "pgv_ms")])
def test_the_share_between_earthquakes_is_that_of_the_paper(name, measure):
    """BSSA14, M 5.5 and greater: tau 0.348 and 0.346 of the whole sigma."""
    tau = {"pga_ms2": 0.348, "pgv_ms": 0.346}[measure]
    whole = float(estimate(MODELS[name], measure, Source(6.5), 50.0, 400.0).sigma)
    assert MODELS[name].between == pytest.approx(tau / whole, abs=0.03)


def test_si_midorikawa_1999_slab_shakes_more_than_crust_and_depth_adds():
    crust, slab = (MODELS[f"si_midorikawa_1999_{kind}"] for kind in ("crustal", "intraslab"))
    shallow, deep = Source(7.0, 10.0), Source(7.0, 60.0)
    ratio = np.log10(
        estimate(slab, "pga_ms2", shallow, 80.0, 600.0).median
        / estimate(crust, "pga_ms2", shallow, 80.0, 600.0).median
    )
    assert ratio == pytest.approx(0.22)
    gain = np.log10(
        estimate(slab, "pga_ms2", deep, 80.0, 600.0).median
        / estimate(slab, "pga_ms2", shallow, 80.0, 600.0).median
    )
    assert gain == pytest.approx(0.0043 * 50.0)


@pytest.mark.parametrize("magnitude", [5.0, 6.0, 7.0])
@pytest.mark.parametrize("distance_km", [10.0, 30.0, 100.0])
@pytest.mark.parametrize(("measure", "unit"), [("pga_ms2", GAL_MS2), ("pgv_ms", CM_M)])
def test_bindi_2014_and_boore_2014_are_within_a_factor_of_two_on_rock(
    measure, unit, magnitude, distance_km
):
    """Both describe shallow crust; a wrong coefficient or unit would show."""
    here, there = (
        estimate(MODELS[name], measure, Source(magnitude), distance_km, 760.0).median / unit
        for name in ("bindi_2014", "boore_2014")
    )
    assert 0.5 < here / there < 2.0


def test_bindi_2014_site_term_is_that_of_the_paper():
    soft, rock = (
        estimate(MODELS["bindi_2014"], "pgv_ms", Source(6.0), 30.0, vs30).median
        for vs30 in (300.0, 800.0)
    )
    assert soft / rock == pytest.approx((300.0 / 800.0) ** -0.529443)


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.name)
def test_outside_its_ranges_a_card_gives_nan(model):
    measure = model.measures[0]
    near, far = model.distances_km
    vs30, km = held(400.0, model.vs30s_ms), (near + far) / 2
    inside = estimate(model, measure, middle(model), [near + 1.0, far - 1.0], vs30)
    assert np.isfinite(inside.median).all()
    assert (inside.sigma > 0).all()
    outside = [
        estimate(model, measure, middle(model, model.magnitudes[0] - 0.01), km, vs30),
        estimate(model, measure, middle(model, model.magnitudes[1] + 0.01), km, vs30),
        estimate(model, measure, middle(model), far + 0.1, vs30),
        estimate(model, measure, middle(model), near - 0.1, vs30),
        estimate(model, measure, middle(model, float("nan")), km, vs30),
        estimate(model, measure, middle(model), float("nan"), vs30),
    ]
    for found in outside:
        assert np.isnan(found.median).all()
        assert np.isnan(found.sigma).all()


def test_a_card_may_limit_the_depth():
    limited = replace(BOORE, depths_km=(5.0, 40.0))
    for depth_km, valid in [(4.9, False), (5.0, True), (40.0, True), (40.1, False)]:
        found = estimate(limited, "pga_ms2", Source(6.0, depth_km), 50.0, 400.0).median
        assert np.isfinite(found) == valid


def test_what_a_card_does_not_give_is_an_error_that_says_so():
    with pytest.raises(ModelError, match=r"boore_2014 gives pga_ms2, pgv_ms; not mmi"):
        estimate(BOORE, "mmi", Source(6.0), 10.0, 400.0)


def test_every_card_stands_in_the_table_under_its_own_name():
    assert all(name == model.name for name, model in MODELS.items())
    assert all(any(c.isdigit() for c in model.paper) for model in MODELS.values())


@pytest.mark.parametrize("name", MODELS)
@given(data=st.data())
def test_farther_is_never_stronger(name, data):
    """Within the model's own ranges."""
    model = MODELS[name]
    magnitude = data.draw(st.floats(*model.magnitudes))
    near, far = sorted(data.draw(st.tuples(*[st.floats(*model.distances_km)] * 2)))
    vs30 = held(400.0, model.vs30s_ms)
    for measure in model.measures:
        found = estimate(model, measure, middle(model, magnitude), [near, far], vs30).median
        assert found[1] <= found[0] * (1.0 + 1e-12)
