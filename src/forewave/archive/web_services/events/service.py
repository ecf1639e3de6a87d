"""The event service: /fdsnws/event/1."""

import asyncio
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from forewave.archive.catalogue.query import Event, GoneError, TooManyError
from forewave.archive.web_services.events.formats import as_geojson, as_text
from forewave.archive.web_services.events.quakeml import quakeml
from forewave.archive.web_services.events.request import Asked, asked
from forewave.archive.web_services.refusal import CORS, RefusedError, no_data
from forewave.archive.web_services.turns import Turns
from forewave.earth.place_name import place_name
from forewave.network_address import network_of

if TYPE_CHECKING:
    from forewave.archive.catalogue.reader import Reader

MOST, MOST_FULL = 5_000, 500  # events of an answer; with every version or their picks
NAMED = 500  # events that are said to be near a town: each takes a millisecond
WAITING = 50  # requests
MEDIA = {"xml": "application/xml", "text": "text/plain", "geojson": "application/geo+json"}
_XML = b"<?xml version='1.0' encoding='UTF-8'?>\n"
CATALOGUES = _XML + b"<Catalogs><Catalog>forewave</Catalog></Catalogs>\n"
CONTRIBUTORS = _XML + b"<Contributors><Contributor>forewave</Contributor></Contributors>\n"


class EventService:
    """database: address of the catalogue. One request is answered at a time, in a thread."""

    def __init__(self, database: str) -> None:
        self._database = database
        self._reader: Reader | None = None
        self._turns = Turns(1, WAITING)

    async def query(self, request: Request) -> Response:
        """The events that are asked for. Raises RefusedError."""
        wanted = asked(request.query_params.multi_items())
        if wanted.empty:
            return no_data(request, "event", wanted.nodata)
        base = f"{request.base_url}fdsnws/event/1/"
        async with self._turns.turn(network_of(request.client.host if request.client else "")):
            body = await asyncio.to_thread(self._answer, wanted, base)
        if body is None:
            return no_data(request, "event", wanted.nodata)
        return Response(body, 200, CORS, MEDIA[wanted.format])

    def _answer(self, wanted: Asked, base: str) -> bytes | None:
        most = MOST_FULL if wanted.full else MOST
        every = wanted.origins or wanted.magnitudes
        try:
            events = self._opened().events(wanted.query, most, every)
        except TooManyError as error:
            raise RefusedError(413, f"{error}: narrow the request, or use limit.") from None
        except GoneError as error:
            raise RefusedError(503, str(error)) from None
        return _document(events, wanted, base) if events else None

    def _opened(self) -> "Reader":
        if self._reader is None:
            # Here, so that a machine is ready before it loads what only this service needs.
            from forewave.archive.catalogue.reader import Reader

            self._reader = Reader(self._database)
        return self._reader


def _document(events: Sequence[Event], wanted: Asked, base: str) -> bytes:
    names = _names(events)
    if wanted.format == "text":
        return as_text(events, names)
    if wanted.format == "geojson":
        return as_geojson(events, names, base, time.time())
    return quakeml(
        events,
        names,
        origins=wanted.origins,
        magnitudes=wanted.magnitudes,
        arrivals=wanted.arrivals,
        created=time.time(),
    )


def _names(events: Sequence[Event]) -> list[str]:
    origins = [event.latest.origin for event in events]
    return [
        place_name(round(origin.lat, 2), round(origin.lon, 2)) if number < NAMED else ""
        for number, origin in enumerate(origins)
    ]
