"""The sums of what was felt: a floor of five, the median, the cell's outline."""

import pytest

from forewave.delivery.reports.felt import LEAST, FeltReport, cells, is_plausible
from forewave.delivery.reports.tally import Row
from forewave.earth import geohash

NOW = 30_000_000  # minutes


def test_a_cell_is_left_out_below_the_floor():
    assert cells([Row(NOW, "wm3y", 6, LEAST - 1)], 1).features == ()
    [cell] = cells([Row(NOW, "wm3y", 6, LEAST - 1), Row(NOW + 1, "wm3y", 4, 1)], 1).features
    assert cell.properties.reports == LEAST


def test_a_cell_has_the_median_its_minutes_and_its_outline():
    rows = [Row(NOW, "wm3y", 4, 2), Row(NOW + 3, "wm3y", 6, 3), Row(NOW, "wtw3", 3, 7)]
    first, second = cells(rows, 2).features
    assert (first.id, second.id) == ("wm3y", "wtw3")
    assert (first.properties.mmi, first.properties.reports) == (6.0, 5)
    assert (first.properties.first, first.properties.last) == (NOW * 60_000, (NOW + 3) * 60_000)
    [ring] = first.geometry.coordinates
    assert ring[0] == ring[-1]
    south, west, north, east = geohash.bounds("wm3y")
    assert {x for x, _ in ring} == {west, east}
    assert {y for _, y in ring} == {south, north}


@pytest.mark.parametrize(("minutes", "taken"), [(0, True), (-60, True), (-61, False), (2, False)])
def test_a_report_is_of_this_hour(minutes, taken):
    assert is_plausible(FeltReport("wm3y", 5, NOW + minutes), NOW * 60.0) is taken
