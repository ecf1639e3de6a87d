"""A command for each version of an alert: the JSON line on its stdin, fields in its environment.

Up to `MOST` run at the same time, so that one that hangs does not hold up the next version. What
comes while all of them run waits, of each event the newest version only. What a command prints goes
to stderr of this program, whose stdout has nothing but alerts.
"""

import asyncio
import contextlib
import os
import shlex
import signal
import sys
from collections.abc import Callable

from forewave.client.outputs import alert_line
from forewave.client.outputs.newest import Newest
from forewave.client.place_alert import PlaceAlert
from forewave.errors import InputError
from forewave.process.cancelling import end_where_cancelled

MOST = 4  # at the same time
Current = Callable[[PlaceAlert], PlaceAlert | None]
LAST = 2.0  # seconds that commands still get when this program ends
FAREWELL = 1.0  # seconds that a killed command gets to end


class Commands:
    """command: split as a shell splits words, and run without a shell. timeout: seconds for each.

    current: as of Broker. report: is given a line for each failure. failed: how many failed.
    """

    def __init__(
        self, command: str, timeout: float, current: Current, report: Callable[[str], None]
    ) -> None:
        self._words = _split(command)
        self._timeout, self._current, self._report = timeout, current, report
        self._newest = Newest()
        self._running = 0
        self._workers: list[asyncio.Task[None]] = []
        self.failed = 0

    @property
    def busy(self) -> bool:
        """Whether something runs or waits."""
        return self._running > 0 or len(self._newest) > 0

    def start(self) -> None:
        """Begin to run what is put; in a running event loop."""
        self._workers = [asyncio.create_task(self._work()) for _ in range(MOST)]

    def put(self, alert: PlaceAlert) -> None:
        """Run the command for this one; returns at once."""
        self._newest.put(alert)

    async def stop(self) -> None:
        """Let what runs end by itself for LAST seconds: it may be about to warn. Then end it."""
        end = asyncio.get_running_loop().time() + LAST
        while self._running and asyncio.get_running_loop().time() < end:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)

    async def _work(self) -> None:
        while True:
            end_where_cancelled()
            alert = self._current(await self._newest.get())
            if alert is None:
                continue
            self._running += 1
            try:
                why = await self._run(alert)
            finally:
                self._running -= 1
            if why:
                self.failed += 1
                what = f"{alert.event} version {alert.version}"
                self._report(f"--exec: {what}: {why} (failed so far: {self.failed})")

    async def _run(self, alert: PlaceAlert) -> str:
        """Why it failed, or nothing."""
        try:
            process = await asyncio.create_subprocess_exec(
                *self._words,
                stdin=asyncio.subprocess.PIPE,
                stdout=sys.stderr.fileno() if _has_number() else asyncio.subprocess.DEVNULL,
                env=os.environ | alert_line.environment(alert),
                start_new_session=True,  # Ctrl-C is for this program; and all of it can be ended
            )
        except (OSError, ValueError) as error:
            return f"cannot be started: {getattr(error, 'strerror', None) or error}"
        line = alert_line.json_line(alert) + "\n"
        try:
            # communicate() ignores a command that does not read its stdin.
            await asyncio.wait_for(process.communicate(line.encode()), self._timeout)
        except TimeoutError:
            return f"still running after {self._timeout:g} s, ended"
        finally:
            await _end(process)
        return _failure(process.returncode)


def _split(command: str) -> list[str]:
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise InputError(f"--exec {command}: {error}") from None
    if not words:
        raise InputError("--exec: expected a command")
    return words


def _failure(code: int | None) -> str:
    if code is not None and code < 0:
        return f"ended by signal {-code}"
    return f"exit code {code}" if code else ""


def _has_number() -> bool:
    """Whether stderr is a file of the system; in tests it may not be."""
    try:
        return sys.stderr.fileno() >= 0
    except (OSError, ValueError, AttributeError):
        return False


async def _end(process: asyncio.subprocess.Process) -> None:
    """Kill it with all that it has started, if it still runs."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.shield(process.wait()), FAREWELL)
