import json

import pytest

from forewave.archive.event_log import EventLog, EventLogLimits
from forewave.config import Settings
from forewave.formats.storage.log_blocks import Began
from forewave.live.persistence import setup_journal
from forewave.replay import from_record
from forewave.types import Alert

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def root(recording, somewhere, steps, tmp_path_factory):
    root = tmp_path_factory.mktemp("record")
    setup = setup_journal.setup_of(Settings().pipeline, recording.stations, tuple(somewhere))
    began = Began(steps[0].now, setup_journal.keep(setup, root), None)
    record = EventLog(root, EventLogLimits(), lambda: steps[0].now, began)
    for step in steps:
        record.add(step)
    record.close()
    return root


def told(root, as_json):
    lines = []
    from_record.replay(root, lines.append, as_json)
    return lines


def test_people_read_each_alert_and_whether_it_is_as_recorded(root, words):
    *alerts, last = told(root, False)
    count = sum(isinstance(word, Alert) for _, word in words)
    assert len(alerts) == count
    assert last == f"{count} alerts, all as recorded"


@pytest.mark.thorough
def test_programs_get_objects(root, words):
    *alerts, summary = map(json.loads, told(root, True))
    assert [line["type"] for line in alerts] == ["alert"] * len(alerts)
    assert alerts[0]["t_after_origin"] is None
    assert (summary["differ"], summary["exact"], summary["events"]) == (0, True, 1)
    assert told(root, True) == told(root, True)
