"""Listening sockets, or one clear line why a port cannot be opened."""

import socket
from collections.abc import Mapping

from forewave.errors import ConfigError


def bind(host: str, port: int, what: str) -> socket.socket:
    """A listening socket for `what`. Raises ConfigError where the port is taken or not allowed."""
    try:
        return socket.create_server((host, port), backlog=1024, family=_family(host))
    except (OSError, TypeError, ValueError) as error:  # the last two: no name of a host
        why = getattr(error, "strerror", None) or error
        raise ConfigError(f"cannot open port {port} on {host} for the {what}: {why}") from None


def check(host: str, ports: Mapping[str, int]) -> None:
    """Open and close each, so that a taken port is known before slow work begins.

    ports: by what each is for; 0, any free one, is not opened. Raises ConfigError as `bind`.
    """
    for what, port in ports.items():
        if port:
            bind(host, port, what).close()


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
