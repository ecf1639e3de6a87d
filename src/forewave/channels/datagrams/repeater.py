"""Datagrams that are sent again and again until their alert expires: nobody confirms them."""

import asyncio
import socket
from abc import ABC, abstractmethod
from collections.abc import Callable

from forewave.channels.card import DeliveryError, Notification
from forewave.sources.reconnect import why_lost


class Repeater(ABC):
    """Each event's newest datagram at once, and then every `every` seconds.

    Where an alert ends it falls silent; a cancel is repeated until it expires.
    clock: POSIX seconds.
    """

    def __init__(self, name: str, every: float, clock: Callable[[], float]) -> None:
        self.name = name
        self._every, self._clock = every, clock
        self._held: dict[str, tuple[float, bytes]] = {}  # when it expires, and the datagram
        self._socket: socket.socket | None = None

    @abstractmethod
    def _made(self) -> socket.socket:
        """A connected socket. Raises OSError."""

    @abstractmethod
    def _datagram(self, notification: Notification) -> bytes:
        """What is sent of a notification. Raises DeliveryError."""

    async def open(self) -> None:
        """Open the socket; names are looked up in a thread."""
        self._drop()
        try:
            self._socket = await asyncio.to_thread(self._made)
        except OSError as error:
            raise DeliveryError(f"no socket: {why_lost(error)}") from None

    async def send(self, notification: Notification) -> None:
        """Send it, and repeat it once that has succeeded: until then the chain sends it again."""
        event, expires = notification.alert.event, notification.alert.expires
        if notification.reason in ("cancel", "final"):
            self._held.pop(event, None)
        if notification.reason == "final" or self._clock() >= expires:
            return
        datagram = self._datagram(notification)
        self._held.pop(event, None)
        self._send(datagram)
        self._held[event] = expires, datagram

    async def expire(self, event: str) -> None:
        """Repeat it no more."""
        self._held.pop(event, None)

    async def close(self) -> None:
        """Fall silent."""
        self._held.clear()
        self._drop()

    async def work(self) -> None:
        """Repeat."""
        while True:
            await asyncio.sleep(self._every)
            self._repeat()

    def _repeat(self) -> None:
        """Of what has expired unnoticed, as after a failure, nothing."""
        now = self._clock()
        self._held = {event: each for event, each in self._held.items() if now < each[0]}
        for _, datagram in self._held.values():
            self._send(datagram)

    def _send(self, datagram: bytes) -> None:
        assert self._socket is not None
        try:
            self._socket.send(datagram)
        except OSError as error:
            raise DeliveryError(f"not sent: {why_lost(error)}") from None

    def _drop(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = None
