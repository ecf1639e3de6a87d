import re

import pytest

from forewave.earth.distance import azimuth, distance_km
from forewave.earth.place_name import COMPASS, place_name
from forewave.earth.towns import all_towns


def test_in_a_town_it_is_the_towns_name():
    town = all_towns()[0]
    assert place_name(town.lat, town.lon) == f"{town.name}, {town.country}"


@pytest.mark.parametrize(
    ("lat", "lon"), [(-27.1, -109.3), (64.9, -19.9), (-17.0, -179.99), (90, 0)]
)
def test_distance_and_direction_are_those_from_a_town_of_this_name(lat, lon):
    km, point, name = re.fullmatch(r"(\d+) km ([NESW]+) of (.+)", place_name(lat, lon)).groups()
    towns = [town for town in all_towns() if f"{town.name}, {town.country}" == name]
    away, town = min((float(distance_km(t.lat, t.lon, lat, lon)), t.name, t) for t in towns)[::2]
    assert away == pytest.approx(float(km), abs=0.5)
    off = float(azimuth(town.lat, town.lon, lat, lon)) - 22.5 * COMPASS.index(point)
    assert abs((off + 180.0) % 360.0 - 180.0) <= 11.25
    nearest = min(float(distance_km(t.lat, t.lon, lat, lon)) for t in all_towns()[::50])
    assert away <= nearest
