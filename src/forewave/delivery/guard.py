"""Who may ask for what: names under which the server is known, and a token for its inner state."""

import hmac
import ipaddress
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request

LOCAL = ("127.0.0.1", "localhost", "::1")


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own; a name is, if it is localhost."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def names_of(host: str, names: str) -> tuple[str, ...]:
    """The names under which a server at `host` may be asked; none: under every name.

    names: of the settings, with commas. A server of this machine alone is asked by this machine's
    names: else a page of anybody could ask it under a name of its own that leads here (DNS
    rebinding).
    """
    given = tuple(name.strip().lower() for name in names.split(",") if name.strip())
    if is_loopback(host):
        return (*LOCAL, host, *given)
    return (*LOCAL, *given) if given else ()


def is_known(headers: Headers, names: Iterable[str]) -> bool:
    """Whether a request asks under one of the names; without names it does."""
    allowed = tuple(names)
    if not allowed:
        return True
    try:
        asked = urlsplit("//" + headers.get("host", "")).hostname or ""
    except ValueError:
        return False
    return asked in allowed


def may_see(request: Request, token: str) -> bool:
    """Whether somebody may see the inner state: who asks from this machine, or knows the token."""
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    given = given or request.query_params.get("token", "")
    if token and hmac.compare_digest(given.encode(), token.encode()):
        return True
    return request.client is not None and is_loopback(request.client.host)
