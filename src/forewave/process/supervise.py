"""Side tasks: what may fail without ending the machine.

The archive, the relay, the health page and the log's lines are beside the way of a warning. A fault
in one of them is logged once, counted and told, and it runs again; the others do not notice.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable

PAUSE = 1.0  # seconds until what failed runs again
_LOG = logging.getLogger(__name__)


class SideTasks:
    """failed: how often each has failed, by name."""

    def __init__(self, pause: float = PAUSE) -> None:
        self.failed: Counter[str] = Counter()
        self._pause = pause

    async def keep(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run it until it returns or this is cancelled; after a fault again."""
        while True:
            try:
                await work()
            except Exception:
                self._fault(name)
                await asyncio.sleep(self._pause)
            else:
                return

    def call(self, name: str, work: Callable[[], None]) -> None:
        """Do something at once that must not end the caller."""
        try:
            work()
        except Exception:
            self._fault(name)

    def _fault(self, name: str) -> None:
        self.failed[name] += 1
        if self.failed[name] & (self.failed[name] - 1) == 0:  # the 1st, 2nd, 4th, 8th ...
            _LOG.exception("%s failed, %d times so far; it goes on", name, self.failed[name])
