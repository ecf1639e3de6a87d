"""Every card against its paper's values, and what all cards must do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.earth.gmm import MODELS
from forewave.earth.gmm.card import Source, estimate
from forewave.errors import ModelError
from forewave.units import CM_M, G_MS2, GAL_MS2

BOORE = MODELS["boore_2014"]


def test_boore_2014_agrees_with_an_independent_implementation(reference):
    rows = reference("boore_2014.csv")
    assert len(rows) == 245
    for row in rows:
        m, r, vs30 = (float(row[key]) for key in ("magnitude", "distance_km", "vs30_ms"))
        pga = estimate(BOORE, "pga_ms2", Source(m), r, vs30)
        pgv = estimate(BOORE, "pgv_ms", Source(m), r, vs30)
        assert pga.median / G_MS2 == pytest.approx(float(row["pga_g"]), rel=1e-5)
        assert pgv.median / CM_M == pytest.approx(float(row["pgv_cms"]), rel=1e-5)
        assert pga.sigma == pytest.approx(float(row["ln_sigma_pga"]), abs=1e-5)
        assert pgv.sigma == pytest.approx(float(row["ln_sigma_pgv"]), abs=1e-5)


def test_allen_wald_worden_2012_gives_the_published_equations_values(reference):
    models = {
        "hypocentral": MODELS["allen_wald_worden_2012"],
        "rupture": MODELS["allen_wald_worden_2012_rupture"],
    }
    for row in reference("allen_wald_worden_2012.csv"):
        source = Source(float(row["magnitude"]))
        found = estimate(models[row["form"]], "mmi", source, float(row["distance_km"]), 400.0)
        assert found.median == pytest.approx(float(row["mmi"]), abs=0.006)
        assert 0.7 < found.sigma < 1.2


UNIT = {"pga_ms2": GAL_MS2, "pgv_ms": CM_M}


def test_si_midorikawa_1999_gives_the_published_equations_values(reference):
    rows = reference("si_midorikawa_1999.csv")
    assert len(rows) == 216
    for row in rows:
        source = Source(float(row["magnitude"]), float(row["depth_km"]))
        model, measure = MODELS[f"si_midorikawa_1999_{row['kind']}"], row["measure"]
        found = estimate(model, measure, source, float(row["distance_km"]), float(row["vs30_ms"]))
        assert found.median / UNIT[measure] == pytest.approx(float(row["motion_cgs"]), rel=1e-6)


def test_si_midorikawa_1999_gives_the_values_that_others_print():
    """Crust, depth 10 km, M 6, Vs30 600: 6.76, 2.54, 1.04 cm/s at 20, 50, 100 km."""
    crust = MODELS["si_midorikawa_1999_crustal"]
    found = estimate(crust, "pgv_ms", Source(6.0, 10.0), [20.0, 50.0, 100.0], 600.0)
    assert found.median / CM_M == pytest.approx([6.76, 2.54, 1.04], abs=0.006)


def test_bindi_2014_gives_the_published_equations_values(reference):
    rows = reference("bindi_2014.csv")
    assert len(rows) == 96
    for row in rows:
        model, measure = MODELS["bindi_2014"], row["measure"]
        source = Source(float(row["magnitude"]))
        found = estimate(model, measure, source, float(row["distance_km"]), float(row["vs30_ms"]))
        assert found.median / UNIT[measure] == pytest.approx(float(row["motion_cgs"]), rel=1e-6)


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
    m = sum(model.magnitudes) / 2
    near, far = model.distances_km
    vs30 = max(400.0, model.vs30s_ms[0])
    inside = estimate(model, measure, Source(m), [near + 1.0, far - 1.0], vs30)
    assert np.isfinite(inside.median).all()
    assert (inside.sigma > 0).all()
    outside = [
        estimate(model, measure, Source(model.magnitudes[0] - 0.01), 50.0, vs30),
        estimate(model, measure, Source(model.magnitudes[1] + 0.01), 50.0, vs30),
        estimate(model, measure, Source(m), far + 0.1, vs30),
        estimate(model, measure, Source(float("nan")), 50.0, vs30),
        estimate(model, measure, Source(m), float("nan"), vs30),
    ]
    for found in outside:
        assert np.isnan(found.median).all()
        assert np.isnan(found.sigma).all()


def test_what_a_card_does_not_give_is_an_error_that_says_so():
    with pytest.raises(ModelError, match=r"boore_2014 gives pga_ms2, pgv_ms; not mmi"):
        estimate(BOORE, "mmi", Source(6.0), 10.0, 400.0)


def test_every_card_stands_in_the_table_under_its_own_name():
    assert all(name == model.name for name, model in MODELS.items())
    assert all(any(c.isdigit() for c in model.paper) for model in MODELS.values())


@given(
    name=st.sampled_from(sorted(MODELS)),
    magnitude=st.floats(5.8, 7.5),
    near=st.floats(0.0, 299.0),
    step=st.floats(0.1, 100.0),
)
def test_farther_is_never_stronger(name, magnitude, near, step):
    model = MODELS[name]
    r = np.array([near, min(near + step, 300.0)])
    found = estimate(model, model.measures[0], Source(magnitude), r, 400.0).median
    assert found[1] <= found[0]
