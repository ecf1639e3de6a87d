"""The pages and the tables that they load, over HTTP.

Tables are encoded and compressed at the start, so that a thousand pages opened at once during an
earthquake do not delay an alert. No data about the reader is collected or passed on: no cookie, no
third party, no log.
"""

import base64
import gzip
import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from forewave.delivery.guard import is_known
from forewave.earth.towns import all_towns
from forewave.earth.travel_time import TravelTimes

WEB = Path(__file__).parent.parent / "web"
PAGES = {
    "/": "index",
    "/tv": "tv",
    "/tv/": "tv",
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
    routes: list[Route | Mount] = [
        *more,
        *(Route(path, _fact(fact)) for path, fact in facts.items()),
        *(Route(path, _table(table)) for path, table in tables.items()),
        *(Route(path, _page(web, name)) for path, name in PAGES.items()),
    ]
    if web.is_dir():
        routes.append(Mount("/", StaticFiles(directory=web)))
    headers = Middleware(Headers, scripts=inline_scripts(web))
    return Starlette(routes=routes, middleware=[headers, Middleware(Named, names=names)])


def built(web: Path = WEB) -> bool:
    """Whether the pages are built."""
    return _file(web, "index") is not None


def inline_scripts(web: Path = WEB) -> str:
    """Hashes of the inline scripts of the pages, as in a Content-Security-Policy."""
    files = [file for name in PAGES.values() if (file := _file(web, name)) is not None]
    found = {body for file in files for body in _INLINE.findall(file.read_bytes())}
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
    plain = msgspec.json.encode(table)
    small = _packed(plain)

    async def answer(request: Request) -> Response:
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(plain, media_type="application/json")
        headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Response(small, media_type="application/json", headers=headers)

    return answer


@cache
def _packed(plain: bytes) -> bytes:
    return gzip.compress(plain, mtime=0)


def _page(web: Path, name: str) -> Answer:
    async def answer(request: Request) -> Response:
        file = _file(web, name)
        return FileResponse(file) if file else PlainTextResponse(HOW_TO_BUILD, status_code=503)

    return answer


def _file(web: Path, name: str) -> Path | None:
    """The file of a page: name.html, or name/index.html."""
    candidates = (web / f"{name}.html", web / name / "index.html")
    return next((file for file in candidates if file.is_file()), None)


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
