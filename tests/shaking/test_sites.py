import numpy as np

from forewave.shaking.sites import EPICENTRE, cells, sites
from forewave.types import Place, Station

TOWN = Place("Town", 30.0, 103.0)
SITE = Place("ST.A", 31.0, 104.0, "station", 300.0)
SEEN, UNSEEN = Station("ST.A", 31.0, 104.0, 0.0, ()), Station("ST.B", 32.0, 105.0, 0.0, ())


def test_places_are_told_and_stations_see():
    found = sites([TOWN, SITE], [SEEN, UNSEEN], 400.0)
    assert found.names == (EPICENTRE, "Town", "ST.A", "ST.B")
    assert found.wanted.tolist() == [True, True, True, False]
    assert found.always.tolist() == [True, False, True, True]
    assert found.stations == ("ST.A", "ST.B")
    assert found.observers.tolist() == [2, 3]
    assert found.vs30_ms.tolist() == [400.0, 400.0, 300.0, 400.0]
    assert np.isnan(found.lat[0])


def test_without_a_list_the_places_that_are_stations_see():
    assert sites([TOWN, SITE], [], 400.0).stations == ("ST.A",)
    assert sites([], [], 400.0).names == (EPICENTRE,)


def test_cells_stand_for_their_middles():
    found = cells(["wm3v", "wm3y"], 400.0)
    assert found.names == ("wm3v", "wm3y")
    assert found.wanted.all()
    assert not found.always.any()
    assert len(cells([], 400.0).lat) == 0
