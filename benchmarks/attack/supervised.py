"""`forewave run` under supervision: restarted 0.2 s after it has ended."""

import asyncio
import contextlib
import signal
import sys
import time
from collections import Counter
from pathlib import Path

RUN = [sys.executable, "-c", "from forewave.cli.main import main; main()", "run", "-c"]
AGAIN = 0.2  # seconds, as RestartSec in deploy/systemd
LOOK = 0.02  # seconds between two looks at the log
READY = b" ready: "


class Supervised:
    """codes: how its processes ended. kills: when it was killed. ready: when each was ready.

    command: what is run with the settings as its last argument.
    """

    def __init__(self, settings: Path, log: Path, command: list[str] | None = None) -> None:
        self._command = [*(command or RUN), str(settings)]
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self.codes: Counter[int] = Counter()
        self.kills: list[float] = []
        self.ready: list[float] = []

    @property
    def refused(self) -> int:
        """Starts that ended by themselves."""
        return sum(count for code, count in self.codes.items() if code >= 0)

    @property
    def pid(self) -> int:
        """Of the process that runs now."""
        assert self._process is not None, "it has not begun"
        return self._process.pid

    async def run(self) -> None:
        """Until cancelled; then it is terminated."""
        try:
            while True:
                await self._once()
                await asyncio.sleep(AGAIN)
        finally:
            await self._end()

    async def until_ready(self, times: int = 1) -> None:
        """Until this number of processes was ready."""
        while len(self.ready) < times:  # noqa: ASYNC110 (a measurement may wait)
            await asyncio.sleep(LOOK)

    async def kill(self) -> None:
        """SIGKILL; between two processes it waits for the next."""
        while self._process is None or self._process.returncode is not None:  # noqa: ASYNC110
            await asyncio.sleep(LOOK)
        self._process.kill()
        self.kills.append(time.time())

    async def _once(self) -> None:
        with self._log.open("ab") as log:
            begins = log.tell()
            self._process = await asyncio.create_subprocess_exec(
                *self._command, stdout=log, stderr=log, cwd=self._log.parent
            )
        watching = asyncio.create_task(self._watch(begins))
        code = await self._process.wait()
        watching.cancel()
        self.codes[code] += 1

    async def _watch(self, begins: int) -> None:
        """Note when it is ready."""
        while True:
            with self._log.open("rb") as log:
                log.seek(begins)
                if READY in log.read():
                    break
            await asyncio.sleep(LOOK)
        self.ready.append(time.time())

    async def _end(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), 20.0)
            return
        process.kill()
        await process.wait()
