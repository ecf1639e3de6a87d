"""The signed messages by UDP multicast, to everything that listens on the local network.

Each datagram is one message as on the stream, at most 1000 bytes; receivers verify its signature.
Routers do not pass it on (TTL 1).
"""

import ipaddress
import socket
import struct
from collections.abc import Iterator
from typing import Annotated, Literal

from forewave.channels.card import Card, ChannelSettings, Context, Notification
from forewave.channels.datagrams.repeater import Repeater
from forewave.errors import ConfigError
from forewave.field import Port, about
from forewave.sources.exposure import Exposure

EVERY = 1.0  # seconds, as on the stream


class MulticastSettings(ChannelSettings, frozen=True, kw_only=True, tag="multicast"):
    """Signed messages by UDP multicast on the local network, once a second until expiry."""

    versions: Annotated[
        Literal["steps", "all"], about("steps: changes that matter to people; all: every version")
    ] = "all"
    group: Annotated[str, about("IPv4 or IPv6 multicast address")] = "239.255.84.60"
    port: Annotated[Port, about("UDP port")] = 8462
    interface: Annotated[
        str,
        about('Address of the interface (IPv4) or its name (IPv6); "": chosen by the system'),
    ] = ""


class Multicast(Repeater):
    """One group. Raises ConfigError where it is no multicast address."""

    def __init__(self, settings: MulticastSettings, context: Context) -> None:
        super().__init__(settings.name or "multicast", EVERY, context.clock)
        self._settings, self._version = settings, _version(settings.group)

    def _made(self) -> socket.socket:
        if self._version == 6:
            return self._made_6()
        made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            made.setblocking(False)
            made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 1)
            made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 1)
            if self._settings.interface:
                where = socket.inet_aton(self._settings.interface)
                made.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, where)
            made.connect((self._settings.group, self._settings.port))
        except OSError:
            made.close()
            raise
        return made

    def _made_6(self) -> socket.socket:
        made = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        try:
            made.setblocking(False)
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_HOPS, 1)
            if self._settings.interface:
                number = struct.pack("@I", socket.if_nametoindex(self._settings.interface))
                made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, number)
            made.connect((self._settings.group, self._settings.port))
        except OSError:
            made.close()
            raise
        return made

    def _datagram(self, notification: Notification) -> bytes:
        return notification.message


def _version(group: str) -> int:
    """4 or 6. Raises ConfigError where it is no multicast address."""
    try:
        address = ipaddress.ip_address(group)
        if address.is_multicast:
            return address.version
    except ValueError:
        pass
    raise ConfigError(f"group: expected a multicast address, found {group!r}")


def _exposure(settings: MulticastSettings) -> Iterator[Exposure]:
    return iter(())


CARD = Card("multicast", MulticastSettings, Multicast, _exposure, holds=True)
