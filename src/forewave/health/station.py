"""The health of one station over hours; the detector judges the last minute."""

import math
from collections import Counter
from statistics import median

from forewave.health.report import StationCondition, StationReport
from forewave.stations.quality import Usual
from forewave.types import StationState

PAUSE = 2.5  # seconds without reception after which `since` begins again
LONGEST_PACKET = 60.0  # seconds between two packets of a slow stream
SILENT = 10.0  # seconds without reception after which a station is silent
HOUR = 3600.0  # time constant of the share of time in state "good", seconds
CHANGED = 8.0  # factor above or below the usual noise
AHEAD = 0.5  # seconds by which samples may arrive before their time: clocks and rounding
EVENTS = 8  # earthquakes whose residual is kept
FEW_EVENTS = 3  # earthquakes that a wrong clock needs
OFF = 2.0  # seconds of median residual beyond which the clock is wrong
ALIKE = 0.7  # median absolute deviation of the residuals allowed then, seconds
MOST_REASONS = 20
COUNTING = ("good", "noisy")  # silence is evidence; the same as in events/memory/network.py


class StationHealth:
    """Collects a station's states, picks and refusals, and reports them."""

    def __init__(self, code: str) -> None:
        self.code, self.misplaced, self.wrong_gain = code, False, False
        self._last: StationState | None = None
        self._received: float | None = None
        self._since: float | None = None
        self._well = 1.0
        self._usual = Usual()
        self._ahead = 0.0
        self._residuals: dict[str, float] = {}
        self._picks = 0
        self._dropped: Counter[str] = Counter()

    def state(self, word: StationState, now: float) -> None:
        """Add the detector's state, about once a second."""
        passed = min(60.0, max(0.0, word.latest - self._last.latest)) if self._last else 1.0
        self._well += (float(word.health == "good") - self._well) * min(1.0, passed / HOUR)
        self._ahead = max(-word.latency, self._ahead * math.exp(-passed / 60.0))
        self._usual.note(word.noise_pa_ms2, passed)
        self._last = word
        self._note_reception(now)

    def pick(self) -> None:
        """Count a pick."""
        self._picks += 1

    def residual(self, event: str, seconds: float) -> None:
        """Set the residual of its P arrival from an event, seconds."""
        self._residuals[event] = seconds
        if len(self._residuals) > EVENTS:
            del self._residuals[next(iter(self._residuals))]

    def drop(self, reason: str, now: float) -> None:
        """Count a refused packet; the station is sending."""
        self._note_reception(now)
        if reason in self._dropped or len(self._dropped) < MOST_REASONS:
            self._dropped[reason] += 1

    def is_received(self, now: float) -> bool:
        """Whether its data are received and usable for detection."""
        state = self._last
        lately = self._received is not None and now - self._received <= LONGEST_PACKET
        return lately and state is not None and state.health != "unusable" and not self.misplaced

    def brief(self, now: float) -> tuple[StationCondition, float | None]:
        """Its condition and the latency of its last packet."""
        return self._condition(now), None if self._last is None else self._last.latency

    def report(self, now: float) -> StationReport:
        """The current report."""
        last, condition = self._last, self._condition(now)
        return StationReport(
            code=self.code,
            state=condition,
            counts=condition in COUNTING,
            latest=None if last is None else last.latest,
            quiet=None if self._received is None else max(0.0, now - self._received),
            since=self._since,
            latency=None if last is None else last.latency,
            noise_ms2=_number(last.noise_pa_ms2) if last else None,
            usual_ms2=_number(self._usual.noise_ms2),
            well=None if last is None else self._well,
            ahead=max(0.0, self._ahead),
            residual=median(self._residuals.values()) if self._residuals else None,
            picks=self._picks,
            dropped=dict(self._dropped),
        )

    def _note_reception(self, now: float) -> None:
        if self._received is None or now - self._received > PAUSE:
            self._since = now
        self._received = now

    def _condition(self, now: float) -> StationCondition:
        """The worst condition that applies."""
        if self.misplaced:
            return "misplaced"
        if self._received is None:
            return "never"
        if now - self._received > SILENT:
            return "silent"
        if self._last is None or now - self._last.latest > max(60.0, SILENT):
            return "unusable"
        if self._last.health not in COUNTING:
            return self._last.health
        if self.wrong_gain:
            return "gain"
        if self._ahead > AHEAD or self._clock_is_off():
            return "clock"
        return "changed" if self._has_changed() else self._last.health

    def _has_changed(self) -> bool:
        assert self._last is not None
        times = self._usual.times(self._last.noise_pa_ms2)
        return times > CHANGED or times < 1.0 / CHANGED

    def _clock_is_off(self) -> bool:
        if len(self._residuals) < FEW_EVENTS:
            return False
        middle = median(self._residuals.values())
        spread = median(abs(r - middle) for r in self._residuals.values())
        return abs(middle) > OFF and spread < ALIKE


def _number(value: float) -> float | None:
    return value if math.isfinite(value) else None
