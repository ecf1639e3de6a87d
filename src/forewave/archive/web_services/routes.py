"""The routes of the services, for a Starlette application."""

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from forewave.archive.web_services.events import service as event
from forewave.archive.web_services.events.request import EVENT
from forewave.archive.web_services.parameters import Table
from forewave.archive.web_services.refusal import CORS, VERSION, RefusedError, refused
from forewave.archive.web_services.stations import service as station
from forewave.archive.web_services.stations.request import STATION
from forewave.archive.web_services.wadl import about, wadl
from forewave.archive.web_services.waveforms import service as dataselect
from forewave.archive.web_services.waveforms.request import DATASELECT
from forewave.types import Station

Answer = Callable[[Request], Awaitable[Response]]
XML = "application/xml"


class Archived(Struct, frozen=True):
    """What is served. database: address of the catalogue, waveforms: root of the SDS archive.

    inventory: file of the stations. name: of the network. A service of what is not kept is not
    there.
    """

    database: str
    waveforms: Path | None
    inventory: Path
    stations: Sequence[Station]
    name: str


class _Service(Struct, frozen=True):
    name: str
    known: Table
    media: Sequence[str]
    query: Answer
    fixed: dict[str, bytes] = {}
    post: bool = False


def routes(archived: Archived) -> list[Route]:
    """The routes of all services of which there is something to give."""
    services = [_stations(archived)]
    if archived.database:
        services.append(_events(archived.database))
    if archived.waveforms is not None:
        services.append(_waveforms(archived.waveforms))
    return [route for service in services for route in _routes(service)] + [
        Route("/fdsnws/{rest:path}", _nothing)
    ]


def _events(database: str) -> _Service:
    fixed = {"catalogs": event.CATALOGUES, "contributors": event.CONTRIBUTORS}
    query = event.EventService(database).query
    return _Service("event", EVENT, list(event.MEDIA.values()), query, fixed)


def _stations(archived: Archived) -> _Service:
    service = station.StationService(archived.inventory, archived.stations, archived.name)
    media = list(station.MEDIA.values())
    return _Service("station", STATION, media, service.query, post=True)


def _waveforms(root: Path) -> _Service:
    query = dataselect.DataselectService(root).query
    return _Service("dataselect", DATASELECT, [dataselect.MEDIA], query, post=True)


def _routes(service: _Service) -> list[Route]:
    base = f"/fdsnws/{service.name}/1"

    async def describe(request: Request) -> Response:
        where = f"{request.base_url}{base[1:]}/"
        more = list(service.fixed)
        return _given(wadl(where, service.known, service.media, more, service.post), XML)

    async def explain(request: Request) -> Response:
        text = about(service.name, f"{request.base_url}{base[1:]}/", service.known)
        return PlainTextResponse(text, headers=CORS)

    async def version(request: Request) -> Response:
        return PlainTextResponse(f"{VERSION}\n", headers=CORS)

    def fixed(body: bytes) -> Answer:
        async def answer(request: Request) -> Response:
            return _given(body, XML)

        return answer

    methods = ["GET", "POST", "OPTIONS"] if service.post else ["GET", "OPTIONS"]
    return [
        Route(f"{base}/query", _guarded(service), methods=methods),
        Route(f"{base}/version", version),
        Route(f"{base}/application.wadl", describe),
        Route(f"{base}/", explain),
        Route(base, explain),
        *(Route(f"{base}/{name}", fixed(body)) for name, body in service.fixed.items()),
    ]


def _guarded(service: _Service) -> Answer:
    async def answer(request: Request) -> Response:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers=CORS)
        try:
            return await service.query(request)
        except RefusedError as error:
            return refused(request, service.name, error)

    return answer


async def _nothing(request: Request) -> Response:
    services = "/fdsnws/event/1/, /fdsnws/station/1/, /fdsnws/dataselect/1/"
    return PlainTextResponse(f"There is nothing here; see {services}\n", 404, CORS)


def _given(body: bytes, media: str) -> Response:
    return Response(body, 200, CORS, media)
