"""Made motion against the ground-motion card and the Pd relation, as far as it was shown to agree.

The whole table is in docs/decisions/0020; `python tests/simulate/measure.py` prints it.
"""

import measure
import pytest


@pytest.mark.parametrize("magnitude", [5.0, 6.0, 7.0, 8.0])
@pytest.mark.parametrize("rjb_km", [20, 100])
def test_median_motion_is_near_boore_2014(magnitude, rjb_km):
    found = measure.summary(magnitude, rjb_km, 8)
    assert abs(found.pga) < 0.4
    assert abs(found.pgv) < 0.4


def test_magnitude_from_pd_is_near_kuyuk_allen_2013():
    """Within 0.3 over all, within half a unit at each magnitude from 4 to 7."""
    errors = {m: measure.summary(m, 30, 8).kuyuk_allen for m in (4.0, 5.0, 6.0, 7.0)}
    assert abs(sum(errors.values())) / len(errors) < 0.3
    assert {m: e for m, e in errors.items() if abs(e) > 0.5} == {}
