"""What `forewave listen` does: alerts to stdout, a command and a broker; its state to stderr."""

import asyncio
import ssl
import sys
from collections.abc import Callable
from pathlib import Path

from msgspec import Struct

from forewave.client.forward import GIVEN, Output, Threshold, forward
from forewave.client.listen import Listener
from forewave.client.outputs import alert_line
from forewave.client.outputs.broker import Broker
from forewave.client.outputs.commands import Commands
from forewave.client.outputs.lines import Lines
from forewave.client.place_alert import PlaceAlert
from forewave.client.readiness import Readiness
from forewave.process.signals import until_interrupted
from forewave.types import Place

_MEANING = {
    "connecting": "connecting",
    "ready": "ready, a real alert would be received now",
    "reconnecting": "reconnecting, the connection has ended",
    "lost": "lost, no heartbeat for 10 s",
    "untrusted": "untrusted, the server signs with a key that is not trusted",
    "unable": "not ready, the server lacks",
    "test": "test, the server issues tests only",
    "drills": "drills only (see --drills), or the clocks of server and computer differ by a day",
}


class Wanted(Struct, frozen=True, kw_only=True):
    """The options of the command. Times in seconds; None: not wanted, or without end."""

    min_mmi: float | None = None
    drills: bool = False
    keys: tuple[str, ...] | None = None
    roots: tuple[str, ...] | None = None
    key_file: Path | None = None
    text: bool = False
    command: str | None = None
    command_timeout: float = 30.0
    mqtt: str | None = None
    once: bool = False
    timeout: float | None = None


def run(url: str, place: Place, wanted: Wanted, tls: ssl.SSLContext | None = None) -> int:
    """Until Ctrl-C, or as wanted; returns the exit code. Raises InputError."""
    reports = Lines(sys.stderr)
    program = _Program(url, place, wanted, tls, reports)
    try:
        until_interrupted(program.work())
    finally:
        reports.close()
    return program.code


def readiness_line(now: Readiness) -> str:
    """A state in words; the first is the name of it."""
    missing = f": {', '.join(now.missing)}" if now.missing else ""
    return f"{_MEANING[now.state]}{missing}{f' ({now.detail})' if now.detail else ''}"


class _Program:
    def __init__(
        self, url: str, place: Place, wanted: Wanted, tls: ssl.SSLContext | None, reports: Lines
    ) -> None:
        self.code = GIVEN
        self._wanted, self._reports = wanted, reports
        report = lambda now: self._report(readiness_line(now))  # noqa: E731
        trust = wanted.roots, wanted.key_file
        self._listener = Listener(url, place, wanted.keys, wanted.drills, report, tls, *trust)
        current = self._listener.current
        self._commands = wanted.command and Commands(
            wanted.command, wanted.command_timeout, current, self._report
        )
        self._broker = wanted.mqtt and Broker(wanted.mqtt, current, self._report)

    async def work(self) -> None:
        """Until it is cancelled, or as wanted."""
        ends, loop = asyncio.Event(), asyncio.get_running_loop()
        lines = Lines(sys.stdout, lambda: loop.call_soon_threadsafe(ends.set))
        others = [output for output in (self._commands, self._broker) if output]
        for output in others:
            output.start()
        self._report(_MEANING["connecting"])
        outputs: list[Output] = [_Printed(lines, self._wanted.text, self._report), *others]
        threshold = Threshold(self._wanted.min_mmi)
        once, most_s = self._wanted.once, self._wanted.timeout
        try:
            self.code = await forward(
                self._listener, outputs, threshold, once=once, most_s=most_s, ends=ends
            )
        finally:
            lines.close()
            for output in others:
                await output.stop()

    def _report(self, line: str) -> None:
        self._reports.put(f"forewave listen: {line}")


class _Printed:
    """The lines on stdout."""

    busy = False  # closing writes the rest

    def __init__(self, lines: Lines, text: bool, report: Callable[[str], None]) -> None:
        self._lines, self._report, self._lost = lines, report, 0
        self._line = alert_line.text_line if text else alert_line.json_line

    def put(self, alert: PlaceAlert) -> None:
        """Print it."""
        self._lines.put(self._line(alert))
        if self._lines.lost > self._lost:
            self._lost = self._lines.lost
            self._report(f"stdout is not read: lines lost so far: {self._lost}")
