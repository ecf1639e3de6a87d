"""Sends the same bytes to thousands of sockets: one compiled loop of send(2).

It takes the sockets of which all earlier bytes have been taken by the kernel. What a socket does
not take now, and TLS, goes through the transport, which buffers. Everything here happens in the
event loop's thread, and a device is removed before its descriptor is closed (a transport calls
`connection_lost` first): a descriptor that meanwhile belongs to something else is never written to.
"""

import socket
import sys
from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
from numba import njit, types

# Sending must not wait, nor raise SIGPIPE, for a client that has gone.
_FLAGS = getattr(socket, "MSG_DONTWAIT", 0) | getattr(socket, "MSG_NOSIGNAL", 0)
_HAS_SEND = sys.platform == "linux"
_BUFFERED = -1


class Transport(Protocol):
    """What is used of an asyncio transport."""

    def write(self, data: bytes) -> None:
        """Send, or buffer what cannot be sent now."""

    def get_write_buffer_size(self) -> int:
        """Bytes that are buffered."""


class Receiver:
    """A connection that is sent to. fd: its descriptor, -1: send through the transport only."""

    __slots__ = ("fd", "slot", "transport")

    transport: Transport
    fd: int
    slot: int  # in the arrays of the loop, or _BUFFERED


class SendLoop:
    """The receivers that get the same bytes."""

    def __init__(self) -> None:
        self._direct: list[Receiver] = []
        self._fds = np.empty(64, np.int32)
        self._sent = np.empty(64, np.int64)
        self._buffered: dict[Receiver, None] = {}
        send_each(self._fds[:0], np.frombuffer(b" ", np.uint8), _FLAGS, self._sent[:0])  # compile

    def add(self, receiver: Receiver) -> None:
        """Send to it from now on."""
        receiver.slot = _BUFFERED
        self._buffered[receiver] = None
        self._sort(receiver)

    def remove(self, receiver: Receiver) -> None:
        """Send nothing more to it. It may have been removed already."""
        if self._buffered.pop(receiver, receiver) is None or receiver.slot == _BUFFERED:
            return
        self._vacate(receiver)

    def write(self, receiver: Receiver, data: bytes) -> None:
        """Send something to one receiver, after what it has been sent before."""
        receiver.transport.write(data)
        self._sort(receiver)

    def send(self, data: bytes) -> None:
        """Send to all receivers; never waits."""
        count = len(self._direct)
        later = tuple(self._buffered)
        if count:
            sent = self._sent[:count]
            send_each(self._fds[:count], np.frombuffer(data, np.uint8), _FLAGS, sent)
            short = np.flatnonzero(sent != len(data))
            rest = [(self._direct[slot], max(0, int(sent[slot]))) for slot in short]
            for receiver, done in rest:  # or the kernel has refused it: the transport finds out why
                self.write(receiver, data[done:])
        for receiver in later:
            self.write(receiver, data)

    def _sort(self, receiver: Receiver) -> None:
        """Move it to where it belongs after a write, which may also have removed it."""
        if receiver.slot != _BUFFERED:
            if receiver.transport.get_write_buffer_size():
                self._vacate(receiver)
                self._buffered[receiver] = None
        elif (
            receiver.fd >= 0
            and receiver in self._buffered
            and not receiver.transport.get_write_buffer_size()
        ):
            del self._buffered[receiver]
            self._place(receiver)

    def _place(self, receiver: Receiver) -> None:
        receiver.slot = len(self._direct)
        self._direct.append(receiver)
        if receiver.slot == self._fds.size:
            self._fds = np.concatenate([self._fds, np.empty_like(self._fds)])
            self._sent = np.empty(self._fds.size, np.int64)
        self._fds[receiver.slot] = receiver.fd

    def _vacate(self, receiver: Receiver) -> None:
        """The last one takes its slot."""
        last = self._direct.pop()
        if last is not receiver:
            self._direct[receiver.slot] = last
            self._fds[receiver.slot] = last.fd
            last.slot = receiver.slot
        receiver.slot = _BUFFERED


def descriptor(sock: socket.socket | None, tls: bool) -> int:
    """The descriptor for the compiled loop; -1 where it cannot be used."""
    return sock.fileno() if _HAS_SEND and sock is not None and not tls else -1


def _compiled() -> Callable[[Any, Any, int, Any], None]:
    # ssize_t send(int, const void *, size_t, int)
    send = types.ExternalFunction(
        "send", types.int64(types.int32, types.uintp, types.uintp, types.int32)
    )

    @njit(cache=True, nogil=True)
    def send_each(fds, data, flags, sent) -> None:  # type: ignore[no-untyped-def]
        for i in range(fds.size):
            sent[i] = send(fds[i], data.ctypes.data, data.size, flags)

    return send_each


def _python(fds: Any, data: Any, flags: int, sent: Any) -> None:
    """Where the compiled loop is not used there are no descriptors for it."""


# Sends `data` to each descriptor; sent: bytes that each has taken, -1 if none.
send_each = _compiled() if _HAS_SEND else _python
