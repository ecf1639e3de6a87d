"""One station's health over hours, where the detector knows its last minutes."""

import math
from collections import Counter
from statistics import median

from forewave.health.report import StationReport, StationWord
from forewave.stations.quality import Usual
from forewave.types import StationState

PAUSE = 2.5  # seconds without anything, after which it has come back
LONGEST_PACKET = 60.0  # seconds: between two packets of a slow stream
SILENT = 10.0  # seconds without anything from a station
HOUR = 3600.0  # seconds over which the share of being well is remembered
CHANGED = 8.0  # times above or below its usual noise
AHEAD = 0.5  # seconds that samples may come before their time: clocks and rounding
EVENTS = 8  # earthquakes whose residual is remembered
FEW_EVENTS = 3
OFF = 2.0  # seconds of residual, alike in all of them
ALIKE = 0.7  # their median absolute deviation
MOST_REASONS = 20
COUNTING = ("good", "noisy")  # whose silence may mean calm; the same as in events/network.py


class StationHealth:
    """Feed it the station's states, picks and refusals; ask for a report."""

    def __init__(self, code: str) -> None:
        self.code, self.misplaced, self.wrong_gain = code, False, False
        self._last: StationState | None = None
        self._heard: float | None = None
        self._since: float | None = None
        self._well = 1.0
        self._usual = Usual()
        self._ahead = 0.0
        self._residuals: dict[str, float] = {}
        self._picks = 0
        self._dropped: Counter[str] = Counter()

    def state(self, word: StationState, now: float) -> None:
        """About once a second."""
        passed = min(60.0, max(0.0, word.latest - self._last.latest)) if self._last else 1.0
        self._well += (float(word.health == "good") - self._well) * min(1.0, passed / HOUR)
        self._ahead = max(-word.latency, self._ahead * math.exp(-passed / 60.0))
        self._usual.note(word.noise_pa_ms2, passed)
        self._last = word
        self._hear(now)

    def pick(self) -> None:
        """It has made a pick."""
        self._picks += 1

    def residual(self, event: str, seconds: float) -> None:
        """How much later than expected it saw an earthquake, as far as is known now."""
        self._residuals[event] = seconds
        if len(self._residuals) > EVENTS:
            del self._residuals[next(iter(self._residuals))]

    def drop(self, reason: str, now: float) -> None:
        """Something of it was refused; that it sends at all is known now."""
        self._hear(now)
        if reason in self._dropped or len(self._dropped) < MOST_REASONS:
            self._dropped[reason] += 1

    def is_heard(self, now: float) -> bool:
        """Whether its motion reaches the pipeline: without any such station nothing is detected."""
        state = self._last
        lately = self._heard is not None and now - self._heard <= LONGEST_PACKET
        return lately and state is not None and state.health != "unusable" and not self.misplaced

    def report(self, now: float) -> StationReport:
        """As it is now."""
        last, word = self._last, self._word(now)
        return StationReport(
            code=self.code,
            state=word,
            counts=word in COUNTING,
            latest=None if last is None else last.latest,
            quiet=None if self._heard is None else max(0.0, now - self._heard),
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

    def _hear(self, now: float) -> None:
        if self._heard is None or now - self._heard > PAUSE:
            self._since = now
        self._heard = now

    def _word(self, now: float) -> StationWord:
        """The worst that is true."""
        if self.misplaced:
            return "misplaced"
        if self._heard is None:
            return "never"
        if now - self._heard > SILENT:
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
