import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.earth.distance import LocalPlane
from forewave.earth.wells_coppersmith_1994 import rupture_length_km
from forewave.shaking.source_distance import (
    to_line,
    to_places,
    to_unknown_rupture,
)
from forewave.types import Origin, Rupture


def origin(depth_km=10.0):
    return Origin(0.0, 35.0, 139.0, depth_km, 0.0, 0.0, 0.0)


def brute_force(epicentral_km, magnitude, near_km):
    """The mean over finely spaced ruptures, place by place, with no use of symmetry."""
    length = rupture_length_km(magnitude)
    strike = np.radians(np.arange(0.25, 360.0, 0.5))[:, None]
    share = (np.arange(100)[None, :] + 0.5) / 100
    along = np.clip(epicentral_km * np.cos(strike), -(1 - share) * length, share * length)
    squared = (epicentral_km - along * np.cos(strike)) ** 2 + (along * np.sin(strike)) ** 2
    ln_r = 0.5 * np.log(squared + near_km**2)
    return np.sqrt(np.exp(2 * ln_r.mean()) - near_km**2), ln_r.std()


def test_rupture_lengths_are_those_of_wells_and_coppersmith():
    assert rupture_length_km(5.0) == pytest.approx(3.2, abs=0.05)
    assert rupture_length_km(7.0) == pytest.approx(49.0, abs=0.05)
    assert rupture_length_km(8.0) == pytest.approx(190.5, abs=0.1)


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


def line(east_west_km):
    plane = LocalPlane(35.0, 139.0)
    (lat1, lon1), (lat2, lon2) = (plane.to_degrees(x, 0.0) for x in east_west_km)
    return Rupture(lat1, lon1, lat2, lon2, 5.0, east_west_km[1] - east_west_km[0], 90.0)


@pytest.mark.parametrize(
    ("east_km", "north_km", "expected_km"),
    [(0, 30, 30), (40, 30, 30), (-60, 0, 10), (130, 40, 50), (100, 0, 0), (20, 0, 0)],
)
def test_distance_to_a_line_source(east_km, north_km, expected_km):
    lat, lon = LocalPlane(35.0, 139.0).to_degrees(east_km, north_km)
    found = to_line(line((-50.0, 100.0)), np.array([lat]), np.array([lon]))
    assert found[0] == pytest.approx(expected_km, abs=0.7)


def test_a_line_without_length_is_a_point():
    lat, lon = LocalPlane(35.0, 139.0).to_degrees(30.0, 40.0)
    found = to_line(line((0.0, 0.0)), np.array([lat]), np.array([lon]))
    assert found[0] == pytest.approx(50.0, abs=0.1)


def test_a_line_over_the_date_line():
    rupture = Rupture(-20.0, 179.5, -20.0, -179.5, 0.0, 104.0, 90.0)
    found = to_line(rupture, np.array([-20.0, -19.0]), np.array([179.9, -179.9]))
    assert found == pytest.approx([0.0, 111.2], abs=0.7)


def test_depth_counts_below_the_seismogenic_crust_only():
    here = np.array([35.0]), np.array([139.0])
    shallow = to_places("joyner_boore", origin(12.0), 5.0, None, *here)
    deep = to_places("joyner_boore", origin(80.0), 5.0, None, *here)
    assert shallow.distance_km[0] == pytest.approx(0.0, abs=1e-5)
    assert deep.distance_km[0] == pytest.approx(65.0)


def test_each_kind_of_distance_is_what_its_name_says():
    place = np.array([35.0]), np.array([140.0])
    hypocentral = to_places("hypocentral", origin(50.0), 8.0, None, *place)
    assert hypocentral.distance_km[0] == pytest.approx(np.hypot(91.08, 50.0), abs=0.1)
    rupture = line((0.0, 50.0))
    across = to_places("joyner_boore", origin(50.0), 7.0, rupture, *place).distance_km[0]
    to_plane = to_places("rupture", origin(50.0), 7.0, rupture, *place).distance_km[0]
    assert across == pytest.approx(41.08, abs=0.2)
    assert to_plane == pytest.approx(np.hypot(across, 5.0))
