"""What clients of the relay ask for, answered in turns: together they cost a share of the loop.

The loop that runs the relay also warns. However many clients ask however much, the relay works for
`SLICE` seconds at most, and then others have as long. Work is given as steps: a callable that
answers whether there is more of it to do.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from typing import TypeAlias

SLICE = 0.004  # seconds of work at once
Step: TypeAlias = Callable[[], bool]


class Turns:
    """Work is begun at once where there is time for it, in order else."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._waiting: deque[Step] = deque()
        self._left, self._filled = SLICE, clock()

    def ask(self, step: Step) -> None:
        """Do it step by step, now or when it is its turn."""
        self._waiting.append(step)
        if len(self._waiting) == 1:
            self.run()

    def run(self) -> None:
        """As much as there is time for; the rest a little later."""
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
        """As much time for work as has passed without."""
        now = self._clock()
        self._left, self._filled = min(SLICE, self._left + now - self._filled), now
