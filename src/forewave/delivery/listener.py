"""A listening socket that never has more than so many connections open.

The limit holds where connections are accepted, before a handshake and before any protocol knows of
them: an event loop accepts a whole backlog in one turn, so that limits further up count too late.
A connection beyond the limit is closed at once. Where the process has no descriptor left, one that
is kept in reserve takes the connection off the backlog; without it the loop would be woken by the
same connection for ever.
"""

import contextlib
import errno
import os
import socket
import weakref
from collections.abc import Callable
from typing import Any

AT_ONCE = 64  # connections that are refused in one call: the loop has other work
NONE_LEFT = (errno.EMFILE, errno.ENFILE)


class Listener(socket.socket):
    """What asyncio, uvicorn and picows accept connections from.

    most: connections that may be open. refused: called for each one beyond it.
    """

    def __init__(self, sock: socket.socket, most: int, refused: Callable[[], None]) -> None:
        """Takes over a listening socket."""
        super().__init__(sock.family, sock.type, sock.proto, fileno=sock.detach())
        self.setblocking(False)
        self.most, self._refused = most, refused
        self._open: weakref.WeakSet[Connection] = weakref.WeakSet()
        self._reserve: int | None = _reserve()

    @property
    def connections(self) -> int:
        """How many are open now."""
        return len(self._open)

    def accept(self) -> tuple[socket.socket, Any]:
        """The next connection. Raises BlockingIOError where none waits that may come in."""
        for _ in range(AT_ONCE):
            sock, address = self._next()
            if len(self._open) < self.most:
                return Connection(sock, self._open), address
            sock.close()
            self._refused()
        raise BlockingIOError(errno.EAGAIN, "later")

    def close(self) -> None:
        """And the descriptor in reserve."""
        self._release()
        super().close()

    def _next(self) -> tuple[socket.socket, Any]:
        while True:
            try:
                return super().accept()
            except OSError as error:
                if error.errno not in NONE_LEFT or self._reserve is None:
                    raise
            self._release()
            try:
                super().accept()[0].close()
                self._refused()
            finally:
                self._reserve = _reserve()

    def _release(self) -> None:
        if self._reserve is not None:
            os.close(self._reserve)
            self._reserve = None


class Connection(socket.socket):
    """An accepted connection, which counts for as long as its descriptor is open."""

    def __init__(self, sock: socket.socket, others: "weakref.WeakSet[Connection]") -> None:
        super().__init__(sock.family, sock.type, sock.proto, fileno=sock.detach())
        self._others = others
        others.add(self)

    def close(self) -> None:
        """Counts no more."""
        self._others.discard(self)
        super().close()


def _reserve() -> int | None:
    with contextlib.suppress(OSError):
        return os.open(os.devnull, os.O_RDONLY)
    return None
