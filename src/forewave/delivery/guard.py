"""Who may ask for what: names under which the server is known, and a token for its inner state."""

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
    """Whether an address is this machine's own; a name is, if it is localhost."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def names_of(host: str, names: str) -> tuple[str, ...]:
    """The names under which a server at `host` may be asked, besides every address.

    names: of the settings, with commas. Beyond this machine its own host name is one of them. Under
    no other name, or the page of another site could ask it under a name of its own that leads
    here (DNS rebinding), from within the network of its reader.
    """
    given = tuple(name.strip().lower() for name in names.split(",") if name.strip())
    if is_loopback(host):
        return (*LOCAL, host, *given)
    own = socket.gethostname().lower()
    return (*LOCAL, own, f"{own.partition('.')[0]}.local", *given)


def is_known(headers: Headers, names: Iterable[str]) -> bool:
    """Whether a request asks under one of the names, or by an address; without names it does.

    Who says no name at all is no browser: probes of HTTP/1.0 do not.
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
    """Whether somebody may see the inner state: who asks from this machine, or knows the token.

    What a reverse proxy of this machine hands on is not asked from this machine.
    """
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    given = given or request.query_params.get("token", "")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    if any(name in request.headers for name in FORWARDED):
        return False
    return request.client is not None and is_loopback(request.client.host)


def _is_address(name: str) -> bool:
    """No other site's name can be one."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
