"""Ending a program that serves: Ctrl-C is no error, nor is the terminal's end."""

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
    """Run it to its end, or until Ctrl-C or a request to stop, and clean up either way.

    on_hangup: what SIGHUP does; without, it is a request to stop as well.
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
    """Until `until_interrupted` handles it: a request to reload what is being read ends nothing."""
    if HANGUP is not None:
        signal.signal(HANGUP, signal.SIG_IGN)
