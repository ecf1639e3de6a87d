"""A listening socket with a limit of open connections.

The limit is applied when a connection is accepted, before handshake and protocol: an event loop
accepts a whole backlog in one iteration, so a limit in the protocol would be applied too late. A
connection beyond the limit is closed at once. If the process has no file descriptor left, a
reserved one is used to take the connection off the backlog; otherwise the loop would spin on it.
"""

import contextlib
import errno
import os
import socket
import weakref
from collections.abc import Callable
from typing import Any, TypeAlias

AT_ONCE = 64  # connections refused in one call, so that other tasks of the loop run
NONE_LEFT = (errno.EMFILE, errno.ENFILE)
Open: TypeAlias = "weakref.WeakValueDictionary[int, Connection]"  # by descriptor


class Listener(socket.socket):
    """The listening socket to pass to asyncio, uvicorn and picows.

    most: limit of open connections. refused: called for each connection beyond it.
    """

    def __init__(self, sock: socket.socket, most: int, refused: Callable[[], None]) -> None:
        """Takes over a listening socket; `sock` is detached."""
        super().__init__(sock.family, sock.type, sock.proto, fileno=sock.detach())
        self.setblocking(False)
        self.most, self._refused = most, refused
        self._open: Open = weakref.WeakValueDictionary()
        self._reserve: int | None = _reserve()

    @property
    def connections(self) -> int:
        """Number of open connections."""
        return len(self._open)

    def accept(self) -> tuple[socket.socket, Any]:
        """The next connection. Raises BlockingIOError if none can be accepted now."""
        for _ in range(AT_ONCE):
            sock, address = self._next()
            if len(self._open) < self.most:
                return Connection(sock, self._open), address
            sock.close()
            self._refused()
        raise BlockingIOError(errno.EAGAIN, "later")

    def release(self, descriptor: int) -> None:
        """Count an open connection no longer: it is subject to another limit from now on."""
        self._open.pop(descriptor, None)

    def close(self) -> None:
        """Close the socket and the reserved descriptor."""
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
    """An accepted connection, counted while its descriptor is open."""

    def __init__(self, sock: socket.socket, others: Open) -> None:
        super().__init__(sock.family, sock.type, sock.proto, fileno=sock.detach())
        self._others = others
        others[self.fileno()] = self

    def close(self) -> None:
        """Close it; it no longer counts."""
        if self._others.get(self.fileno()) is self:
            del self._others[self.fileno()]
        super().close()


def _reserve() -> int | None:
    with contextlib.suppress(OSError):
        return os.open(os.devnull, os.O_RDONLY)
    return None
