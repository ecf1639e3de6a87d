"""Every card against its paper's values, and what all cards must do."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.events.relations import RELATIONS, borcherdt_1994
from forewave.events.relations import cua_heaton_2007 as envelopes
from forewave.events.relations.card import magnitude
from forewave.units import CM_M, GAL_MS2

EVERY = pytest.mark.parametrize("name", sorted(RELATIONS))


@EVERY
def test_a_relation_gives_the_papers_values(reference, name):
    rows = reference(f"{name}.csv")
    assert rows
    for row in rows:
        found = magnitude(RELATIONS[name], float(row["pd_cm"]) * CM_M, float(row["distance_km"]))
        assert found == pytest.approx(float(row["magnitude"]), abs=0.006)


@EVERY
def test_a_relation_is_named_as_its_row_and_cites_its_paper(name):
    relation = RELATIONS[name]
    assert relation.name == name
    assert "doi:10." in relation.paper
    assert 0.1 < relation.sigma < 1.0


@EVERY
def test_outside_its_range_is_nan(name):
    relation = RELATIONS[name]
    near, far = relation.valid_km
    km = [near * 0.9, far * 1.01, np.nan, 30.0, 30.0, 30.0, 30.0]
    pd_m = [1e-4, 1e-4, 1e-4, 0.0, -1e-4, np.nan, np.inf]
    assert np.isnan(magnitude(relation, pd_m, km)).all()
    assert np.isnan(magnitude(relation, 1e-12, 30.0))
    assert np.isnan(magnitude(relation, 1e3, 30.0))


@EVERY
@given(st.floats(1e-7, 0.3), st.floats(1.0, 200.0), st.floats(1.05, 3.0))
def test_more_motion_or_the_same_from_farther_is_a_larger_quake(name, pd_m, km, times):
    relation = RELATIONS[name]
    here = magnitude(relation, pd_m, km)
    stronger, farther = magnitude(relation, [times * pd_m, pd_m], [km, times * km])
    assert stronger > here or np.isnan(stronger) or np.isnan(here)
    assert farther > here or np.isnan(farther) or np.isnan(here)


def test_the_envelopes_give_the_published_equations_values(reference):
    rows = reference("cua_heaton_2007.csv")
    assert {row["envelope"] for row in rows} == {
        *("P_ZA", "P_ZV", "P_ZD", "S_ZA", "S_ZV", "S_ZD", "S_HA", "S_HV")
    }
    for row in rows:
        envelope = getattr(envelopes, row["envelope"])
        m, km = float(row["magnitude"]), float(row["distance_km"])
        found = envelopes.log_amplitude(envelope, m, km)
        assert 10**found / CM_M == pytest.approx(10 ** float(row["log10_cgs"]), rel=3e-4)


@pytest.mark.parametrize("m", [3.5, 4.5, 5.5, 6.5])
@pytest.mark.parametrize("km", [40.0, 70.0, 100.0, 150.0])
def test_p_envelopes_agree_with_the_published_magnitude_without_distance(m, km):
    """By the same authors, from the same records; its sigma is 0.45."""
    za, zd = (
        float(envelopes.log_amplitude(e, m, km)) + 2.0 for e in (envelopes.P_ZA, envelopes.P_ZD)
    )
    assert 8.94 - 1.627 * (0.36 * za - 0.93 * zd) == pytest.approx(m, abs=0.45)


@given(st.floats(2.0, 8.0), st.floats(0.0, 300.0))
def test_s_moves_the_ground_farther_than_p(m, km):
    p, s = (envelopes.log_amplitude(e, m, km) for e in (envelopes.P_ZD, envelopes.S_ZD))
    assert s > p


def test_depth_counts_beyond_the_usual_only():
    assert envelopes.slant_km(30.0, 0.0) == envelopes.slant_km(30.0, 8.0) == pytest.approx(30.0)
    assert envelopes.slant_km(0.0, 100.0) == pytest.approx(np.sqrt(100.0**2 - 8.0**2))


def test_borcherdt_1994_gives_the_published_table(reference):
    for row in reference("borcherdt_1994.csv"):
        just_below = float(row["below_gal"]) * GAL_MS2 * 0.999
        found = borcherdt_1994.log_amplification(row["quantity"], float(row["vs30_ms"]), just_below)
        assert 10**found == pytest.approx(float(row["factor"]), abs=0.006)


@pytest.mark.parametrize("quantity", ["acceleration", "velocity"])
def test_borcherdt_1994_beyond_its_classes_is_as_the_last(quantity):
    def factor(vs30_ms):
        return borcherdt_1994.log_amplification(quantity, vs30_ms, 0.1)

    assert factor(100.0) == factor(163.0)
    assert factor(2000.0) == factor(686.0) == 0.0
    assert factor(163.0) > factor(220.0) > factor(301.0)
