"""Access rules: host names under which the server answers, and a token for its status."""

import hmac
import ipaddress
import socket
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl, urlsplit

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


def is_known(headers: Mapping[str, str], names: Iterable[str]) -> bool:
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


def origins_of(text: str) -> tuple[str, ...]:
    """The origins of server.origins, separated by commas: scheme://host[:port], or "*"."""
    return tuple(each.strip().lower().rstrip("/") for each in text.split(",") if each.strip())


def may_ask(headers: Mapping[str, str], names: Iterable[str], origins: Iterable[str] = ()) -> bool:
    """Whether a request may come from where its Origin says: a page of this server, or a program.

    Programs send no Origin and browsers always do, so that a page of another site can neither read
    the stream nor change anything. The host counts, not scheme and port: a proxy changes these.
    names: host names of this server. origins: other sites whose pages may (origins_of).
    """
    origin = headers.get("origin")
    allowed = tuple(origins)
    if origin is None or "*" in allowed or origin.lower() in allowed:
        return True
    try:
        asking = urlsplit(origin).hostname
        own = urlsplit("//" + headers.get("host", "")).hostname
    except ValueError:
        return False
    return asking is not None and (asking == own or asking in tuple(names))


def may_see(request: Request, token: str) -> bool:
    """Whether a request may see the status: it comes from this machine, or carries the token.

    A request forwarded by a reverse proxy on this machine does not count as from this machine.
    """
    client = request.client.host if request.client else ""
    query = request.scope.get("query_string", b"").decode("latin-1")
    return is_allowed(request.headers, query, client, token)


def is_allowed(headers: Mapping[str, str], query: str, client: str, token: str) -> bool:
    """The rule of `may_see`. query: of the address. client: the other side, "" if unknown."""
    given = headers.get("authorization", "").removeprefix("Bearer ")
    given = given or dict(parse_qsl(query)).get("token", "")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    if any(name in headers for name in FORWARDED):
        return False
    return is_loopback(client)


def _is_address(name: str) -> bool:
    """Whether a host is an IP address, which no other site can have as its name."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
