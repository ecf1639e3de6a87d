"""The time of a live machine: the monotonic clock plus an offset, which follows the wall clock.

The wall clock may step by an hour and back again (a wrong time server, a virtual machine that was
suspended). Rooms that followed it would drop every packet as too late. So small differences are
followed slowly (`SLEW`), and a step only for a reason: packets show which time is possible, since
none arrives before its last sample was taken. If they show that the time in use is wrong, the wall
clock is followed at once.
"""

import time
from collections.abc import Callable
from statistics import median

from msgspec.structs import replace

from forewave.health.report import ClockReport

STEP = 0.5  # seconds of difference from which the wall clock has stepped
SLEW = 0.005  # seconds per second by which small differences are followed
AHEAD = 0.5  # seconds that samples may arrive before their time: clocks and rounding
LATE = 30.0  # seconds of median latency that are rather a wrong clock
FEWEST, LATELY = 3, 10.0  # least number of stations; seconds for which a latency is used
SURE, HOLD, TRUSTED = 2.0, 30.0, 300.0  # seconds that a step must last: by reason, see _is_right


class SteadyClock:
    """Call it for the time. `arrived` is called with each packet, `look` about once a second.

    apart: seconds that the wall clock is ahead of it. steps: how many steps it has followed.
    """

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall, self._steady = wall, steady
        self._offset = wall() - steady()
        self._looked = steady()
        self._since: float | None = None  # when the wall clock was first seen to have stepped
        self._latencies: dict[str, tuple[float, float]] = {}  # by station: when, seconds
        self.apart, self.steps = 0.0, 0

    def __call__(self) -> float:
        """POSIX seconds."""
        return self._steady() + self._offset

    def arrived(self, code: str, latency: float) -> None:
        """A packet of a station arrived, with this latency in seconds by this clock."""
        self._latencies[code] = self._steady(), latency

    def look(self, synchronised: bool | None = None) -> float:
        """Follow the wall clock as far as there is reason to; returns the step in seconds.

        synchronised: whether the system reports the wall clock as synchronised; None: unknown.
        """
        now = self._steady()
        passed, self._looked = now - self._looked, now
        self.apart = self._wall() - self()
        if not self.stepped:
            self._since = None
            most = SLEW * max(0.0, passed)
            self._offset += max(-most, min(most, self.apart))
            return 0.0
        self._since = now if self._since is None else self._since
        if not self._is_right(now - self._since, synchronised):
            return 0.0
        step, self._since = self.apart, None
        self._offset += step
        self._latencies.clear()
        self.apart, self.steps = 0.0, self.steps + 1
        return step

    @property
    def stepped(self) -> bool:
        """Whether the wall clock differs by more than STEP."""
        return abs(self.apart) > STEP

    def report(self, report: ClockReport) -> ClockReport:
        """The report on the wall clock while it differs."""
        reason = f"it is {self.apart:+.1f} s from the time that alerts use"
        return replace(report, state="jumped", reason=reason)

    def _is_right(self, lasted: float, synchronised: bool | None) -> bool:
        """Whether the wall clock is right, and this clock wrong."""
        latency = self._latency()
        if latency is None:  # no packets to compare with
            return lasted >= HOLD
        theirs = latency + self.apart
        if theirs < -AHEAD:  # packets would come from the future: less so than now?
            return lasted >= SURE and latency < theirs
        if latency < -AHEAD:
            return lasted >= SURE
        if self.apart > 0.0:  # all stations alike would have become late, at once
            return False
        return lasted >= SURE and (latency > LATE or (synchronised is True and lasted >= TRUSTED))

    def _latency(self) -> float | None:
        """Median latency of recent packets, seconds; None: too few stations."""
        since = self._steady() - LATELY
        self._latencies = {c: each for c, each in self._latencies.items() if each[0] >= since}
        lately = [latency for _, latency in self._latencies.values()]
        return median(lately) if len(lately) >= FEWEST else None
