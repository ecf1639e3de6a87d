"""The time of a process that decides: that of the stations' clocks, as batches bring it."""

import time


class StepClock:
    """The time of the stations' clocks, by the monotonic clock between two steps.

    The wall clock of this machine counts only before the first step.
    """

    def __init__(self) -> None:
        self._now, self._at = time.time(), time.monotonic()
        self._set = False

    def __call__(self) -> float:
        """POSIX seconds."""
        return self._now + time.monotonic() - self._at

    def restart(self) -> None:
        """The next step gives the time, whatever it was before."""
        self._set = False

    def advance(self, now: float) -> None:
        """A step at this time has just happened."""
        if not self._set or now > self():
            self._now, self._at, self._set = now, time.monotonic(), True
