"""Listening sockets, with a one-line error if a port cannot be opened."""

import socket
from collections.abc import Mapping

from forewave.errors import ConfigError


def bind(host: str, port: int, what: str) -> socket.socket:
    """A listening socket. Raises ConfigError if the port is in use or not allowed.

    what: what it is for, as named in the error.
    """
    try:
        return socket.create_server((host, port), backlog=1024, family=_family(host))
    except (OSError, TypeError, ValueError) as error:  # the last two: not a host name
        # Python adds "(while attempting to bind on address ...)", which is named already.
        why = str(getattr(error, "strerror", None) or error).partition(" (while ")[0]
        raise ConfigError(f"cannot open port {port} on {host} for the {what}: {why}") from None


def check(host: str, ports: Mapping[str, int]) -> None:
    """Check that ports can be opened, before slow work begins.

    ports: by what each is for; 0 (any free port) is skipped. Raises ConfigError as `bind` does.
    """
    for what, port in ports.items():
        if port:
            bind(host, port, what).close()


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
