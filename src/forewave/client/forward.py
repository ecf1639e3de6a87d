"""Passes the alerts of a listener on to outputs; receiving waits for none of them."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from forewave.client.listen import Listener
from forewave.client.place_alert import PlaceAlert

GIVEN, NONE, NOT_READY = 0, 3, 4  # exit codes
FAREWELL = 10.0  # seconds for outputs to end what they have begun, with `once` or at the timeout
_LOOK = 0.05


class Output(Protocol):
    """Takes alerts and returns at once."""

    @property
    def busy(self) -> bool:
        """Whether something that it took is not done yet."""

    def put(self, alert: PlaceAlert) -> None:
        """Pass this one on."""


class Threshold:
    """Which alerts are passed on: those of `least` MMI at the place, and all that follows them."""

    def __init__(self, least: float | None) -> None:
        self._least = least
        self._given: set[tuple[bool, str]] = set()

    def passes(self, alert: PlaceAlert) -> bool:
        """Later versions and the cancel of what was passed on are passed on too."""
        event = alert.drill, alert.event
        if self._least is None or event in self._given:
            return True
        passes = not alert.cancelled and alert.mmi >= self._least
        if passes:
            self._given.add(event)
        return passes


async def forward(
    listener: Listener,
    outputs: Sequence[Output],
    threshold: Threshold,
    *,
    once: bool = False,
    most_s: float | None = None,
    ends: asyncio.Event | None = None,
) -> int:
    """Pass alerts on until the first if `once`, for `most_s` seconds, until `ends`, or for ever.

    Returns GIVEN; at the timeout without an alert NONE, or NOT_READY where none could have come.
    """
    given = 0
    alerts = aiter(listener)
    ended = asyncio.create_task((ends or asyncio.Event()).wait())
    deadline = None if most_s is None else asyncio.get_running_loop().time() + most_s
    try:
        while not (once and given):
            alert = await _next(alerts, ended, deadline)
            if alert is None:
                break
            if threshold.passes(alert):
                given += 1
                for output in outputs:
                    output.put(alert)
        await _finish(outputs)
    finally:
        ended.cancel()
    if given or ended.done():
        return GIVEN
    return NONE if listener.readiness.ready else NOT_READY


async def _next(
    alerts: AsyncIterator[PlaceAlert],
    ended: "asyncio.Task[bool]",
    deadline: float | None,
) -> PlaceAlert | None:
    """The next alert, or None when it is time to end."""
    getting = asyncio.ensure_future(anext(alerts))
    left = None if deadline is None else deadline - asyncio.get_running_loop().time()
    try:
        await asyncio.wait([getting, ended], timeout=left, return_when=asyncio.FIRST_COMPLETED)
        return getting.result() if getting.done() else None
    finally:
        if not getting.done():
            getting.cancel()
            await asyncio.gather(getting, return_exceptions=True)


async def _finish(outputs: Sequence[Output]) -> None:
    """Let the outputs end what they have begun, for a while."""
    end = asyncio.get_running_loop().time() + FAREWELL
    while any(o.busy for o in outputs) and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110 (nobody tells)
        await asyncio.sleep(_LOOK)
