"""Ending a program that serves: Ctrl-C is no error."""

import asyncio
import contextlib
import signal
from collections.abc import Coroutine
from typing import Any


def until_interrupted(work: Coroutine[Any, Any, None]) -> None:
    """Run it to its end, or until Ctrl-C or a request to stop, and clean up either way."""

    async def watched() -> None:
        task = asyncio.ensure_future(work)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError):  # Windows; there Ctrl-C raises
                loop.add_signal_handler(number, task.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await task

    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(watched())
