import numpy as np
import pytest

from forewave.earth.gmm import boore_2014
from forewave.earth.gmm.card import Source
from forewave.events import peaks
from forewave.events.peaks import GRID, JOIN, ROCK_MS, VECTOR
from forewave.events.relations import cua_heaton_2007 as envelopes

NAMES = ["P_ZA", "P_ZV", "P_ZD", "S_ZA", "S_ZV", "S_ZD", "S_HA", "S_HV"]
SMALL = GRID <= JOIN


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("km", [0, 40, 200])
def test_up_to_the_join_they_are_the_envelopes(name, km):
    expected = envelopes.log_amplitude(getattr(envelopes, name), GRID, km)
    vector = VECTOR if "H" in name else 0.0
    assert getattr(peaks, name).log_peak[km][SMALL] == pytest.approx(expected[SMALL] + vector)


@pytest.mark.parametrize(("name", "measure"), [("S_HA", "pga_ms2"), ("S_HV", "pgv_ms")])
@pytest.mark.parametrize("km", [10.0, 50.0, 150.0])
def test_beyond_it_they_grow_as_the_forecasts_do(name, measure, km):
    row = getattr(peaks, name).log_peak[int(km)]
    found = row[np.searchsorted(GRID, [7.0, 8.0])] - row[np.searchsorted(GRID, JOIN)]
    at = [
        float(boore_2014.MODEL.formula(measure, Source(m), np.array([km]), np.array([ROCK_MS])).median[0])
        for m in (JOIN, 7.0, 8.0)
    ]  # fmt: skip
    assert found == pytest.approx(np.log10([at[1] / at[0], at[2] / at[0]]), abs=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_there_is_no_step_at_the_join(name):
    steps = np.diff(getattr(peaks, name).log_peak[:301], axis=1)
    join = int(np.searchsorted(GRID, JOIN))
    assert np.abs(steps[:, join - 1 : join + 1]).max() < 0.1


@pytest.mark.parametrize("name", ["P_ZA", "S_ZA", "S_HA", "S_HV"])
def test_at_the_join_the_relations_agree_about_the_level(name):
    """Not one unit of magnitude apart, or the growth would be carried on from a wrong level."""
    if name not in ("S_HA", "S_HV"):
        pytest.skip("Boore et al. give motion across only")
    measure = "pga_ms2" if name == "S_HA" else "pgv_ms"
    km = np.array([20.0, 50.0, 100.0, 150.0])
    boore = boore_2014.MODEL.formula(measure, Source(JOIN), km, np.full(4, ROCK_MS)).median
    ours = envelopes.log_amplitude(getattr(envelopes, name), JOIN, km)
    assert np.abs(ours - np.log10(boore)).max() < 0.35


@pytest.mark.parametrize("name", NAMES)
def test_a_greater_earthquake_moves_the_ground_no_less(name):
    row = getattr(peaks, name).log_peak[10:301]
    assert np.diff(row, axis=1).min() > -0.005


@pytest.mark.parametrize("name", NAMES)
def test_the_scatter_has_the_sites_in_it(name):
    component, envelope = getattr(peaks, name), getattr(envelopes, name)
    assert component.sigma**2 == pytest.approx(envelope.sigma**2 + peaks.SITE_SIGMA**2)
