"""The pages and the tables that they load, over HTTP.

Tables are encoded and compressed at the start, so that a thousand pages opened at once during an
earthquake do not delay an alert. No data about the reader is collected or passed on: no cookie, no
third party, no log.
"""

import gzip
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from forewave.delivery.headers import OWN, Headers, Named
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

Answer = Callable[[Request], Awaitable[Response]]


def pages(
    facts: Mapping[str, Callable[[], Any]],
    tables: Mapping[str, Any],
    stream_port: Callable[[], int],
    web: Path = WEB,
    more: Sequence[Route] = (),
    names: Sequence[str] = (),
    frames: str = OWN,
    origins: Sequence[str] = (),
) -> Starlette:
    """The ASGI application.

    facts: by path, called for each request, answered as JSON. tables: by path, fixed, answered as
    JSON. stream_port: for the Content-Security-Policy. web: folder of the built pages. more:
    further routes. names: host names under which it answers; empty: every name. frames: sites that
    may frame a page (headers.frame_sources). origins: further sites whose pages may change things.
    """
    routes: list[Route | Mount] = [
        *more,
        *(Route(path, _fact(fact)) for path, fact in facts.items()),
        *(Route(path, _table(table)) for path, table in tables.items()),
        *(Route(path, _page(web, name)) for path, name in PAGES.items()),
    ]
    if web.is_dir():
        routes.append(Mount("/", StaticFiles(directory=web)))
    headers = Middleware(Headers, stream_port=stream_port, frames=frames)
    named = Middleware(Named, names=names, origins=origins)
    return Starlette(routes=routes, middleware=[headers, named])


def built(web: Path = WEB) -> bool:
    """Whether the pages are built."""
    return _file(web, "index") is not None


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
