"""The true sample rate and the clock offset of a low-cost sensor.

Such devices state the nominal rate of their sensor but run up to 4 % slower, and some clocks are
half an hour wrong for weeks. Both can be measured from outside: the rate from consecutive packets,
the offset from a constant difference between arrival and stated time.
"""

from collections import deque

from msgspec import Struct

LEARN = 6  # packets before a rate or a clock offset is used
RATE_SLACK = 0.08  # relative deviation from the stated rate beyond which a packet was lost
WRONG = 5.0  # seconds between last sample and arrival that telemetry does not explain
STEADY = 0.6  # seconds by which the offsets of a wrong clock vary; those of a backlog vary more
TELEMETRY = 0.1  # seconds assumed from last sample to arrival if the clock is wrong


class Timing(Struct, frozen=True):
    """rate: samples/s. shift: seconds to add to the device's time."""

    rate: float
    shift: float


class DeviceClock:
    """Rate and offset of one device's clock."""

    def __init__(self, rate: float | None = None) -> None:
        self._rate = rate
        self._samples, self._seconds, self._intervals = 0, 0.0, 0
        self._lags: deque[float] = deque(maxlen=LEARN)
        self._last: float | None = None
        self._shift = 0.0

    def note(self, last: float, count: int, stated: float, arrival: float) -> Timing | None:
        """Add a packet of `count` samples. None while the rate is not known.

        last: time of its last sample by the device's clock, stated: its nominal samples/s.
        """
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
        """Use a new offset once LEARN packets in a row agree on it."""
        self._lags.append(lag)
        least, most = min(self._lags), max(self._lags)
        if len(self._lags) < LEARN or most - least > STEADY:
            return
        if abs(least - self._shift) > WRONG:
            self._shift = least - TELEMETRY if abs(least) > WRONG else 0.0
