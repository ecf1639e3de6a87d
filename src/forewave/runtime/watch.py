"""Looks after a live machine: once a second at sources, loop and clock, and tells what it knows.

status = LiveStatus(health, gateway.health)      for Gateway(status=...)
await watch(health, inbox.statuses)              beside everything else, until cancelled
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any

from forewave.runtime import metrics, ntp
from forewave.runtime.health import Health
from forewave.runtime.health_report import Report
from forewave.runtime.machine_clock import MachineClock
from forewave.sources.base import SourceStatus

EVERY = 1.0


async def watch(
    health: Health,
    sources: Callable[[], Iterable[SourceStatus]],
    on_look: Callable[[], None] = lambda: None,
    every: float = EVERY,
) -> None:
    """Until cancelled. on_look is called after each look, e.g. to tell the supervisor."""
    clock = MachineClock()
    while True:
        asked = time.monotonic()
        await asyncio.sleep(every)
        health.lag("loop", time.monotonic() - asked - every)
        health.sources(sources())
        health.clock(clock.look(time.time(), time.monotonic(), ntp.synchronised()))
        on_look()


class LiveStatus:
    """A live machine's health as the gateway tells it. more: facts for /healthz besides."""

    def __init__(
        self,
        health: Health,
        clock: Callable[[], float] = time.time,
        more: Callable[[], dict[str, Any]] = dict,
    ) -> None:
        self._health, self._clock, self._more = health, clock, more

    def alive(self) -> tuple[bool, dict[str, Any]]:
        """That this is answered at all says that the loop turns; and whether packets are used."""
        alive = self._health.alive(self._clock())
        return alive, {**self._more(), "status": "ok" if alive else "stuck"}

    def ready(self) -> tuple[bool, dict[str, Any]]:
        """Ready: travel times are loaded, kernels compiled, and a source brings packets."""
        missing = self._health.missing()
        return not missing, {"ready": not missing, "missing": missing}

    def snapshot(self) -> Report:
        """The report of now."""
        return self._health.report(self._clock())

    def metrics(self, snapshot: Report) -> bytes:
        """For Prometheus."""
        return metrics.text(snapshot)

    def facts(self, snapshot: Report) -> Report:
        """For the page."""
        return snapshot
