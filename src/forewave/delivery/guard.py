"""Access rules: host names under which the server answers, and a token for its status."""

import hmac
import ipaddress
import socket
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request

LOCAL = ("127.0.0.1", "localhost", "::1")
FORWARDED = ("x-forwarded-for", "forwarded", "x-real-ip", "via")  # what reverse proxies add


def is_loopback(host: str) -> bool:
    """Whether a host is a loopback address or "localhost"."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def names_of(host: str, names: str) -> tuple[str, ...]:
    """The host names under which a server that listens on `host` answers, besides IP addresses.

    names: further names, separated by commas (server.names). If it listens beyond this machine, the
    machine's host name is one of them. Other names are refused, since a page of another site could
    otherwise reach the server through its own name (DNS rebinding).
    """
    given = tuple(name.strip().lower() for name in names.split(",") if name.strip())
    if is_loopback(host):
        return (*LOCAL, host, *given)
    own = socket.gethostname().lower()
    return (*LOCAL, own, f"{own.partition('.')[0]}.local", *given)


def is_known(headers: Headers, names: Iterable[str]) -> bool:
    """Whether a request's Host is one of the names or an IP address. Empty names: always.

    A request without a Host header (HTTP/1.0 probes) is accepted: browsers always send one.
    """
    allowed = tuple(names)
    if not allowed or "host" not in headers:
        return True
    try:
        asked = urlsplit("//" + headers.get("host", "")).hostname or ""
    except ValueError:
        return False
    return asked in allowed or _is_address(asked)


def may_see(request: Request, token: str) -> bool:
    """Whether a request may see the status: it comes from this machine, or carries the token.

    A request forwarded by a reverse proxy on this machine does not count as from this machine.
    """
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    given = given or request.query_params.get("token", "")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    if any(name in request.headers for name in FORWARDED):
        return False
    return request.client is not None and is_loopback(request.client.host)


def _is_address(name: str) -> bool:
    """Whether a host is an IP address, which no other site can have as its name."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
