"""What the catalogue of events may lack: the solutions and alerts that the event log has."""

import logging
from collections.abc import Iterator
from math import inf
from pathlib import Path

from forewave.archive import alert_archive, event_log
from forewave.archive.catalogue.records import AlertRecord, Record, SolutionRecord
from forewave.errors import ForewaveError, FormatError
from forewave.formats.protocols import alert_message
from forewave.formats.storage import log_blocks
from forewave.formats.storage.log_blocks import Began, Goes, Step
from forewave.live.persistence import setup_journal
from forewave.types import Mode, Solution

MARGIN = 600.0  # seconds before the time asked for: what was written late is not missed
EVERY = 100_000  # messages; the file has fewer
_LOG = logging.getLogger(__name__)


def log_records(root: Path, since: float | None) -> Iterator[Record]:
    """The records of a folder's event log and signed messages from a time on; None: all.

    A file that cannot be read to its end is logged, and the others are read. Solutions of a process
    whose setup is not known are left out: they might be those of a drill.
    """
    begin = -inf if since is None else since - MARGIN
    for file in event_log.files_since(root, begin):
        try:
            yield from _solutions(root, file, begin)
        except (OSError, FormatError) as error:
            _LOG.error("not filled into the catalogue: %s: %s", file.name, error)
    for signed in alert_archive.read(root / alert_archive.NAME, EVERY):
        try:
            message, _ = alert_message.read(signed)
        except FormatError:
            continue
        if message.iss / 1000.0 >= begin:
            yield AlertRecord(signed)


def _solutions(root: Path, file: Path, begin: float) -> Iterator[Record]:
    mode: Mode | None = None
    with file.open("rb") as opened:
        for entry in log_blocks.read(opened, stateless=inf):
            if isinstance(entry, Began | Goes):
                mode = _mode(root, entry.setup)
            elif isinstance(entry, Step) and mode is not None and entry.now >= begin:
                for word in entry.words:
                    if isinstance(word, Solution):
                        yield SolutionRecord(word, entry.now, mode)


def _mode(root: Path, setup: str) -> Mode | None:
    try:
        return setup_journal.load(root, setup).settings.alerts.mode
    except ForewaveError as error:
        _LOG.error("not filled into the catalogue: %s", error)
        return None
