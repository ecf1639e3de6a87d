"""Notifications to systemd (sd_notify): ready, alive, stopping. Without systemd they do nothing."""

import contextlib
import os
import socket
import time
from collections.abc import Callable, Mapping


class Supervisor:
    """The systemd service manager, if it started this process."""

    def __init__(
        self,
        environment: Mapping[str, str] = os.environ,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "").replace("@", "\0", 1)
        self._every = int(environment.get("WATCHDOG_USEC", "0")) / 2e6
        self._clock, self._next = clock, 0.0

    def ready(self) -> None:
        """Start-up is complete."""
        self._notify("READY=1")

    def alive(self) -> None:
        """Called often by the main loop; notifies at half the watchdog interval."""
        if self._every and self._clock() >= self._next:
            self._next = self._clock() + self._every
            self._notify("WATCHDOG=1")

    def stopping(self) -> None:
        """The process is stopping."""
        self._notify("STOPPING=1")

    def _notify(self, line: str) -> None:
        if not self._address:
            return
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link,
        ):
            link.setblocking(False)
            link.sendto(line.encode(), self._address)
