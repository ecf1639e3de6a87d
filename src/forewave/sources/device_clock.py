"""The clock of a cheap sensor: its true sample rate, and by how much its time is wrong.

Such devices state the nominal rate of their sensor and run up to 4 % slower, and some are half an
hour off for weeks. Both show from outside: packets that follow each other say the rate, and
packets that keep arriving at the same wrong distance from their own time say the error.
"""

from collections import deque

from msgspec import Struct

LEARN = 6  # packets until a rate is known, and an error of the clock believed
RATE_SLACK = 0.08  # an interval that would need a rate further off lost a packet
WRONG = 5.0  # seconds between arrival and last sample that no telemetry explains
STEADY = 0.6  # seconds that the distances of a wrong clock may differ; a backlog's differ more
TELEMETRY = 0.1  # seconds from the last sample to its arrival, where the clock cannot tell


class Timing(Struct, frozen=True):
    """samples/s, and seconds to add to the device's time."""

    rate: float
    shift: float


class DeviceClock:
    """Of one device. Memory: a few numbers."""

    def __init__(self, rate: float | None = None) -> None:
        self._rate = rate
        self._samples, self._seconds, self._intervals = 0, 0.0, 0
        self._lags: deque[float] = deque(maxlen=LEARN)
        self._last: float | None = None
        self._shift = 0.0

    def note(self, last: float, count: int, stated: float, arrival: float) -> Timing | None:
        """A packet of `count` samples, the last at `last`. None while the rate is not known."""
        self._learn_rate(last, count, stated)
        self._learn_shift(arrival - last)
        return None if self._rate is None else Timing(self._rate, self._shift)

    def _learn_rate(self, last: float, count: int, stated: float) -> None:
        since = last - self._last if self._last is not None else 0.0
        self._last = last
        if self._rate is not None or not since > 0:
            return
        if abs(count / since - stated) < RATE_SLACK * stated:
            self._samples, self._seconds = self._samples + count, self._seconds + since
            self._intervals += 1
        if self._intervals == LEARN:
            self._rate = self._samples / self._seconds

    def _learn_shift(self, lag: float) -> None:
        """A new error is believed when several packets agree on it; none is, on one alone."""
        self._lags.append(lag)
        least, most = min(self._lags), max(self._lags)
        if len(self._lags) < LEARN or most - least > STEADY:
            return
        if abs(least - self._shift) > WRONG:
            self._shift = least - TELEMETRY if abs(least) > WRONG else 0.0
