"""A process of the demo: started, killed, stopped for a while, started again."""

import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

END = 5.0  # seconds from the request to end until it is killed


class Process:
    """One command with its output in a file. Ends with `kill` or `end`."""

    def __init__(
        self, name: str, command: Sequence[str], folder: Path, environment: Mapping[str, str]
    ) -> None:
        self.name, self.log = name, folder / f"{name}.log"
        self._command, self._folder = list(command), folder
        self._environment = {**os.environ, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        """Whether it has been started and has not ended."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its number. Only while it runs."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it, also once more after its end."""
        with self.log.open("ab") as log:
            self._process = _popen(self._command, self._folder, self._environment, log)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, if it runs."""
        if self._process is not None and self.running:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)

    def kill(self) -> None:
        """End it at once (SIGKILL)."""
        self.signal(signal.SIGKILL)
        self.wait()

    def end(self) -> None:
        """Ask it to end; kill it if it does not. One that was stopped is continued first."""
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        try:
            self.wait(END)
        except subprocess.TimeoutExpired:
            self.kill()

    def wait(self, seconds: float | None = None) -> None:
        """Until it has ended."""
        if self._process is not None:
            self._process.wait(seconds)

    def said(self) -> str:
        """Its output so far."""
        return self.log.read_text(errors="replace") if self.log.exists() else ""


def _popen(
    command: list[str], folder: Path, environment: dict[str, str], log: IO[bytes]
) -> "subprocess.Popen[bytes]":
    # A session of its own: Ctrl-C in the terminal is for the demo, which ends its processes.
    return subprocess.Popen(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        env=environment,
        start_new_session=True,
    )


def free_ports(count: int) -> list[int]:
    """Ports of the loopback interface that are free now."""
    probes = [socket.socket() for _ in range(count)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports
