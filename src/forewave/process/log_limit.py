"""A log that nobody can fill: of lines that are alike so many a minute, then how many there were.

asyncio writes a line for each connection that it cannot accept: 200 MB in a minute where there are
no descriptors left.
"""

import logging
import re
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import TextIO

MINUTE = 60.0
MOST = 60  # lines of a kind in a minute
MOST_IN_ALL = 3_000  # lines in a minute, warnings of earthquakes besides
_NUMBER = re.compile(r"[0-9a-fx]*[0-9][0-9a-fx]*")


class LimitedHandler(logging.StreamHandler[TextIO]):
    """Writes to standard output. Lines are alike that differ in numbers only.

    unlimited: name of the logger whose warnings are all written.
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
        """Write it, unless there were so many."""
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
        """A new minute; what was left out of the last one is said."""
        seen, self._seen = self._seen, Counter()
        self._ends = self._clock() + MINUTE
        for kind, count in seen.items():
            if count > MOST:
                text = f"{count - MOST} more lines like: {kind}"
                level = logging.WARNING
                super().emit(logging.LogRecord(__name__, level, "", 0, text, None, None))
