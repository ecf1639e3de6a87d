"""What a live machine reports about itself once a second: to the log, and to health.

Runs beside the processing of packets, and may fail without effect on alerts. The time of the
machine is corrected here as well (TimeKeeper), because that needs a look once a second too.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping

from forewave.health import ntp
from forewave.health.collector import Health
from forewave.live.log import LOG, LiveLog
from forewave.live.loop import Loop
from forewave.live.persistence.gain_file import GainFile
from forewave.live.steady_clock import SteadyClock
from forewave.pipeline import Pipeline
from forewave.sources.intake.inbox import SourceStatus

EVERY = 1.0  # seconds
Counts = Callable[[], Mapping[str, int]]


class TimeKeeper:
    """Lets the steady clock follow the wall clock, where there is reason to."""

    def __init__(self, steady: SteadyClock, loop: Loop, health: Health) -> None:
        self._steady, self._loop, self._health = steady, loop, health

    def follow(self) -> None:
        """Follow the wall clock once; rooms cannot go back in time, so they begin anew."""
        if self._loop.clock.past:
            return
        step = self._steady.look(ntp.synchronised())
        if step:
            LOG.warning("the time was wrong: stepped by %+.1f s", step)
        if step < 0.0:
            self._loop.begin_anew()
        if self._steady.stepped:
            report = self._health.clock_now(self._loop.clock())
            self._health.clock(self._steady.report(report))


class Monitor:
    """Two tasks a second: `changes` logs what has changed, `counts` gives the counts to health.

    statuses: of all sources. counts: what is counted elsewhere, by the name that health has for it.
    losses: what could not be written, by what was to be kept and by reason. channels: why each
    channel cannot send now. waits: why what is to be written waits in memory now, by what it is.
    """

    def __init__(
        self,
        *,
        log: LiveLog,
        health: Health,
        time_keeper: TimeKeeper,
        loop: Loop,
        pipeline: Pipeline,
        gains: GainFile,
        statuses: Callable[[], Iterable[SourceStatus]],
        counts: Mapping[str, Counts],
        losses: Callable[[], Mapping[str, Mapping[str, int]]],
        channels: Callable[[], Mapping[str, str]] = dict,
        waits: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self._log, self._health, self._time_keeper = log, health, time_keeper
        self._loop, self._pipeline, self._gains = loop, pipeline, gains
        self._statuses, self._counts, self._losses = statuses, counts, losses
        self._channels, self._waits = channels, waits

    async def changes(self) -> None:
        """Until cancelled: log what has changed, once a second."""
        while True:
            self.log_changes(time.monotonic())
            await asyncio.sleep(EVERY)

    def log_changes(self, now: float) -> None:
        """Log sources that come and go, losses, the clock, and once a minute what was dropped.

        now: monotonic seconds.
        """
        statuses = list(self._statuses())
        self._log.sources(statuses)
        self._health.sources(statuses)
        for name, lost in self._losses().items():
            self._log.losses(name, lost, now)
        self._log.clock(self._health.clock_now(self._loop.clock()))
        self._log.summary(now)

    def report_counts(self) -> None:
        """Correct the time, and give health what is counted elsewhere."""
        self._time_keeper.follow()
        for name, counts in self._counts.items():
            self._health.tally(name, counts())
        self._health.channels(self._channels())
        self._health.disagree(self._loop.merge.disagreeing)
        self._health.wrong_gains(self._pipeline.decider.gains.wrong())
        self._gains.keep(self._pipeline.decider.gains)
        for name, lost in self._losses().items():
            self._health.storage_losses(name, lost, self._loop.clock())
        for name, why in self._waits().items():
            self._health.storage_waits(name, why)
