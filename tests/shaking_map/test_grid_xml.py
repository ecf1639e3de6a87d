import numpy as np
import pytest
from lxml import etree

from forewave.shaking_map.grid import grid
from forewave.shaking_map.grid_xml import NAMESPACE, grid_xml, uncertainty_xml
from forewave.shaking_map.shaking_map import conditioned
from tests.shaking_map.scene import RECORDS, SOLUTION

GRID = grid(conditioned(SOLUTION, RECORDS), 60.0, 9)


def read(data):
    """As ShakeCast does: fields by their index, rows by blanks."""
    root = etree.fromstring(data)
    fields = root.findall(f"{{{NAMESPACE}}}grid_field")
    names = [one.get("name") for one in sorted(fields, key=lambda one: int(one.get("index")))]
    rows = np.array(root.find(f"{{{NAMESPACE}}}grid_data").text.split(), float)
    return root, dict(zip(names, rows.reshape(-1, len(names)).T, strict=True))


def test_a_reader_gets_the_motion_back():
    root, columns = read(grid_xml(GRID, "Nowhere & <there>", "fw", 5))
    assert list(columns) == ["LON", "LAT", "PGA", "PGV", "MMI"]
    assert columns["PGA"] == pytest.approx(GRID.shaking.median["pga"] / 9.80665 * 100, rel=1e-3)
    assert columns["PGV"] == pytest.approx(GRID.shaking.median["pgv"] * 100, rel=1e-3)
    assert columns["MMI"] == pytest.approx(GRID.shaking.median["mmi"], rel=1e-3)
    assert root.find(f"{{{NAMESPACE}}}event").get("event_description") == "Nowhere & <there>"
    specification = root.find(f"{{{NAMESPACE}}}grid_specification")
    assert int(specification.get("nlon")) * int(specification.get("nlat")) == 81
    assert columns["LON"][1] > columns["LON"][0]
    assert columns["LAT"][0] > columns["LAT"][-1]


def test_uncertainties_are_beside():
    _, columns = read(uncertainty_xml(GRID, "Nowhere", "fw", 5))
    assert columns["STDPGA"] == pytest.approx(GRID.shaking.sigma["pga"], rel=1e-3)


def test_the_same_map_is_the_same_bytes():
    assert grid_xml(GRID, "a", "fw", 5) == grid_xml(GRID, "a", "fw", 5)
