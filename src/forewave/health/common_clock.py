"""Whether the system clock is behind, judged by the stations' times.

A sample cannot arrive before it was taken. If the samples of one station do, its clock is wrong. If
those of most stations do, and by about the same, the system clock is behind.
"""

import math
from statistics import median

from msgspec import Struct

AHEAD = 0.5  # seconds by which samples may arrive before their time: clocks and rounding
FEWEST = 3  # stations
SPAN = 30.0  # seconds; the fastest packet of the current and the previous span is used
ALIKE = 1.5  # interquartile range allowed between stations, seconds: telemetry


class Behind(Struct, frozen=True):
    """The system clock is behind by at least `seconds`, by the times of `stations` of `of`."""

    seconds: float
    stations: int
    of: int


class _Quickest(Struct):
    """Largest seconds by which a station's packets were ahead: current and previous span."""

    span: int
    now: float
    before: float


class CommonClock:
    """Compares the system clock with the stations' times. Memory: two numbers per station."""

    def __init__(self) -> None:
        self._stations: dict[str, _Quickest] = {}

    def arrived(self, code: str, latency: float, now: float) -> None:
        """Add a packet. latency: seconds from its last sample to its arrival."""
        span, ahead = int(now // SPAN), -latency
        known = self._stations.get(code)
        if known is None:
            self._stations[code] = _Quickest(span, ahead, float("-inf"))
        elif known.span == span:
            known.now = max(known.now, ahead)
        else:
            known.before = known.now if known.span == span - 1 else float("-inf")
            known.span, known.now = span, ahead

    def behind(self, now: float) -> Behind | None:
        """By how much the system clock is behind; None if it is not."""
        if not math.isfinite(now):
            return None
        span = int(now // SPAN)
        lately = [each for each in self._stations.values() if 0 <= span - each.span <= 1]
        ahead = sorted(max(each.now, each.before) for each in lately)
        early = [seconds for seconds in ahead if seconds > AHEAD]
        if len(early) < FEWEST or 2 * len(early) <= len(lately):
            return None
        quarter = len(early) // 4
        if early[-1 - quarter] - early[quarter] > ALIKE:
            return None
        return Behind(median(early), len(early), len(lately))
