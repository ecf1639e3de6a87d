"""Headers of every response: what a page may load and do, who may frame it, how it is cached.

A page may load from and connect to this server only, and runs no script that is not a file of this
server. So the viewer's place cannot leave the device even if markup got into a page.
"""

import re
from collections.abc import Sequence

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forewave.delivery.guard import is_known, may_ask

OWN = "'self'"  # so Home Assistant, which passes the pages on under its own address, shows them
FRAME_OPTIONS = {"'none'": "DENY", OWN: "SAMEORIGIN"}  # for browsers that do not know the policy
UNKNOWN = "This server does not answer under the host name of the request: see server.names.\n"
OTHER_SITE = "Requests of another site are refused: see server.origins.\n"
SAFE = ("GET", "HEAD", "OPTIONS")
# What pages use: position when asked for, motion of the sensor page, the screen, sound.
FEATURES = ("accelerometer", "autoplay", "geolocation", "gyroscope", "screen-wake-lock")
WITHOUT = ("camera", "display-capture", "microphone", "midi", "payment", "serial", "usb", "hid")
PERMISSIONS = ", ".join(
    [*(f"{name}=(self)" for name in FEATURES), *(f"{name}=()" for name in WITHOUT)]
)
ASSETS = "/assets/"
_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?")
_SOURCE = re.compile(r"'self'|'none'|https?://[A-Za-z0-9.*-]+(:[0-9*]+)?|https?:")


def frame_sources(text: str) -> str:
    """The sites of server.frame_ancestors as a Content-Security-Policy has them.

    text: separated by spaces; "": none. Raises ValueError where one is no source.
    """
    for source in text.split():
        if not _SOURCE.fullmatch(source):
            raise ValueError(f"{source!r}: expected 'self' or a site such as https://home.example")
    return " ".join(text.split()) or "'none'"


class Headers:
    """Middleware that adds security and caching headers to every response.

    frames: sites that may show a page in a frame. What is no document has no rules of documents.
    """

    def __init__(self, app: ASGIApp, frames: str = OWN) -> None:
        self._app, self._frames = app, frames

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and add the headers to the response."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("Cache-Control", _caching(scope["path"]))
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
                if _is_document(headers, scope):
                    self._restrict(headers, scope)
            await send(message)

        await self._app(scope, receive, with_headers)

    def _restrict(self, headers: MutableHeaders, scope: Scope) -> None:
        headers["Content-Security-Policy"] = self._policy(scope)
        headers["Permissions-Policy"] = PERMISSIONS
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if self._frames in FRAME_OPTIONS:
            headers["X-Frame-Options"] = FRAME_OPTIONS[self._frames]

    def _policy(self, scope: Scope) -> str:
        host = Request(scope).headers.get("host", "")
        # Browsers before 2022 do not take 'self' as the WebSocket of the same origin. A policy
        # cannot contain an IPv6 address; then any host is allowed for the stream.
        named = _HOST.fullmatch(host)
        stream = " ".join(f"{s}://{host}" if named else f"{s}:" for s in ("ws", "wss"))
        return (
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            f"manifest-src 'self'; worker-src 'self'; connect-src 'self' {stream}; "
            f"base-uri 'none'; form-action 'none'; frame-ancestors {self._frames}"
        )


class Named:
    """Middleware that answers 421 to requests under other host names (guard.is_known).

    Requests that change something are answered 403 if they come from a page of another site.
    """

    def __init__(self, app: ASGIApp, names: Sequence[str], origins: Sequence[str] = ()) -> None:
        self._app, self._names, self._origins = app, names, origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on if its Host is accepted."""
        if scope["type"] == "http":
            headers = Request(scope).headers
            if not is_known(headers, self._names):
                return await PlainTextResponse(UNKNOWN, status_code=421)(scope, receive, send)
            changes = scope["method"] not in SAFE
            if changes and not may_ask(headers, self._names, self._origins):
                return await PlainTextResponse(OTHER_SITE, status_code=403)(scope, receive, send)
        return await self._app(scope, receive, send)


def _is_document(headers: MutableHeaders, scope: Scope) -> bool:
    """Whether a browser may make a page or a worker of it: not of files in assets/, nor of JSON."""
    json = headers.get("content-type", "").startswith("application/json")
    return not (json or scope["path"].startswith(ASSETS))


def _caching(path: str) -> str:
    """Files in assets/ have a hash of their content in their name; others are revalidated."""
    return "public, max-age=31536000, immutable" if path.startswith(ASSETS) else "no-cache"
