"""A small simulated earthquake, told afterwards: from its recording and from a record."""

import pytest

from forewave.after.gather import from_recording
from forewave.after.report.build import report as report_of
from forewave.archive import alert_archive, travel_time
from forewave.archive.event_log import EventLog, EventLogLimits
from forewave.config import Settings
from forewave.delivery import signing
from forewave.formats.recordings import event_directory
from forewave.formats.storage.log_blocks import Began
from forewave.live.persistence import setup_journal
from forewave.types import Alert


@pytest.fixture(scope="session")
def history(recording):
    return from_recording.history(recording)


@pytest.fixture(scope="session")
def report(history):
    return report_of(history, travel_time.load())


@pytest.fixture(scope="session")
def event_folder(recording, tmp_path_factory):
    folder = tmp_path_factory.mktemp("events") / "small"
    event_directory.write(
        folder, recording.info, recording.stations, recording.segments, recording.receipts
    )
    return folder


@pytest.fixture(scope="session")
def record(recording, somewhere, steps, tmp_path_factory):
    """The record folder of a live machine that received the small earthquake."""
    root = tmp_path_factory.mktemp("record")
    setup = setup_journal.setup_of(Settings().pipeline, recording.stations, tuple(somewhere))
    began = Began(steps[0].now, setup_journal.keep(setup, root), None)
    log = EventLog(root, EventLogLimits(), lambda: steps[0].now, began)
    keys = signing.generate()
    lines = []
    for step in steps:
        log.add(step)
        lines += [keys.seal(word) for word in step.words if isinstance(word, Alert)]
    log.close()
    (root / alert_archive.NAME).write_bytes(b"".join(line + b"\n" for line in lines))
    return root
