import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.earth.geohash import around, bounds, centre, encode

# The example of the inventor's page, and two that are printed in many places.
KNOWN = [
    (57.64911, 10.40744, "u4pruydqqvj"),
    (42.605, -5.603, "ezs42"),
    (-25.382708, -49.265506, "6gkzwgjzn820"),
]


@pytest.mark.parametrize(("lat", "lon", "cell"), KNOWN)
def test_known_cells(lat, lon, cell):
    for precision in range(1, len(cell) + 1):
        assert encode(lat, lon, precision) == cell[:precision]


@given(st.floats(-90, 90), st.floats(-180, 180), st.integers(1, 12))
def test_a_cell_holds_its_point_and_its_centre_is_in_it(lat, lon, precision):
    cell = encode(lat, lon, precision)
    south, west, north, east = bounds(cell)
    assert south - 1e-12 <= lat <= north + 1e-12
    assert west - 1e-12 <= lon <= east + 1e-12
    assert encode(*centre(cell), precision) == cell


def test_four_characters_are_39_by_20_km_at_the_equator():
    south, west, north, east = bounds(encode(0.1, 0.1))
    assert (north - south) * 111.2 == pytest.approx(19.5, abs=0.1)
    assert (east - west) * 111.2 == pytest.approx(39.1, abs=0.1)


@pytest.mark.parametrize(("lat", "lon"), [(91.0, 0.0), (0.0, 181.0), (float("nan"), 0.0)])
def test_what_is_no_point_has_no_cell(lat, lon):
    with pytest.raises(ValueError, match="no point of the earth"):
        encode(lat, lon)


def test_a_word_that_is_no_cell():
    with pytest.raises(ValueError, match="no geohash: 'wmal'"):
        bounds("wmal")


def test_around_a_point_are_its_cell_and_the_eight_beside_it():
    found = around(30.3, 102.9)
    assert found[0] == encode(30.3, 102.9)
    assert len(set(found)) == 9
    south, west, north, east = bounds(found[0])
    middles = [centre(cell) for cell in found]
    assert max(lat for lat, _ in middles) - min(lat for lat, _ in middles) == pytest.approx(
        2 * (north - south)
    )
    assert max(lon for _, lon in middles) - min(lon for _, lon in middles) == pytest.approx(
        2 * (east - west)
    )


def test_around_holds_over_the_date_line_and_at_a_pole():
    assert encode(0.0, -179.9) in around(0.0, 179.9)
    assert len(around(89.99, 0.0)) == 6
