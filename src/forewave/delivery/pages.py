"""The pages and the tables that they load, over HTTP.

Tables are encoded and compressed at the start, so that a thousand pages opened at once during an
earthquake do not delay an alert. No data about the reader is collected or passed on: no cookie, no
third party, no log.
"""

import base64
import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forewave.delivery import files
from forewave.delivery.files import File
from forewave.delivery.guard import is_known
from forewave.earth.towns import all_towns
from forewave.earth.travel_time import TravelTimes

WEB = Path(__file__).parent.parent / "web"
PAGES = {
    "/": "index",
    "/tv": "tv",
    "/console": "console",
    "/sensor": "sensor",
    "/status": "status",
}
HOW_TO_BUILD = (
    "The pages are not built. In a clone, run: npm --prefix web ci && npm --prefix web run build"
)
UNKNOWN = "This server does not answer under the host name of the request: see server.names.\n"

Answer = Callable[[Request], Awaitable[Response]]
_HOST = re.compile(r"[A-Za-z0-9.-]+(:[0-9]{1,5})?")
_INLINE = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


def pages(
    facts: Mapping[str, Callable[[], Any]],
    tables: Mapping[str, Any],
    web: Path = WEB,
    more: Sequence[Route] = (),
    names: Sequence[str] = (),
) -> Starlette:
    """The ASGI application.

    facts: by path, called for each request, answered as JSON. tables: by path, fixed, answered as
    JSON. web: folder of the built pages. more: further routes. names: host names under which it
    answers; empty: every name.
    """
    known = files.folder(web)
    routes = [
        *more,
        *(Route(path, _fact(fact)) for path, fact in facts.items()),
        *(Route(path, _table(table)) for path, table in tables.items()),
        *(Route(path, _file(_page(known, name))) for path, name in PAGES.items()),
        *(Route(f"/{path}", _file(file)) for path, file in known.items()),
        Route("/tv/", _without_slash),
    ]
    headers = Middleware(Headers, scripts=_inline_scripts(known))
    return Starlette(routes=routes, middleware=[headers, Middleware(Named, names=names)])


def built(web: Path = WEB) -> bool:
    """Whether the pages are built."""
    return any((web / path).is_file() for path in _paths("index"))


def _inline_scripts(known: Mapping[str, File]) -> str:
    """Hashes of the inline scripts of the pages, as in a Content-Security-Policy."""
    found = {
        body
        for name in PAGES.values()
        if (page := _page(known, name)) is not None
        for body in _INLINE.findall(page.plain)
    }
    digests = (hashlib.sha256(body).digest() for body in sorted(found))
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def travel_time_table(travel_times: TravelTimes) -> dict[str, Any]:
    """P and S travel times for devices, in seconds: rows by distance, columns by depth."""
    table = travel_times.coarse()
    return {
        "model": table.model,
        "distance_km": table.distances_km.tolist(),
        "depth_km": table.depths_km.tolist(),
        "p": table.p.tolist(),
        "s": table.s.tolist(),
    }


def town_table() -> list[tuple[str, float, float, int, str]]:
    """The towns of GeoNames, largest first: name, latitude, longitude, population, country."""
    return [
        (town.name, round(town.lat, 4), round(town.lon, 4), town.population, town.country)
        for town in all_towns()
    ]


def _fact(fact: Callable[[], Any]) -> Answer:
    async def answer(request: Request) -> Response:
        return Response(msgspec.json.encode(fact()), media_type="application/json")

    return answer


def _table(table: Any) -> Answer:
    return _file(files.table(msgspec.json.encode(table)))


def _file(file: File | None) -> Answer:
    async def answer(request: Request) -> Response:
        return file.answer(request) if file else PlainTextResponse(HOW_TO_BUILD, status_code=503)

    return answer


async def _without_slash(request: Request) -> Response:
    """Paths in the pages are relative: below /tv/ they would be wrong."""
    query = f"?{request.url.query}" if request.url.query else ""
    return Response(status_code=308, headers={"Location": f"../tv{query}"})


def _page(known: Mapping[str, File], name: str) -> File | None:
    return next((known[path] for path in _paths(name) if path in known), None)


def _paths(name: str) -> tuple[str, str]:
    """Where the file of a page may be."""
    return f"{name}.html", f"{name}/index.html"


class Headers:
    """Middleware that adds security and caching headers to every response.

    A page may load from and connect to this server only, so that the viewer's place cannot leave
    the device even if a page were tampered with. It may be framed by pages of its own origin: so
    Home Assistant shows it.
    """

    def __init__(self, app: ASGIApp, scripts: str = "") -> None:
        self._app = app
        self._scripts = scripts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on and add the headers to the response."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):  # of use there only
                    headers["Content-Security-Policy"] = _policy(scope, self._scripts)
                headers["Cache-Control"] = _caching(scope["path"])
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "no-referrer"
            await send(message)

        await self._app(scope, receive, with_headers)


class Named:
    """Middleware that answers 421 to requests under other host names (guard.is_known)."""

    def __init__(self, app: ASGIApp, names: Sequence[str]) -> None:
        self._app, self._names = app, names

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on if its Host is accepted."""
        if scope["type"] == "http" and not is_known(Request(scope).headers, self._names):
            await PlainTextResponse(UNKNOWN, status_code=421)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _policy(scope: Scope, scripts: str) -> str:
    host = Request(scope).headers.get("host", "")
    # Browsers before 2022 do not take 'self' as the WebSocket of the same origin. A policy cannot
    # contain an IPv6 address; then any host is allowed for the stream.
    named = _HOST.fullmatch(host)
    stream = " ".join(f"{scheme}://{host}" if named else f"{scheme}:" for scheme in ("ws", "wss"))
    inline = f"script-src 'self' {scripts}; " if scripts else ""
    return (
        f"default-src 'self'; {inline}"
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        f"media-src 'self' data: blob:; connect-src 'self' {stream}; "
        "object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )


def _caching(path: str) -> str:
    """Files in assets/ have a hash of their content in their name; others are revalidated."""
    return "public, max-age=31536000, immutable" if path.startswith("/assets/") else "no-cache"
