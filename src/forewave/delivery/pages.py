"""The pages and the tables that they load, over HTTP.

Tables are encoded and compressed at the start, so that a thousand pages opened at once during an
earthquake do not delay an alert. No data about the reader is collected or passed on: no cookie, no
third party, no log.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from forewave.delivery import files
from forewave.delivery.files import File, LaterFile
from forewave.delivery.headers import OWN, Headers, Named
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

Answer = Callable[[Request], Awaitable[Response]]


def pages(
    facts: Mapping[str, Callable[[], Any]],
    tables: Mapping[str, Any],
    web: Path = WEB,
    more: Sequence[Route] = (),
    names: Sequence[str] = (),
    frames: str = OWN,
    origins: Sequence[str] = (),
) -> Starlette:
    """The ASGI application.

    facts: by path, called for each request, answered as JSON. tables: by path, fixed, answered as
    JSON. web: folder of the built pages. more: further routes. names: host names under which it
    answers; empty: every name. frames: sites that may frame a page (headers.frame_sources).
    origins: further sites whose pages may change things.
    """
    known = files.folder(web)
    shown = {path: name for path, name in PAGES.items() if _is_served(path, more)}
    routes = [
        *more,
        *(Route(path, _fact(fact)) for path, fact in facts.items()),
        *(Route(path, _table(table)) for path, table in tables.items()),
        *(Route(path, _file(_page(known, name))) for path, name in shown.items()),
        *(Route(f"/{path}", _file(file)) for path, file in known.items()),
        Route("/tv/", _without_slash),
    ]
    headers = Middleware(Headers, frames=frames)
    named = Middleware(Named, names=names, origins=origins)
    return Starlette(routes=routes, middleware=[headers, named])


def _is_served(path: str, more: Sequence[Route]) -> bool:
    """A page of operators is served where there is what it shows: a replay has no status."""
    needed = {"/status": "/status.json", "/console": "/console.json"}
    return path not in needed or any(route.path == needed[path] for route in more)


def built(web: Path = WEB) -> bool:
    """Whether the pages are built."""
    return any((web / path).is_file() for path in _paths("index"))


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


def _file(file: File | LaterFile | None) -> Answer:
    async def answer(request: Request) -> Response:
        return file.answer(request) if file else PlainTextResponse(HOW_TO_BUILD, status_code=503)

    return answer


async def _without_slash(request: Request) -> Response:
    """Paths in the pages are relative: below /tv/ they would be wrong."""
    query = f"?{request.url.query}" if request.url.query else ""
    return Response(status_code=308, headers={"Location": f"../tv{query}"})


def _page(known: Mapping[str, File | LaterFile], name: str) -> File | LaterFile | None:
    return next((known[path] for path in _paths(name) if path in known), None)


def _paths(name: str) -> tuple[str, str]:
    """Where the file of a page may be."""
    return f"{name}.html", f"{name}/index.html"
