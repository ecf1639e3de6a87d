"""Signals of a program that runs until it is stopped: Ctrl-C and SIGTERM end it without error."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine
from typing import Any

STOP = (signal.SIGINT, signal.SIGTERM)
HANGUP = getattr(signal, "SIGHUP", None)  # Windows has none


def until_interrupted(
    work: Coroutine[Any, Any, None], on_hangup: Callable[[], None] | None = None
) -> None:
    """Run `work` to its end, or cancel it on Ctrl-C, SIGTERM or SIGHUP.

    on_hangup: called on SIGHUP, which then does not cancel.
    """

    async def watched() -> None:
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()
        with contextlib.suppress(NotImplementedError):  # Windows; there Ctrl-C raises
            for number in STOP:
                loop.add_signal_handler(number, task.cancel)
            if HANGUP is not None:
                loop.add_signal_handler(HANGUP, on_hangup or task.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await task

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(watched())


def ignore_hangup() -> None:
    """Ignore SIGHUP until `until_interrupted` handles it: a reload during start-up is no stop."""
    if HANGUP is not None:
        signal.signal(HANGUP, signal.SIG_IGN)
