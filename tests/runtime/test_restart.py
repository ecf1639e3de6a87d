"""Killed amid an earthquake and started again: the event goes on; see conftest.py."""

from itertools import pairwise

from forewave.archive.record import entries
from forewave.formats.record import Began, Moment
from forewave.runtime.log_rooms import replay
from forewave.types import Solution
from tests.runtime import live_made


def solutions(folder):
    """What was known, before and after the restart."""
    lives = []
    for entry in entries(folder / "record"):
        if isinstance(entry, Began):
            lives.append([])
        elif isinstance(entry, Moment):
            lives[-1] += [word for word in entry.words if isinstance(word, Solution)]
    return lives


def test_the_event_goes_on_under_its_name(night):
    before, after = solutions(night.killed)
    assert before
    assert after
    assert len({solution.event for solution in before + after}) == 1


def test_versions_count_on(night):
    found = [solution.version for life in solutions(night.killed) for solution in life]
    assert found == [*range(1, len(found) + 1)]


def test_nobody_is_warned_twice(night):
    alerts = live_made.recorded(night.killed)
    assert [alert.kind for alert in alerts].count("new") == 1
    assert [alert.version for alert in alerts] == [*range(1, len(alerts) + 1)]
    assert len(alerts) > 3
    assert len({alert.event for alert in alerts}) == 1


def test_what_is_in_force_is_sent_again_at_once(night):
    said = (night.killed / "run.log").read_text()
    assert " still in force: " in said


def test_it_ends_where_the_undisturbed_one_does(night):
    killed, calm = (solutions(folder)[-1][-1] for folder in (night.killed, night.calm))
    assert abs(killed.magnitude.value - calm.magnitude.value) < 0.2
    assert abs(killed.origin.lat - calm.origin.lat) < 0.1


def test_the_earthquake_does_not_shrink_by_a_restart(night):
    before, after = solutions(night.killed)
    values = [solution.magnitude.value for solution in [before[-1], *after]]
    assert max(earlier - later for earlier, later in pairwise(values)) < 0.3


def test_every_station_is_warm_again(night):
    said = (night.killed / "run.log").read_text()
    assert " 60 stations warm, 0 cold, " in said


def test_the_rooms_are_rebuilt_in_time(night):
    said = (night.killed / "run.log").read_text()
    seconds = float(said.split("rooms rebuilt from ")[1].split(" in ")[1].split(" s")[0])
    assert seconds < 3.0


def test_the_record_of_both_lives_decides_the_same_again(night):
    alerts = []
    found = replay(night.killed / "record", lambda now, word: alerts.append(word))
    assert found.differ == 0
    assert found.exact
    assert found.alerts == len(live_made.recorded(night.killed))
