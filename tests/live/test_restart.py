"""Killed amid an earthquake and started again: the event goes on; see conftest.py."""

import re
import time
from itertools import pairwise

import pytest

from forewave.archive import travel_time
from forewave.archive.event_log import entries
from forewave.config import Settings
from forewave.formats.storage.log_blocks import Began, Step
from forewave.live.persistence.recovery import MEMORY, rebuild, recent, replay
from forewave.live.places import places
from forewave.pipeline import Pipeline
from forewave.types import Solution
from tests.live import live_made

pytestmark = [pytest.mark.live, pytest.mark.xdist_group("night")]


def solutions(folder):
    """What was known, before and after the restart."""
    lives = []
    for entry in entries(folder / "record"):
        if isinstance(entry, Began):
            lives.append([])
        elif isinstance(entry, Step):
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
    """As test_warm_start.py has it in virtual time: 0.05 off where all is made up for, else 0.5.

    A busy machine has no time to make all stations warm, or to ask for what it missed.
    """
    killed, calm = (solutions(folder)[-1][-1] for folder in (night.killed, night.calm))
    assert abs(killed.magnitude.value - calm.magnitude.value) < (
        0.2 if warm(night)[1] == 0 else 0.5
    )
    assert abs(killed.origin.lat - calm.origin.lat) < 0.1


def test_the_earthquake_does_not_shrink_by_a_restart(night):
    before, after = solutions(night.killed)
    values = [solution.magnitude.value for solution in [before[-1], *after]]
    assert max(earlier - later for earlier, later in pairwise(values)) < 0.3


def warm(night):
    """(warm, cold) stations after the restart, as its log says."""
    said = (night.killed / "run.log").read_text()
    found = re.search(r" (\d+) stations warm, (\d+) cold, ", said)
    return tuple(map(int, found.groups()))


def test_stations_are_warm_again(night):
    """How many depends on how busy the machine is; test_warm_start.py has all of them."""
    some, cold = warm(night)
    assert some + cold == 60
    assert some > 0


def test_the_rooms_are_rebuilt_in_time(night):
    """In processor time, which other programs do not use up; 0.01 s where it was measured."""
    said = (night.killed / "run.log").read_text()
    assert int(re.search(r"rooms rebuilt from (\d+) steps", said)[1]) > 10
    stations = night.recording.stations
    rooms = Pipeline(stations, places(stations, Settings().towns), travel_time.load()).decider
    last = max(entry.now for entry in entries(night.killed / "record") if isinstance(entry, Step))
    began = time.process_time()
    found = rebuild(rooms, recent(night.killed / "record", last - MEMORY, None, last), last)
    assert time.process_time() - began < 3.0
    assert found.solutions


def test_the_record_of_both_lives_decides_the_same_again(night):
    alerts = []
    found = replay(night.killed / "record", lambda now, word: alerts.append(word))
    assert found.differ == 0
    assert found.exact
    assert found.alerts == len(live_made.recorded(night.killed))
