"""Whether this machine's own clock is behind: then most stations send from the future at once.

A sample cannot arrive before it was taken. One station whose samples do has a wrong clock itself.
When most do, and by about the same, it is the clock of the machine that they arrive at.
"""

import math
from statistics import median

from msgspec import Struct

AHEAD = 0.5  # seconds that samples may come before their time: clocks and rounding
FEWEST = 3  # stations
SPAN = 30.0  # seconds; the quickest packet of the last one or two spans counts
ALIKE = 1.5  # seconds by which the middle half of the stations may differ: telemetry


class Behind(Struct, frozen=True):
    """This machine's clock is behind, by `seconds` at least; so say `stations` of `of`."""

    seconds: float
    stations: int
    of: int


class _Quickest(Struct):
    """How far a station's packets were ahead at most: in this span, and in the one before."""

    span: int
    now: float
    before: float


class CommonClock:
    """Feed it each packet; memory: two numbers a station."""

    def __init__(self) -> None:
        self._stations: dict[str, _Quickest] = {}

    def arrived(self, code: str, latency: float, now: float) -> None:
        """A packet of a station; latency: from its last sample to its arrival."""
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
        """How far this machine's clock is behind, if it is."""
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
