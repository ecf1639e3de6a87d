"""A replay on the pages: it starts when the first page is open."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import TypeAlias

from msgspec.structs import replace

from forewave.channels.sending.chain import Chain
from forewave.delivery.gateway import Gateway
from forewave.pipeline import Pipeline
from forewave.process.replay_clock import ReplayClock
from forewave.replay.player import Arrivals, OnWord, play
from forewave.types import Alert, Message

# An alert that was sent, its message, and the seconds for signing and handing it over.
OnSent: TypeAlias = Callable[[Alert, bytes, float], None]


async def serve(
    pipeline: Pipeline,
    arrivals: Arrivals,
    gateway: Gateway,
    clock: ReplayClock,
    on_word: OnWord,
    *,
    on_ready: Callable[[Gateway], None],
    patience: float = 30.0,
    stay: float | None = 0.0,
    on_end: Callable[[], None] = lambda: None,
    channels: Chain | None = None,
    on_sent: OnSent = lambda alert, message, seconds: None,
) -> None:
    """Open the pages, process the packets, and publish the alerts as drills.

    clock: of the gateway; it starts when the first device connects, or after `patience` seconds.
    on_ready: called when the pages are open. on_end: called after the last packet. The pages stay
    open for another `stay` seconds; None: until the task is cancelled. channels: get the alerts
    too. on_sent: called with each alert that was sent, before `on_word`.
    """
    await gateway.start()
    serving = asyncio.create_task(channels.run()) if channels else None
    try:
        on_ready(gateway)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(
                play(pipeline, arrivals, clock, _publishing(gateway, channels, on_word, on_sent))
            )
            tasks.create_task(_go_when_ready(gateway, clock, patience))
        on_end()
        await (asyncio.Event().wait() if stay is None else asyncio.sleep(stay))
    finally:
        if serving is not None:
            serving.cancel()
            await asyncio.gather(serving, return_exceptions=True)
        await gateway.stop()


def _publishing(
    gateway: Gateway, channels: Chain | None, on_word: OnWord, on_sent: OnSent
) -> OnWord:
    """Publish alerts before anything else is done with them, always as drills."""

    def on_output(now: float, word: Message) -> None:
        if isinstance(word, Alert):
            began, drill = time.perf_counter(), replace(word, mode="drill")
            message = gateway.publish(drill)
            took = time.perf_counter() - began
            if channels is not None:
                channels.publish(message)
            on_sent(drill, message, took)
        on_word(now, word)

    return on_output


async def _go_when_ready(gateway: Gateway, clock: ReplayClock, patience: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(gateway.stream.first_client.wait(), patience)
    clock.go()
