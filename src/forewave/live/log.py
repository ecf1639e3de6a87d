"""The log of a live machine, on standard output: one line for each thing that a person may ask for.

Warnings, sources that come and go, what was refused (counted, once a minute), what was not kept.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterable, Mapping

from forewave.alerts import alert_text
from forewave.health.report import ClockReport
from forewave.process.log_limit import LimitedHandler
from forewave.sources.base import SourceStatus
from forewave.types import Alert, Dropped, PhoneSighting, Word

LOG = logging.getLogger("forewave")
MINUTE = 60.0


class OneLine(logging.Formatter):
    """Time in UTC, level, text; also a fault with its traceback is one line."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        logging.Formatter.__init__(self, "%(asctime)s %(levelname)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The record's line."""
        return " | ".join(logging.Formatter.format(self, record).splitlines())


def open_log() -> None:
    """Everything that is logged goes to standard output, so many lines a minute."""
    handler = LimitedHandler()
    handler.setFormatter(OneLine())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    logging.getLogger("uvicorn").setLevel(logging.WARNING)


class LiveLog:
    """Says what changes. Nothing here is on the way of a warning."""

    def __init__(self) -> None:
        self._states: dict[str, str] = {}
        self._refused: Counter[str] = Counter()
        self._lost: dict[str, tuple[int, float]] = {}  # as told last, and when again
        self._clock = ""
        self._next = 0.0

    def word(self, word: Word) -> None:
        """What the rooms say, as far as somebody wants to read it."""
        if isinstance(word, Alert):
            LOG.warning(alert_line(word))
        elif isinstance(word, Dropped):
            self._refused[word.reason] += 1

    def sources(self, statuses: Iterable[SourceStatus]) -> None:
        """Sources that have come or gone since the last time."""
        for status in statuses:
            before = self._states.get(status.source)
            if status.state != before and status.state != "connecting":
                self._states[status.source] = status.state
                why = f": {status.reason}" if status.reason else ""
                level = logging.WARNING if status.state == "lost" else logging.INFO
                LOG.log(level, "%s is %s%s", status.source, status.state, why)

    def losses(self, what: str, lost: Mapping[str, int], now: float) -> None:
        """What could not be kept, by reason: at once, then once a minute while it goes on."""
        for reason, count in lost.items():
            told, again = self._lost.get(f"{what} {reason}", (0, now))
            if count > told and now >= again:
                self._lost[f"{what} {reason}"] = count, now + MINUTE
                LOG.error("%s: not kept: %d (%s)", what, count - told, reason)

    def clock(self, report: ClockReport) -> None:
        """The machine's own clock, when its state has changed."""
        if report.state == self._clock:
            return
        if report.state != "good":
            LOG.warning("the clock of this machine: %s", report.reason or report.state)
        elif self._clock:
            LOG.info("the clock of this machine is good again")
        self._clock = report.state

    def summary(self, now: float) -> None:
        """Once a minute: what was refused since."""
        if now < self._next:
            return
        self._next = now + MINUTE
        if self._refused:
            counts = ", ".join(f"{reason} {n}" for reason, n in sorted(self._refused.items()))
            LOG.info("refused: %s", counts)
            self._refused.clear()


def alert_line(alert: Alert) -> str:
    """An alert for people who read logs."""
    origin = alert.origin
    kind = f"cancel ({alert_text.reason(alert)})" if alert.kind == "cancel" else alert.kind
    single = "single-station " * (alert.stations == 1 and not alert.only_phones)
    return (
        f"{alert.mode} {kind} {alert.id} {single}{alert.level}: M{alert.magnitude.value:.1f} at "
        f"{origin.lat:.2f}, {origin.lon:.2f}, {origin.depth_km:.0f} km deep, "
        f"{alert.issued - origin.time:.1f} s after its origin, {alert_text.basis(alert)}"
    )


def sighting_line(sighting: PhoneSighting) -> str:
    """What phones see, for the same."""
    return (
        f"{sighting.triggers} phones in {sighting.cells} cells see an earthquake at "
        f"{sighting.lat:.2f}, {sighting.lon:.2f} (probability {sighting.probability:.2f})"
    )
