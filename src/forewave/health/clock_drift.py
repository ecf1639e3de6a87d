"""Jumps and drift of the system clock, measured against the monotonic clock.

Arrival times of packets, issue times of alerts and the countdown on phones depend on the system
clock. Both clocks are read each second. Their difference changes at once if the clock was set or a
virtual machine was paused, and slowly if the clock is not disciplined or is being corrected. Jumps
and drift are reported and counted; nothing is corrected and no alert is withheld.
"""

from collections import deque

from forewave.health.report import ClockReport

JUMP = 0.1  # seconds between two readings that no clock discipline (NTP) causes
REPORTED = 600.0  # seconds for which a jump is reported
WINDOW = 60.0  # seconds over which drift is measured
DRIFT = 600e-6  # seconds per second; NTP corrects by 500e-6 at most
FEWEST = 20.0  # seconds of readings that a drift needs


class MachineClock:
    """The system clock's state; `update` about once a second."""

    def __init__(self) -> None:
        self._readings: deque[tuple[float, float]] = (
            deque()
        )  # monotonic time, system minus monotonic
        self._jumps = 0
        self._jump: tuple[float, float] | None = None  # monotonic time, seconds

    def update(self, wall: float, steady: float, synchronised: bool | None = None) -> ClockReport:
        """Add a reading of both clocks; the report. synchronised: as the system states, or None."""
        apart = wall - steady
        if self._readings and abs(apart - self._readings[-1][1]) > JUMP:
            self._jumps += 1
            self._jump = steady, apart - self._readings[-1][1]
            self._readings.clear()
        self._readings.append((steady, apart))
        while self._readings[0][0] < steady - WINDOW:
            self._readings.popleft()
        return self._report(steady, synchronised)

    def _report(self, steady: float, synchronised: bool | None) -> ClockReport:
        first, last = self._readings[0], self._readings[-1]
        offset, seconds = last[1] - first[1], last[0] - first[0]
        known = (synchronised, offset, self._jumps)
        if self._jump is not None and steady - self._jump[0] < REPORTED:
            reason = f"it jumped by {self._jump[1]:+.3f} s {steady - self._jump[0]:.0f} s ago"
            return ClockReport("jumped", reason, *known)
        if seconds >= FEWEST and abs(offset) > DRIFT * seconds:
            reason = f"it drifts by {1e6 * offset / seconds:+.0f} ppm"
            return ClockReport("drifts", reason, *known)
        if synchronised is False:
            reason = "the system reports that it is not synchronised (NTP)"
            return ClockReport("not synchronised", reason, *known)
        return ClockReport("good", "", *known)
