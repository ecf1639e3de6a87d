"""Monitors sources, event loop and system clock once a second, and provides the status routes.

status = LiveStatus(health, clock, mode=...)    for Gateway(routes=..., readiness=status.readiness)
await watch(health, inbox.statuses)             a task of its own, until cancelled
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any

from msgspec.structs import replace

from forewave.delivery.stream import Readiness
from forewave.health import ntp, prometheus
from forewave.health.clock_drift import MachineClock
from forewave.health.collector import Health
from forewave.health.report import Report
from forewave.sources.intake.inbox import SourceStatus
from forewave.types import Mode

EVERY = 1.0


async def watch(
    health: Health,
    sources: Callable[[], Iterable[SourceStatus]],
    on_look: Callable[[], None] = lambda: None,
    every: float = EVERY,
) -> None:
    """Update `health` each `every` seconds until cancelled. on_look: called after each update."""
    clock = MachineClock()
    while True:
        asked = time.monotonic()
        await asyncio.sleep(every)
        health.lag("loop", time.monotonic() - asked - every)
        health.sources(sources())
        health.clock(clock.update(time.time(), time.monotonic(), ntp.synchronised()))
        on_look()


class LiveStatus:
    """The health of a live run for the HTTP routes and the heartbeats.

    more: further fields of /healthz. mode: of the alerts that are issued; devices show only actual
    alerts and drills.
    """

    def __init__(
        self,
        health: Health,
        clock: Callable[[], float] = time.time,
        more: Callable[[], dict[str, Any]] = dict,
        mode: Mode = "actual",
    ) -> None:
        self._health, self._clock, self._more, self._mode = health, clock, more, mode

    def alive(self) -> tuple[bool, dict[str, Any]]:
        """Whether packets are processed, and the fields of /healthz."""
        alive = self._health.alive(self._clock())
        return alive, {**self._more(), "status": "ok" if alive else "stuck"}

    def ready(self) -> tuple[bool, dict[str, Any]]:
        """Whether alerts can be issued: models loaded, kernels compiled, stations received."""
        missing = self._health.missing(self._clock())
        return not missing, {"ready": not missing, "missing": missing, "mode": self._mode}

    def readiness(self) -> Readiness:
        """The readiness sent to devices."""
        if self._mode != "actual":
            return Readiness(self._mode)
        now = self._clock()
        stuck = () if self._health.alive(now) else ("a running pipeline",)
        missing = (*self._health.missing(now), *stuck)
        return Readiness("not ready" if missing else "ready", missing)

    def snapshot(self) -> Report:
        """The current report."""
        return replace(self._health.report(self._clock()), mode=self._mode)

    def metrics(self, snapshot: Report) -> bytes:
        """The report as Prometheus text."""
        return prometheus.text(snapshot)

    def facts(self, snapshot: Report) -> Report:
        """The report for the status page."""
        return snapshot
