"""The log of a live machine, on standard output: one line per entry.

Alerts, sources that connect and disconnect, dropped data (counted, once a minute), and what could
not be written.
"""

import logging
import time
from collections import Counter
from collections.abc import Iterable, Mapping

from forewave.alerts import alert_text
from forewave.health.report import ClockReport
from forewave.process.log_limit import LimitedHandler
from forewave.sources.intake.inbox import SourceStatus
from forewave.types import Alert, Dropped, Message, PhoneSighting

LOG = logging.getLogger("forewave")
MINUTE = 60.0


class OneLine(logging.Formatter):
    """Time in UTC, level, text; a fault with its traceback is one line too."""

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        logging.Formatter.__init__(self, "%(asctime)s %(levelname)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line of a log record."""
        return " | ".join(logging.Formatter.format(self, record).splitlines())


def open_log() -> None:
    """Send all log entries to standard output, with a limit on lines per minute."""
    handler = LimitedHandler()
    handler.setFormatter(OneLine())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in ("uvicorn", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)


class LiveLog:
    """Logs what changes. Runs beside the processing of packets."""

    def __init__(self) -> None:
        self._states: dict[str, str] = {}
        self._dropped: Counter[str] = Counter()
        self._lost: dict[str, tuple[int, float]] = {}  # count as logged last, and when to log again
        self._clock = ""
        self._next = 0.0

    def output(self, word: Message) -> None:
        """Log an alert, count a dropped item; other output of the rooms is not logged."""
        if isinstance(word, Alert):
            LOG.warning(alert_line(word))
        elif isinstance(word, Dropped):
            self._dropped[word.reason] += 1

    def sources(self, statuses: Iterable[SourceStatus]) -> None:
        """Log sources whose state has changed since the last call."""
        for status in statuses:
            before = self._states.get(status.source)
            if status.state != before and status.state != "connecting":
                self._states[status.source] = status.state
                why = f": {status.reason}" if status.reason else ""
                level = logging.WARNING if status.state == "lost" else logging.INFO
                LOG.log(level, "%s is %s%s", status.source, status.state, why)

    def losses(self, what: str, lost: Mapping[str, int], now: float) -> None:
        """Log what could not be written, by reason: at once, then once a minute."""
        for reason, count in lost.items():
            logged, again = self._lost.get(f"{what} {reason}", (0, now))
            if count > logged and now >= again:
                self._lost[f"{what} {reason}"] = count, now + MINUTE
                LOG.error("%s: not kept: %d (%s)", what, count - logged, reason)

    def clock(self, report: ClockReport) -> None:
        """Log the state of the computer's clock when it has changed."""
        if report.state == self._clock:
            return
        if report.state != "good":
            LOG.warning("the clock of this computer: %s", report.reason or report.state)
        elif self._clock:
            LOG.info("the clock of this computer is right again")
        self._clock = report.state

    def summary(self, now: float) -> None:
        """Log once a minute what was dropped since."""
        if now < self._next:
            return
        self._next = now + MINUTE
        if self._dropped:
            counts = ", ".join(f"{reason} {n}" for reason, n in sorted(self._dropped.items()))
            LOG.info("dropped: %s", counts)
            self._dropped.clear()


def alert_line(alert: Alert) -> str:
    """One alert, for the log."""
    origin = alert.origin
    kind = f"cancel ({alert_text.reason(alert)})" if alert.kind == "cancel" else alert.kind
    single = "single-station " * (alert.stations == 1 and not alert.only_phones)
    return (
        f"{alert.mode} {kind} {alert.id} {single}{alert.level}: M{alert.magnitude.value:.1f} at "
        f"{origin.lat:.2f}, {origin.lon:.2f}, {origin.depth_km:.0f} km deep, "
        f"{alert.issued - origin.time:.1f} s after its origin, {alert_text.basis(alert)}"
    )


def sighting_line(sighting: PhoneSighting) -> str:
    """One phone sighting, for the log."""
    return (
        f"{sighting.triggers} phones in {sighting.cells} cells detect an earthquake at "
        f"{sighting.lat:.2f}, {sighting.lon:.2f} (probability {sighting.probability:.2f})"
    )
