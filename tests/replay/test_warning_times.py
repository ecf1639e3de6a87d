"""The warning times that a replay prints."""

import io
import itertools

from rich.console import Console

from forewave.replay.warning_times import WarningTime, selection, table


def warning(name, distance_km, action=10.0, s_arrival=14.0):
    return WarningTime(name, distance_km, 6.0, s_arrival, action, s_arrival, action)


def test_the_warning_time_is_from_the_request_to_act_to_the_s_arrival():
    assert warning("a", 50.0).seconds == 4.0
    assert warning("a", 50.0, action=16.0).seconds == -2.0
    assert warning("a", 50.0, action=None).seconds is None


def test_eight_places_from_the_nearest_to_the_farthest_are_selected_more_of_the_near_ones():
    every = [warning(str(n), 10.0 * n) for n in range(100)]
    chosen = [int(each.name) for each in selection(every, set())]
    assert len(chosen) == 8
    assert (chosen[0], chosen[-1]) == (0, 99)
    steps = [b - a for a, b in itertools.pairwise(chosen)]
    assert steps == sorted(steps)


def test_named_places_are_always_selected():
    every = [warning(str(n), 10.0 * n) for n in range(100)]
    assert "55" in [each.name for each in selection(every, {"55"})]
    assert "55" not in [each.name for each in selection(every, set())]


def test_late_warnings_and_missing_ones_are_shown_as_such():
    out = io.StringIO()
    rows = [warning("in time", 50.0), warning("late", 5.0, action=16.0), warning("none", 9.0, None)]
    Console(file=out, width=120).print(table(rows))
    lines = {
        line.split("│")[1].strip(): line for line in out.getvalue().splitlines() if "│" in line
    }
    assert "4.0 s" in lines["in time"]
    assert "2.0 s late" in lines["late"]
    assert "-" in lines["none"]
