"""Round-robin scheduling of the clients' requests, limited to a share of the event loop.

The loop that runs the relay also issues alerts. However many requests there are, the relay uses the
loop for at most `SLICE` seconds, and then leaves it to other tasks for as long. Work is a callable
that does one step and returns whether there are more.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import TypeAlias

SLICE = 0.004  # seconds of work at once
Step: TypeAlias = Callable[[], bool]


class Turns:
    """Runs work at once while there is time left, otherwise in order of the requests."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._waiting: deque[Step] = deque()
        self._left, self._filled = SLICE, clock()

    def ask(self, step: Step) -> None:
        """Add work, and run it if nothing else is waiting."""
        self._waiting.append(step)
        if len(self._waiting) == 1:
            self.run()

    def run(self) -> None:
        """Run as many steps as there is time for, and schedule the rest."""
        self._fill()
        try:
            while self._waiting and self._left > 0.0:
                step, begun = self._waiting.popleft(), self._clock()
                more = step()
                self._left -= self._clock() - begun
                if more:
                    self._waiting.append(step)
        finally:
            self._filled = self._clock()
            if self._waiting:
                asyncio.get_running_loop().call_later(SLICE - self._left, self.run)

    def _fill(self) -> None:
        """Add the time that has passed without work, up to SLICE."""
        now = self._clock()
        self._left, self._filled = min(SLICE, self._left + now - self._filled), now
