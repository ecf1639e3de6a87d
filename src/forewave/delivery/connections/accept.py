"""Accepts connections one at a time and at a limited rate.

asyncio accepts a whole backlog in one turn of its loop, and a thousand handshakes delay the alert
that is published meanwhile. Here connections wait in the kernel's backlog instead: one is accepted
in each turn, at most RATE in a second, none right after an alert has been published.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import aiofastnet

Handler: TypeAlias = Callable[[asyncio.AbstractEventLoop, dict[str, Any]], object]

RATE = 500.0  # connections a second, on average
BURST = 100.0  # connections that may come at once
HANDSHAKE_S = 10.0  # seconds for the TLS handshake
HELD_S = 0.25  # seconds without new connections after an alert
HOLD_EVERY = 1.0  # seconds, at least, between the beginnings of two such times
_AFTER_ERROR = 0.1  # seconds


class Pace:
    """How long the next connection must wait: a token bucket. Times are seconds of any one clock.

    Whatever is published, connections are held back at most HELD_S in HOLD_EVERY.
    """

    def __init__(self, rate: float = RATE, burst: float = BURST) -> None:
        self._rate, self._burst = rate, burst
        self._tokens, self._at = burst, 0.0
        self._held_from = float("-inf")

    def hold(self, now: float) -> None:
        """An alert has been published."""
        if now - self._held_from >= HOLD_EVERY:
            self._held_from = now

    def take(self, now: float) -> float:
        """Count a connection; the seconds until it may be served."""
        self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate) - 1.0
        self._at = now
        held = self._held_from + HELD_S - now
        return max(0.0, -self._tokens / self._rate, held)


class Acceptor:
    """Serves the connections of a listening socket, which it takes over. made: their protocol."""

    def __init__(
        self,
        listener: socket.socket,
        made: Callable[[], asyncio.Protocol],
        tls: ssl.SSLContext | None = None,
        pace: Pace | None = None,
    ) -> None:
        self._listener, self._made, self._tls = listener, made, tls
        self.pace = pace or Pace()
        self._entering: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Accept until cancelled; then close the socket and those in a handshake."""
        loop = asyncio.get_running_loop()
        before = loop.get_exception_handler()
        if self._tls is not None:
            loop.set_exception_handler(partial(_but_handshakes, before))
        try:
            while True:
                try:
                    sock, _ = await loop.sock_accept(self._listener)
                except OSError:  # of a connection that has gone, or no descriptor is left
                    await asyncio.sleep(_AFTER_ERROR)
                    continue
                task = loop.create_task(self._enter(sock))
                self._entering.add(task)
                task.add_done_callback(self._entering.discard)
                await asyncio.sleep(self.pace.take(loop.time()))
        finally:
            loop.set_exception_handler(before)
            self._listener.close()
            for task in tuple(self._entering):
                task.cancel()

    async def _enter(self, sock: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        patience = HANDSHAKE_S if self._tls else None
        try:
            await aiofastnet.connect_accepted_socket(
                loop, self._made, sock, ssl=self._tls, ssl_handshake_timeout=patience
            )
        except (OSError, TimeoutError, EOFError):  # what any client can cause in the handshake
            sock.close()
        except asyncio.CancelledError:
            with contextlib.suppress(OSError):
                sock.close()
            raise


def _but_handshakes(before: Handler | None, loop: asyncio.AbstractEventLoop, what: Any) -> None:
    """Pass an error on, unless it is of a TLS handshake: any client could fill the log with them.

    The library reports a connection that is reset in its handshake.
    """
    if what.get("message") == "SSL handshake failed":
        return
    if before is None:
        loop.default_exception_handler(what)
    else:
        before(loop, what)
