"""Listening sockets, with a one-line error if a port cannot be opened."""

import socket
from collections.abc import Mapping

from forewave.errors import ConfigError


def bind(host: str, port: int, what: str, *, shared: bool = False) -> socket.socket:
    """A listening socket. Raises ConfigError if the port is in use or not allowed.

    what: what it is for, as named in the error. shared: other processes of the same user may
    listen on the port too, if they also share it, and the kernel spreads the connections
    (SO_REUSEPORT).
    """
    if shared and not hasattr(socket, "SO_REUSEPORT"):
        raise ConfigError("cluster.share_port: this system cannot share a port")
    family = _family(host)
    try:
        return socket.create_server((host, port), backlog=1024, family=family, reuse_port=shared)
    except (OSError, TypeError, ValueError) as error:  # the last two: not a host name
        # Python adds "(while attempting to bind on address ...)", which is named already.
        why = str(getattr(error, "strerror", None) or error).partition(" (while ")[0]
        raise ConfigError(f"cannot open port {port} on {host} for the {what}: {why}") from None


def check(host: str, ports: Mapping[str, int], *, shared: bool = False) -> None:
    """Check that ports can be opened, before slow work begins.

    ports: by what each is for; 0 (any free port) is skipped. Otherwise as `bind`.
    """
    for what, port in ports.items():
        if port:
            bind(host, port, what, shared=shared).close()


def _family(host: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in host else socket.AF_INET
