"""Datagrams that are sent again and again until their alert expires: nobody confirms them."""

import asyncio
import socket
from abc import ABC, abstractmethod

from forewave.channels.card import DeliveryError, Notification
from forewave.sources.reconnect import why_lost


class Repeater(ABC):
    """Each event's newest datagram at once, and then every `every` seconds.

    Where an alert ends it falls silent; a cancel is repeated until it expires.
    """

    def __init__(self, name: str, every: float) -> None:
        self.name = name
        self._every = every
        self._held: dict[str, bytes] = {}
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
        """Send it, and repeat it."""
        event = notification.alert.event
        if notification.reason == "final":
            self._held.pop(event, None)
            return
        self._held[event] = self._datagram(notification)
        self._send(self._held[event])

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
            for datagram in self._held.values():
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
