"""Looks after a live machine: once a second at sources, loop and clock, and tells what it knows.

status = LiveStatus(health, clock, mode=...)    for Gateway(routes=..., readiness=status.readiness)
await watch(health, inbox.statuses)              beside everything else, until cancelled
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
from forewave.sources.inbox import SourceStatus
from forewave.types import Mode

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
    """A live machine's health as the gateway tells it. more: facts for /healthz besides.

    mode: of the alerts that are issued; devices show only actual ones and drills.
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
        """That this is answered at all says that the loop turns; and whether packets are used."""
        alive = self._health.alive(self._clock())
        return alive, {**self._more(), "status": "ok" if alive else "stuck"}

    def ready(self) -> tuple[bool, dict[str, Any]]:
        """Ready: travel times are loaded, kernels compiled, and stations are received."""
        missing = self._health.missing(self._clock())
        return not missing, {"ready": not missing, "missing": missing, "mode": self._mode}

    def readiness(self) -> Readiness:
        """What devices are told: whether an earthquake now would be alerted of."""
        if self._mode != "actual":
            return Readiness(self._mode)
        now = self._clock()
        stuck = () if self._health.alive(now) else ("a running pipeline",)
        missing = (*self._health.missing(now), *stuck)
        return Readiness("not ready" if missing else "ready", missing)

    def snapshot(self) -> Report:
        """The report of now."""
        return replace(self._health.report(self._clock()), mode=self._mode)

    def metrics(self, snapshot: Report) -> bytes:
        """For Prometheus."""
        return prometheus.text(snapshot)

    def facts(self, snapshot: Report) -> Report:
        """For the page."""
        return snapshot
