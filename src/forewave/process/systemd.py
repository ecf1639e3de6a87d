"""What systemd wants to be told (sd_notify): ready, alive, stopping. Elsewhere nothing happens."""

import contextlib
import os
import socket
import time
from collections.abc import Callable, Mapping


class Supervisor:
    """The one who started this process, if it is systemd."""

    def __init__(
        self,
        environment: Mapping[str, str] = os.environ,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "").replace("@", "\0", 1)
        self._every = int(environment.get("WATCHDOG_USEC", "0")) / 2e6
        self._clock, self._next = clock, 0.0

    def ready(self) -> None:
        """All is open, and warnings go out from now on."""
        self._tell("READY=1")

    def alive(self) -> None:
        """Called by the loop that works, often; told on twice as often as is asked for."""
        if self._every and self._clock() >= self._next:
            self._next = self._clock() + self._every
            self._tell("WATCHDOG=1")

    def stopping(self) -> None:
        """It ends, as it was asked to."""
        self._tell("STOPPING=1")

    def _tell(self, line: str) -> None:
        if not self._address:
            return
        with (
            contextlib.suppress(OSError),
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link,
        ):
            link.setblocking(False)
            link.sendto(line.encode(), self._address)
