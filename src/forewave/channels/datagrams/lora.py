"""Compact signed messages as UDP datagrams to a gateway of a LoRa or Meshtastic radio.

Radios have a few hundred bits a second and, in Europe, one per cent of the time: the default sends
what matters, and repeats it rarely.
"""

import socket
from collections.abc import Iterator
from typing import Annotated

from forewave.channels.card import Card, ChannelSettings, Context, DeliveryError, Notification
from forewave.channels.datagrams.compact import MOST_BYTES, compact
from forewave.channels.datagrams.repeater import Repeater
from forewave.errors import FormatError
from forewave.field import Port, about
from forewave.sources.exposure import Exposure


class LoraSettings(ChannelSettings, frozen=True, kw_only=True, tag="lora"):
    """Signed messages of at most 233 bytes to a radio's gateway by UDP."""

    host: Annotated[str, about("Host name or IP address of the gateway, without a port")] = (
        "127.0.0.1"
    )
    port: Annotated[Port, about("Its UDP port")]
    most_bytes: Annotated[int, about("Longest message", "bytes", ge=64, le=1000)] = MOST_BYTES
    every: Annotated[float, about("Time between repetitions", "s", ge=1, le=3600)] = 20.0


class Lora(Repeater):
    """One gateway."""

    def __init__(self, settings: LoraSettings, context: Context) -> None:
        super().__init__(settings.name or "lora", settings.every, context.clock)
        self._settings = settings

    def _made(self) -> socket.socket:
        found = socket.getaddrinfo(self._settings.host, self._settings.port, type=socket.SOCK_DGRAM)
        family, kind, protocol, _, address = found[0]
        made = socket.socket(family, kind, protocol)
        made.setblocking(False)
        made.connect(address)
        return made

    def _datagram(self, notification: Notification) -> bytes:
        try:
            return compact(notification.message, self._settings.most_bytes)
        except FormatError as error:
            raise DeliveryError(f"too long: {error}", retry=False, received=False) from None


def _exposure(settings: LoraSettings) -> Iterator[Exposure]:
    return iter(())


CARD = Card("lora", LoraSettings, Lora, _exposure, holds=True)
