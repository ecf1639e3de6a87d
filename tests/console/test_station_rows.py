"""The rows of stations: what has changed, and nothing else."""

import numpy as np
import pytest

from forewave.console.station_rows import HELD, PEAK_KEPT, StationRows
from forewave.shaking.observed import mmi_of
from tests.console.console_items import NOW, amplitude


@pytest.fixture
def rows(stations, conditions):
    return StationRows(stations, lambda now: iter(conditions))


def test_at_first_every_station_is_given_and_then_only_what_changes(rows, conditions):
    assert rows.changed(NOW) == [
        (0, None, None, "good", 0.5),
        (1, None, None, "good", 0.5),
        (2, None, None, "silent", None),
    ]
    assert rows.changed(NOW + 0.2) == []
    conditions[1] = ("noisy", 0.6)
    assert rows.changed(NOW + 0.4) == []  # conditions are looked at once a second
    assert rows.changed(NOW + 1.2) == [(1, None, None, "noisy", 0.6)]


def test_a_latency_is_given_when_it_has_changed_clearly(rows, conditions):
    rows.changed(NOW)
    conditions[0] = ("good", 0.7)
    assert rows.changed(NOW + 1.0) == []
    conditions[0] = ("good", 1.2)
    assert rows.changed(NOW + 2.0) == [(0, None, None, "good", 1.2)]


def test_motion_is_intensity_that_ends_and_its_peak_is_kept(rows):
    rows.changed(NOW)
    rows.amplitude(amplitude("B", 2.0), NOW)
    mmi = round(float(mmi_of(np.array([2.0]), np.array([0.2]))[0]), 1)
    assert rows.changed(NOW) == [(1, mmi, mmi, "good", 0.5)]
    assert rows.changed(NOW + HELD - 0.1) == []
    assert rows.changed(NOW + HELD + 0.1) == [(1, None, mmi, "good", 0.5)]
    assert rows.changed(NOW + PEAK_KEPT + 0.1) == [(1, None, None, "good", 0.5)]


def test_of_several_measurements_between_two_frames_the_largest_counts(rows):
    rows.changed(NOW)
    for pga in (0.5, 3.0, 1.0):
        rows.amplitude(amplitude("A", pga), NOW)
    [(row, level, peak, *_)] = rows.changed(NOW)
    assert (row, level) == (0, peak)
    rows.amplitude(amplitude("A", 1.0), NOW + 1.0)
    [(_, later, same, *_)] = rows.changed(NOW + 1.0)
    assert later < level
    assert same == peak


def test_stations_that_are_not_listed_are_ignored(rows):
    rows.changed(NOW)
    rows.amplitude(amplitude("Z", 2.0), NOW)
    assert rows.changed(NOW) == []


def test_a_clock_that_went_back_leaves_no_motion_from_the_future(rows):
    rows.amplitude(amplitude("A", 2.0), NOW + 100.0)
    rows.changed(NOW + 100.0)
    assert rows.changed(NOW)[0][:3] == (0, None, None)
