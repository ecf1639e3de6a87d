"""Simulated motion against the ground-motion card and the Pd relations.

Where it is farther off than 0.3, the figure stands here and in
docs/reference/synthetic-motion.md, which has the whole table;
`python -m tests.simulate.ground_motion.measure` prints it.
"""

import pytest

from tests.simulate.ground_motion import measure

WITHIN = 0.3
PGA_OFF = {(8.0, 200): 0.6}  # too weak
WU_ZHAO_OFF = {(4.0, 20): 0.55, (4.0, 50): 0.55}  # too weak


@pytest.mark.parametrize("magnitude", [4.0, 5.0, 6.0, 7.0, 8.0])
@pytest.mark.parametrize("rjb_km", [10, 50, 200])
def test_median_motion_on_rock_is_that_of_boore_2014(magnitude, rjb_km):
    found = measure.summary(magnitude, rjb_km, 8)
    assert abs(found.pga) < PGA_OFF.get((magnitude, rjb_km), WITHIN)
    assert abs(found.pgv) < WITHIN


@pytest.mark.parametrize("magnitude", [4.5, 6.0, 7.5])
def test_median_motion_on_soil_is_near_boore_2014(magnitude):
    found = measure.summary(magnitude, 20, 8, vs30_ms=400.0)
    assert abs(found.pga) < WITHIN
    assert abs(found.pgv) < 0.4


@pytest.mark.parametrize("magnitude", [4.0, 5.0, 6.0, 7.0])
@pytest.mark.parametrize("rjb_km", [20, 50])
def test_magnitude_from_pd_is_the_true_one(magnitude, rjb_km):
    found = measure.summary(magnitude, rjb_km, 12)
    assert abs(found.kuyuk_allen) < WITHIN
    assert abs(found.wu_zhao) < WU_ZHAO_OFF.get((magnitude, rjb_km), WITHIN)


def test_a_fault_that_gets_an_extent_does_not_jump():
    """A point of 4.9 and a fault of 5.0 shake nearly alike."""
    point, fault = (measure.summary(m, 30, 12) for m in (4.9, 5.0))
    assert abs(point.pga - fault.pga) < 0.25
    assert abs(point.pgv - fault.pgv) < 0.25
    assert abs(point.kuyuk_allen - fault.kuyuk_allen) < 0.25
