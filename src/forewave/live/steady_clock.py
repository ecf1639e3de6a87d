"""The time that a live machine goes by: the steady clock plus an offset, whatever is set meanwhile.

The wall clock may be set by an hour and back again (a bad time server, a virtual machine that was
stopped). Rooms that followed it would find every packet too late. So it is followed slowly where it
is near (`SLEW`), and a step is not followed at all until there is a reason: the stations' packets
say which time is possible, since none arrives before its last sample was taken. Where they say that
the time gone by until now is wrong, it is, and the wall clock's is taken at once.
"""

import time
from collections.abc import Callable
from statistics import median

from msgspec.structs import replace

from forewave.health.report import ClockReport

STEP = 0.5  # seconds from the wall clock, from which on it has stepped
SLEW = 0.005  # seconds a second by which time is pulled to the wall clock
AHEAD = 0.5  # seconds that samples may come before their time: clocks and rounding
LATE = 30.0  # seconds of latency of most stations that are rather a clock that was wrong
FEWEST, LATELY = 3, 10.0  # stations that are asked, and seconds for which their word counts
SURE, HOLD, TRUSTED = 2.0, 30.0, 300.0  # seconds that a step must last: by reason, see _is_right


class SteadyClock:
    """Call it for the time. `arrived` with each packet, `look` about once a second.

    apart: seconds by which the wall clock is ahead of it. steps: how often it followed a step.
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
        """A packet of a station came so long after its last sample, by this clock."""
        self._latencies[code] = self._steady(), latency

    def look(self, synchronised: bool | None = None) -> float:
        """Follow the wall clock as far as there is reason to; seconds of the step, mostly 0.

        synchronised: whether the system says that something keeps the wall clock right.
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
        """Whether the wall clock is somewhere else."""
        return abs(self.apart) > STEP

    def report(self, report: ClockReport) -> ClockReport:
        """How the machine's clock is, when it has stepped."""
        reason = f"it is {self.apart:+.1f} s from the time by which alerts go on"
        return replace(report, state="jumped", reason=reason)

    def _is_right(self, lasted: float, synchronised: bool | None) -> bool:
        """Whether the wall clock is, and not this one."""
        latency = self._latency()
        if latency is None:  # nobody to ask
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
        """Of the stations of late, the middle one's; None: too few."""
        since = self._steady() - LATELY
        self._latencies = {c: each for c, each in self._latencies.items() if each[0] >= since}
        lately = [latency for _, latency in self._latencies.values()]
        return median(lately) if len(lately) >= FEWEST else None
