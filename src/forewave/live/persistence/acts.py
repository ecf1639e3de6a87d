"""Operators' acts for the catalogue: the lines of the audit log, as they are added to it.

The log stays what counts; here its lines can be asked for with the events that they are about.
Every line is given again after a restart: the catalogue knows which it has.
"""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

from forewave.archive.catalogue.records import ActRecord, rows
from forewave.errors import ForewaveError

EVERY = 2.0  # seconds
MOST = 1_000_000  # bytes that are read at once
_LOG = logging.getLogger(__name__)


class Acts:
    """path: of the audit log. add: is given each line, in another thread than the event loop's."""

    def __init__(self, path: Path, add: Callable[[ActRecord], None]) -> None:
        self._path, self._add = path, add
        self._read = 0  # bytes

    async def run(self) -> None:
        """Look for new lines until cancelled."""
        while True:
            await asyncio.to_thread(self.look)
            await asyncio.sleep(EVERY)

    def look(self) -> None:
        """Give the lines that were added since; what is no line of an audit log is passed over."""
        try:
            with self._path.open("rb") as file:
                file.seek(self._read)
                data = file.read(MOST)
        except FileNotFoundError:
            return
        except OSError as error:
            _LOG.debug("%s: %s", self._path, error)
            return
        whole, _, _ = data.rpartition(b"\n")
        self._read += len(whole) + 1 if whole else len(data) if len(data) == MOST else 0
        for line in whole.split(b"\n"):
            record = ActRecord(line)
            if _is_act(record):
                self._add(record)


def _is_act(record: ActRecord) -> bool:
    try:
        return bool(record.line) and bool(rows(record))
    except (ForewaveError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return False
