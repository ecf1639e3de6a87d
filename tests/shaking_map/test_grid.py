import numpy as np
import pytest
from msgspec.structs import replace

from forewave.shaking_map.grid import grid
from forewave.shaking_map.shaking_map import conditioned
from forewave.types import Magnitude
from tests.shaking_map.scene import RECORDS, SOLUTION


def test_rows_are_from_the_north_and_columns_from_the_west():
    found = grid(conditioned(SOLUTION, RECORDS), 50.0, 11)
    assert found.lat[0] > found.lat[-1]
    assert found.lon[0] < found.lon[-1]
    direct = conditioned(SOLUTION, RECORDS).at(found.lat[2], found.lon[7])
    assert found.shaking.median["pga"][2 * 11 + 7] == pytest.approx(direct.median["pga"][0])


def test_it_reaches_as_far_as_it_may_be_felt():
    small = replace(SOLUTION, magnitude=Magnitude(4.5, 0.2, "M", 3))
    near, far = (grid(conditioned(one, []), side=5) for one in (small, SOLUTION))
    assert np.ptp(near.lat) < 0.5 * np.ptp(far.lat)


def test_across_the_date_line():
    there = replace(SOLUTION, origin=replace(SOLUTION.origin, lon=179.9))
    found = grid(conditioned(there, []), 60.0, 7)
    assert np.all(np.isfinite(found.shaking.median["mmi"]))
    assert np.all(np.diff(found.lon) > 0)
