"""The machine's own clock, watched against its steady clock: does it jump, does it drift?

The wall clock says when packets arrive and alerts were issued; a countdown on a phone depends on
it. Each second both clocks are read. They grow apart by leaps (somebody set the clock, a virtual
machine was stopped) or slowly (a clock that nobody disciplines, or one that is being pulled back).
Nothing is corrected and no alert is held back for it: it is told and counted.
"""

from collections import deque

from forewave.health.report import ClockReport

JUMP = 0.1  # seconds between two looks that no discipline of clocks makes
TOLD = 600.0  # seconds for which a jump is told
WINDOW = 60.0  # seconds over which drift is measured
DRIFT = 600e-6  # seconds a second; NTP pulls by 500e-6 at most
FEWEST = 20.0  # seconds of looks that a drift needs


class MachineClock:
    """Feed it both clocks about once a second."""

    def __init__(self) -> None:
        self._looks: deque[tuple[float, float]] = deque()  # steady time, wall minus steady
        self._jumps = 0
        self._jump: tuple[float, float] | None = None  # steady time, by how much

    def look(self, wall: float, steady: float, synchronised: bool | None = None) -> ClockReport:
        """How the clock is. synchronised: what the system says, None where it does not."""
        apart = wall - steady
        if self._looks and abs(apart - self._looks[-1][1]) > JUMP:
            self._jumps += 1
            self._jump = steady, apart - self._looks[-1][1]
            self._looks.clear()
        self._looks.append((steady, apart))
        while self._looks[0][0] < steady - WINDOW:
            self._looks.popleft()
        return self._report(steady, synchronised)

    def _report(self, steady: float, synchronised: bool | None) -> ClockReport:
        first, last = self._looks[0], self._looks[-1]
        offset, seconds = last[1] - first[1], last[0] - first[0]
        known = (synchronised, offset, self._jumps)
        if self._jump is not None and steady - self._jump[0] < TOLD:
            reason = f"it jumped by {self._jump[1]:+.3f} s {steady - self._jump[0]:.0f} s ago"
            return ClockReport("jumped", reason, *known)
        if seconds >= FEWEST and abs(offset) > DRIFT * seconds:
            reason = f"it drifts by {1e6 * offset / seconds:+.0f} millionths"
            return ClockReport("drifts", reason, *known)
        if synchronised is False:
            reason = "the system says that nothing keeps it to the right time (NTP)"
            return ClockReport("not synchronised", reason, *known)
        return ClockReport("good", "", *known)
