import json

import numpy as np
import pytest

from forewave.shaking_map.contours import LEVELS, contours
from forewave.shaking_map.grid import grid
from forewave.shaking_map.shaking_map import conditioned
from tests.shaking_map.scene import RECORDS, SOLUTION

MAP = conditioned(SOLUTION, RECORDS)
GRID = grid(MAP, 150.0, 61)


@pytest.mark.parametrize("measure", ["mmi", "pga", "pgv"])
def test_on_a_line_the_motion_is_its_value(measure):
    found = contours(GRID, measure)
    assert json.loads(json.dumps(found)) == found
    values = [feature["properties"]["value"] for feature in found["features"]]
    assert values == sorted(values)
    assert set(values) <= set(LEVELS[measure])
    feature = found["features"][len(values) // 2]
    line = np.array(max(feature["geometry"]["coordinates"], key=len))
    there = MAP.at(line[:, 1], line[:, 0]).median[measure]
    unit = {"mmi": 1.0, "pga": 0.0980665, "pgv": 0.01}[measure]
    assert np.median(there / unit) == pytest.approx(feature["properties"]["value"], rel=0.05)
