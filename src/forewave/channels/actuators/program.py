"""Runs a program, limited in time, with everything that it has started."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Mapping, Sequence

from forewave.channels.card import DeliveryError

GRACE = 0.5  # seconds between SIGTERM and SIGKILL


async def run(
    command: Sequence[str], seconds: float, given: bytes, more: Mapping[str, str]
) -> None:
    """Run to its end. given: its standard input. more: variables of its environment.

    After `seconds`, or when this is cancelled, it and its process group are ended. Its output is
    discarded. Raises DeliveryError where it cannot be started, fails, or takes too long.
    """
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env=os.environ | more,
            start_new_session=True,
        )
    except OSError as error:
        why = f"cannot be started: {error.strerror}"
        raise DeliveryError(why, retry=False, received=False) from None
    try:
        async with asyncio.timeout(seconds):
            await process.communicate(given)
    except TimeoutError:
        raise DeliveryError(f"timeout: it runs for more than {seconds:g} s") from None
    finally:
        await _end(process)
    if process.returncode:
        raise DeliveryError(f"exit code {process.returncode}")


async def _end(process: asyncio.subprocess.Process) -> None:
    """End the group: first politely, where the program itself still runs."""
    try:
        if process.returncode is None:
            _signal(process.pid, signal.SIGTERM)
            async with asyncio.timeout(GRACE):
                await process.wait()
    except TimeoutError:
        pass
    finally:  # also where this is cancelled
        _signal(process.pid, signal.SIGKILL)
    await process.wait()


def _signal(group: int, number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)
