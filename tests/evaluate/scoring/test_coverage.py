import pytest

from forewave.evaluate.scoring.catalogue import Quake
from forewave.evaluate.scoring.coverage import fourth_km, gap, in_network
from forewave.types import Station

QUAKE = Quake(0.0, 0.0, 0.0, 10.0, 5.0)


def around(*places):
    return [Station(f"XX.{i}", lat, lon, 0.0, ()) for i, (lat, lon) in enumerate(places)]


CROSS = around((0.2, 0), (0, 0.2), (-0.2, 0), (0, -0.3))


def test_the_gap_is_the_widest_angle_between_neighbours():
    assert gap(QUAKE, CROSS) == pytest.approx(90.0, abs=0.1)
    assert gap(QUAKE, CROSS[:2]) == pytest.approx(270.0, abs=0.1)
    assert gap(QUAKE, []) == 360.0


def test_in_network_takes_four_near_stations_on_all_sides():
    assert in_network(QUAKE, CROSS)
    assert not in_network(QUAKE, CROSS[:3])
    assert not in_network(QUAKE, around((0.2, 0), (0.3, 0.1), (0.2, 0.2), (0.1, 0.2)))
    assert not in_network(QUAKE, around((0.2, 0), (0, 0.2), (-0.2, 0), (0, -0.6)))


def test_the_fourth_station():
    assert fourth_km(QUAKE, CROSS) == pytest.approx(0.3 * 111.195, abs=0.1)
    assert fourth_km(QUAKE, CROSS[:3]) is None
