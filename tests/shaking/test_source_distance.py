import numpy as np
import pytest

from forewave.earth.distance import LocalPlane
from forewave.shaking.source_distance import to_line, to_places
from forewave.types import Origin, Rupture


def origin(depth_km=10.0):
    return Origin(0.0, 35.0, 139.0, depth_km, 0.0, 0.0, 0.0)


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
