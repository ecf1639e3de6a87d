import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.earth.unknown_rupture import to_unknown_rupture
from forewave.earth.wells_coppersmith_1994 import rupture_length_km


def brute_force(epicentral_km, magnitude, near_km):
    """The mean over finely spaced ruptures, place by place, with no use of symmetry."""
    length = rupture_length_km(magnitude)
    strike = np.radians(np.arange(0.25, 360.0, 0.5))[:, None]
    share = (np.arange(100)[None, :] + 0.5) / 100
    along = np.clip(epicentral_km * np.cos(strike), -(1 - share) * length, share * length)
    squared = (epicentral_km - along * np.cos(strike)) ** 2 + (along * np.sin(strike)) ** 2
    ln_r = 0.5 * np.log(squared + near_km**2)
    return np.sqrt(np.exp(2 * ln_r.mean()) - near_km**2), ln_r.std()


@pytest.mark.parametrize("magnitude", [5.0, 6.5, 7.2, 8.0, 8.5])
@pytest.mark.parametrize("epicentral_km", [0.0, 5.0, 20.0, 60.0, 150.0, 400.0])
def test_24_ruptures_stand_for_all_of_them(magnitude, epicentral_km):
    found = to_unknown_rupture(np.array([epicentral_km]), magnitude)
    distance, ln_sigma = brute_force(epicentral_km, magnitude, 4.5)
    assert np.hypot(found.distance_km[0], 4.5) == pytest.approx(np.hypot(distance, 4.5), rel=0.07)
    assert found.ln_sigma[0] == pytest.approx(ln_sigma, abs=0.07)


def test_the_mean_distance_is_near_that_of_thompson_and_worden_2018(reference):
    """Theirs is the arithmetic mean over dipping planes, ours the geometric over lines."""
    for row in reference("thompson_worden_2018.csv"):
        epicentral, theirs = float(row["epicentral_km"]), float(row["joyner_boore_km"])
        ours = to_unknown_rupture(np.array([epicentral]), float(row["magnitude"])).distance_km[0]
        assert ours == pytest.approx(theirs, rel=0.06, abs=5.0)


@given(st.floats(0.0, 600.0), st.floats(3.0, 8.5))
def test_a_rupture_is_never_farther_than_its_epicentre(epicentral_km, magnitude):
    found = to_unknown_rupture(np.array([epicentral_km]), magnitude)
    assert 0.0 <= found.distance_km[0] <= epicentral_km + 1e-6
    assert found.distance_km[0] >= epicentral_km - rupture_length_km(magnitude)
    assert found.ln_sigma[0] >= 0.0


@given(st.floats(0.0, 500.0), st.floats(0.1, 100.0), st.floats(3.0, 8.4))
def test_distance_grows_with_distance_and_falls_with_magnitude(near, step, magnitude):
    found = to_unknown_rupture(np.array([near, near + step]), magnitude).distance_km
    assert found[1] >= found[0] - 1e-9
    assert to_unknown_rupture(np.array([near]), magnitude + 0.1).distance_km[0] <= found[0] + 1e-6
