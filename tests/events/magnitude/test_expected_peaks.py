import numpy as np
import pytest

from forewave.earth.gmm import boore_2014
from forewave.earth.gmm.card import Source
from forewave.events.magnitude import expected_peaks
from forewave.events.magnitude.expected_peaks import GRID, JOIN, ROCK_MS, VECTOR
from forewave.events.relations import cua_heaton_2007 as envelopes

NAMES = ["P_ZA", "P_ZV", "P_ZD", "S_ZA", "S_ZV", "S_ZD", "S_HA", "S_HV"]
SMALL = GRID <= JOIN
ACROSS = pytest.mark.parametrize(("name", "measure"), [("S_HA", "pga_ms2"), ("S_HV", "pgv_ms")])


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("km", [0, 40, 200])
def test_up_to_the_join_they_are_the_envelopes(name, km):
    expected = envelopes.log_amplitude(getattr(envelopes, name), GRID, km)
    vector = VECTOR if "H" in name else 0.0
    assert getattr(expected_peaks, name).log_peak[km][SMALL] == pytest.approx(
        expected[SMALL] + vector
    )


@ACROSS
@pytest.mark.parametrize("km", [10.0, 50.0, 150.0])
def test_beyond_it_they_grow_as_the_forecasts_do(name, measure, km):
    row = getattr(expected_peaks, name).log_peak[int(km)]
    found = row[np.searchsorted(GRID, [7.0, 8.0])] - row[np.searchsorted(GRID, JOIN)]
    join, seven, eight = (_boore(measure, m, km) for m in (JOIN, 7.0, 8.0))
    assert found == pytest.approx(np.array([seven - join, eight - join]), abs=0.01)


def _boore(measure, magnitude, km):
    place, site = np.array([km]), np.array([ROCK_MS])
    return np.log10(boore_2014.MODEL.formula(measure, Source(magnitude), place, site).median[0])


@pytest.mark.parametrize("name", NAMES)
def test_there_is_no_step_at_the_join(name):
    steps = np.diff(getattr(expected_peaks, name).log_peak[:301], axis=1)
    join = int(np.searchsorted(GRID, JOIN))
    assert np.abs(steps[:, join - 1 : join + 1]).max() < 0.1


@ACROSS
def test_at_the_join_the_relations_agree_about_the_level(name, measure):
    """Not one unit of magnitude apart, or the growth would be carried on from a wrong level."""
    for km in (20.0, 50.0, 100.0, 150.0):
        ours = envelopes.log_amplitude(getattr(envelopes, name), JOIN, km)
        assert abs(ours - _boore(measure, JOIN, km)) < 0.35


@pytest.mark.parametrize("name", NAMES)
def test_a_greater_earthquake_moves_the_ground_no_less(name):
    row = getattr(expected_peaks, name).log_peak[10:301]
    assert np.diff(row, axis=1).min() > 0.0


@pytest.mark.parametrize("name", NAMES)
def test_the_scatter_has_the_sites_in_it(name):
    component, envelope = getattr(expected_peaks, name), getattr(envelopes, name)
    assert component.sigma**2 == pytest.approx(envelope.sigma**2 + expected_peaks.SITE_SIGMA**2)
