"""The rooms, fed from the record of the small earthquake."""

import pytest

from forewave.archive.event_log import EventLog, EventLogLimits
from forewave.config import Settings
from forewave.errors import FormatError
from forewave.formats.storage import codec
from forewave.formats.storage.log_blocks import Began, Lost, Step
from forewave.live.persistence import recovery, setup_journal
from forewave.types import Alert, Solution
from tests.cases import first_of


@pytest.fixture
def setup(recording, somewhere):
    return setup_journal.setup_of(Settings().pipeline, recording.stations, tuple(somewhere))


@pytest.fixture
def write(tmp_path, setup):
    """Writes the life of a process into the record."""

    def written(steps, since=None, now=None):
        name = setup_journal.keep(setup, tmp_path)
        now = steps[0].now if now is None else now
        record = EventLog(tmp_path, EventLogLimits(), lambda: now, Began(now, name, since))
        for step in steps:
            record.add(step)
        record.close()
        return tmp_path

    return written


def said(steps, kind):
    return [codec.encode(w) for m in steps for w in m.words if isinstance(w, kind)]


def test_a_night_decided_again_is_the_same_byte_for_byte(write, steps):
    words = []
    found = recovery.replay(write(steps), lambda now, word: words.append(word))
    for kind in (Alert, Solution):
        again = [codec.encode(word) for word in words if isinstance(word, kind)]
        assert again == said(steps, kind)
    assert (found.differ, found.exact, found.alerts) == (0, True, len(said(steps, Alert)))


def test_an_alert_that_is_not_the_recorded_one_is_counted(write, steps):
    other = [Step(m.now, tuple(w for w in m.words if not isinstance(w, Alert))) for m in steps]
    found = recovery.replay(write(other), lambda now, word: None)
    assert found.differ == len(said(steps, Alert)) > 0


def test_a_record_with_gaps_says_so(write, steps):
    gapped = [*steps[:5], Lost(steps[5].now, 3), *steps[8:]]
    assert not recovery.replay(write(gapped), lambda now, word: None).exact


def test_where_there_is_no_record_it_is_said(tmp_path):
    with pytest.raises(FormatError, match="holds no record"):
        recovery.replay(tmp_path, lambda now, word: None)


@pytest.mark.parametrize("after", first_of([2.0, 0.0, 10.0]))
def test_rooms_that_are_rebuilt_go_on_with_the_event(new_pipeline, steps, after):
    told = next(m for m in steps if any(isinstance(w, Alert) for w in m.words)).now
    before = [m for m in steps if m.now <= told + after]
    rooms = new_pipeline().decider
    found = recovery.rebuild(rooms, before, told + after)
    rest = [m for m in steps if m.now > told + after]
    words = [word for step in rest for word in recovery.feed(rooms, step)]
    again = [word for word in words if isinstance(word, Solution)]
    assert {solution.event for solution in again} <= set(found.solutions)
    version = found.solutions[next(iter(found.solutions))].version
    assert [s.version for s in again] == [*range(version + 1, version + 1 + len(again))]
    assert not [word for word in words if isinstance(word, Alert) and word.kind == "new"]
    last = [word for m in steps for word in m.words if isinstance(word, Solution)][-1]
    end = again[-1] if again else found.solutions[last.event]
    assert end.origin.lat == pytest.approx(last.origin.lat, abs=0.03)
    assert end.magnitude.value == pytest.approx(last.magnitude.value, abs=0.15)


def test_a_restart_within_the_record_is_done_again_as_it_was(write, setup, steps):
    told = next(m for m in steps if any(isinstance(w, Alert) for w in m.words)).now
    cut = told + 1.5
    before = [m for m in steps if m.now <= cut]
    write(before)
    rooms = setup_journal.decider(setup)
    recovery.rebuild(rooms, before, cut + 1.0)
    life = []
    for step in (m for m in steps if m.now > cut + 1.0):
        life.append(Step(step.now, tuple(recovery.feed(rooms, step))))
    root = write(life, since=cut - 100.0, now=cut + 1.0)
    found = recovery.replay(root, lambda now, word: None)
    assert (found.differ, found.exact) == (0, True)
    assert found.alerts == len(said(before, Alert)) + len(said(life, Alert))
