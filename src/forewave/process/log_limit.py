"""A log handler with a rate limit: similar lines are written MOST times a minute, then counted.

asyncio, for example, logs each connection that it cannot accept: 200 MB a minute if no file
descriptors are left.
"""

import logging
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import TextIO

MINUTE = 60.0
MOST = 60  # similar lines per minute
MOST_IN_ALL = 3_000  # different kinds of lines that are counted separately in a minute
_NUMBER = re.compile(r"[0-9a-fx]*[0-9][0-9a-fx]*")


class LimitedHandler(logging.StreamHandler[TextIO]):
    """Writes to standard output. Lines that differ in numbers only are similar.

    unlimited: name of the logger whose warnings are not limited.
    """

    def __init__(
        self,
        stream: TextIO | None = None,
        clock: Callable[[], float] = time.monotonic,
        unlimited: str = "forewave",
    ) -> None:
        logging.StreamHandler.__init__(self, stream or sys.stdout)
        self._clock, self._unlimited = clock, unlimited
        self._seen: Counter[str] = Counter()
        self._ends = clock() + MINUTE

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, unless the limit is reached."""
        if self._clock() >= self._ends:
            self._begin()
        if self._may(record):
            super().emit(record)

    def _may(self, record: logging.LogRecord) -> bool:
        if record.name == self._unlimited and record.levelno == logging.WARNING:
            return True
        kind = f"{record.name}: {_NUMBER.sub('#', record.getMessage())[:200]}"
        if len(self._seen) >= MOST_IN_ALL and kind not in self._seen:
            kind = "lines of other kinds"
        self._seen[kind] += 1
        return self._seen[kind] <= MOST

    def _begin(self) -> None:
        """Begin a new minute, and log how many lines the last one left out."""
        seen, self._seen = self._seen, Counter()
        self._ends = self._clock() + MINUTE
        for kind, count in seen.items():
            if count > MOST:
                text = f"{count - MOST} more lines like: {kind}"
                level = logging.WARNING
                super().emit(logging.LogRecord(__name__, level, "", 0, text, None, None))
