import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from obspy.geodetics import gps2dist_azimuth

from forewave.earth.distance import LocalPlane, azimuth, distance_km

LAT = st.floats(-85.0, 85.0)
LON = st.floats(-180.0, 180.0)


@pytest.mark.parametrize(
    ("lat1", "lon1", "lat2", "lon2", "km"),
    [
        (0.0, 0.0, 0.0, 180.0, 20015.1),  # half way round
        (90.0, 0.0, -90.0, 77.0, 20015.1),
        (0.0, 0.0, 0.0, 1.0, 111.195),
        (60.0, 10.0, 60.0, 10.0, 0.0),
        (0.0, 179.5, 0.0, -179.5, 111.195),  # across the date line
    ],
)
def test_on_a_sphere_as_one_can_work_out(lat1, lon1, lat2, lon2, km):
    assert distance_km(lat1, lon1, lat2, lon2) == pytest.approx(km, abs=0.05)


@pytest.mark.parametrize(
    ("one", "other", "km"),
    [
        ((35.6812, 139.7671), (34.7025, 135.4959), 403.0),  # Tokyo and Osaka stations
        ((30.6570, 104.0660), (31.0020, 103.4000), 74.3),  # Chengdu and Yingxiu
        ((19.4326, -99.1332), (16.8531, -99.8237), 296.0),  # Mexico City and Acapulco
    ],
)
def test_between_real_places(one, other, km):
    assert distance_km(*one, *other) == pytest.approx(km, rel=0.01)


@given(LAT, LON, st.floats(0.0, 360.0), st.floats(1.0, 1000.0))
def test_agrees_with_the_ellipsoid(lat, lon, bearing, km):
    """Within 0.6 %; the worst is along a meridian at the equator."""
    lat2, lon2 = _there(lat, lon, bearing, km)
    metres, there, _ = gps2dist_azimuth(lat, lon, lat2, lon2)
    assert distance_km(lat, lon, lat2, lon2) == pytest.approx(metres / 1000, rel=6e-3)
    turned = (float(azimuth(lat, lon, lat2, lon2)) - there + 180) % 360 - 180
    assert abs(turned) < 0.5


@given(LAT, LON, LAT, LON)
def test_there_is_as_far_as_back(lat1, lon1, lat2, lon2):
    there, back = distance_km(lat1, lon1, lat2, lon2), distance_km(lat2, lon2, lat1, lon1)
    assert there == pytest.approx(float(back), abs=1e-6)
    assert 0.0 <= there <= np.pi * 6371.0 + 1e-6


@pytest.mark.parametrize(
    ("lat2", "lon2", "degrees"), [(1, 0, 0), (0, 1, 90), (-1, 0, 180), (0, -1, 270)]
)
def test_azimuth_is_clockwise_from_north(lat2, lon2, degrees):
    assert azimuth(0.0, 0.0, lat2, lon2) == pytest.approx(degrees)


def test_shapes_broadcast():
    lat, lon = np.array([[1.0], [2.0]]), np.array([3.0, 4.0, 5.0])
    assert distance_km(lat, lon, 0.0, 0.0).shape == (2, 3)
    assert azimuth(lat, lon, 0.0, 0.0).shape == (2, 3)


@given(st.floats(-80.0, 80.0), LON, st.floats(-400.0, 400.0), st.floats(-400.0, 400.0))
def test_the_plane_and_back(lat, lon, east_km, north_km):
    plane = LocalPlane(lat, lon)
    lat2, lon2 = plane.to_degrees(east_km, north_km)
    assert -180.0 <= lon2 <= 180.0
    assert plane.to_km(lat2, lon2) == (
        pytest.approx(east_km, abs=1e-6),
        pytest.approx(north_km, abs=1e-6),
    )


def test_the_plane_goes_on_across_the_date_line():
    plane = LocalPlane(-17.0, 179.9)
    east_km, north_km = plane.to_km(-17.0, -179.9)
    assert east_km == pytest.approx(21.27, abs=0.01)
    assert north_km == 0.0
    assert plane.to_degrees(30.0, 0.0)[1] == pytest.approx(-179.818, abs=1e-3)


@pytest.mark.parametrize(("lat", "share"), [(0, 1e-4), (24, 0.003), (45, 0.0065), (60, 0.011)])
@given(lon=LON, bearing=st.floats(0.0, 360.0), km=st.floats(1.0, 200.0))
def test_the_plane_keeps_distances_from_its_centre(lat, share, lon, bearing, km):
    for there_km, error in ((km, share), (2 * km, 2.1 * share)):
        lat2, lon2 = _there(lat, lon, bearing, there_km)
        east_km, north_km = LocalPlane(lat, lon).to_km(lat2, lon2)
        assert np.hypot(east_km, north_km) == pytest.approx(there_km, rel=error)


def _there(lat, lon, bearing, km):
    """Where one comes to, on the sphere."""
    phi, angle, turn = np.radians(lat), km / 6371.0, np.radians(bearing)
    sine = np.sin(phi) * np.cos(angle) + np.cos(phi) * np.sin(angle) * np.cos(turn)
    east = np.sin(turn) * np.sin(angle) * np.cos(phi)
    lam = np.radians(lon) + np.arctan2(east, np.cos(angle) - np.sin(phi) * sine)
    return float(np.degrees(np.arcsin(sine))), (float(np.degrees(lam)) + 180) % 360 - 180
