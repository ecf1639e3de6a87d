"""Side tasks: parts of a live run that may fail without ending it.

Alerts do not depend on archive, relay, health page and log. An exception in one of them is logged
and counted, and it runs again; the other parts are not affected.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable

PAUSE = 1.0  # seconds until a failed task runs again
_LOG = logging.getLogger(__name__)


class SideTasks:
    """Runs side tasks. failed: number of failures by name."""

    def __init__(self, pause: float = PAUSE) -> None:
        self.failed: Counter[str] = Counter()
        self._pause = pause

    async def keep(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        """Run `work` until it returns or this is cancelled; run it again after an exception."""
        while True:
            try:
                await work()
            except Exception:
                self._fault(name)
                await asyncio.sleep(self._pause)
            else:
                return

    def call(self, name: str, work: Callable[[], None]) -> None:
        """Call `work` now; an exception is logged and counted, not raised."""
        try:
            work()
        except Exception:
            self._fault(name)

    def _fault(self, name: str) -> None:
        self.failed[name] += 1
        if self.failed[name] & (self.failed[name] - 1) == 0:  # the 1st, 2nd, 4th, 8th ...
            _LOG.exception("%s failed, %d times so far; it continues", name, self.failed[name])
