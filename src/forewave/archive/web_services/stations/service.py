"""The station service: /fdsnws/station/1, from the inventory of the network."""

import asyncio
import logging
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from forewave.archive.web_services import selection
from forewave.archive.web_services.refusal import CORS, RefusedError, no_data
from forewave.archive.web_services.stations.choice import Choice, choice_of, chosen
from forewave.archive.web_services.stations.request import STATION
from forewave.archive.web_services.stations.text import as_text
from forewave.archive.web_services.turns import Turns
from forewave.errors import FormatError
from forewave.formats.inventories import stationxml, stationxml_made
from forewave.network_address import network_of
from forewave.types import Station

MOST_XML = 50_000_000  # bytes of StationXML that is kept in memory and served with its responses
MOST = 20_000_000  # bytes of an answer
WAITING = 50  # requests
MEDIA = {"xml": "application/xml", "text": "text/plain"}
_LOG = logging.getLogger(__name__)


class StationService:
    """inventory: StationXML is served as it is; of anything else, and of StationXML beyond
    MOST_XML, what the stations have. name: of the network, as the source of documents.
    """

    def __init__(self, inventory: Path, stations: Sequence[Station], name: str) -> None:
        self._inventory, self._stations, self._name = inventory, stations, name
        self._turns = Turns(1, WAITING)
        self._document: Any = None

    async def query(self, request: Request) -> Response:
        """The stations that are asked for. Raises RefusedError."""
        values, selections = await selection.asked(request, STATION)
        if values["format"] == "text" and values["level"] == "response":
            raise RefusedError(400, "level: there are no responses in text")
        choice = choice_of(values, selections)
        async with self._turns.turn(network_of(request.client.host if request.client else "")):
            body = await asyncio.to_thread(self._answer, choice, values["format"])
        if body is None:
            return no_data(request, "station", values["nodata"])
        return Response(body, 200, CORS, MEDIA[values["format"]])

    def _answer(self, choice: Choice, form: str) -> bytes | None:
        found = chosen(self._root(), choice, self._name, time.time())
        if found is None:
            return None
        if form == "text":
            return as_text(found, choice.level)
        from lxml import etree  # type: ignore[import-untyped]

        body: bytes = etree.tostring(found, xml_declaration=True, encoding="UTF-8")
        if len(body) > MOST:
            raise RefusedError(413, f"more than {MOST} bytes: ask for fewer stations")
        return body

    def _root(self) -> Any:
        """The whole document, made once, in the thread that has the turn."""
        if self._document is None:
            self._document = self._read()
        return self._document

    def _read(self) -> Any:
        if self._inventory.suffix.lower() == ".xml":
            try:
                if self._inventory.stat().st_size <= MOST_XML:
                    return stationxml.root(self._inventory)
            except (OSError, FormatError) as error:
                _LOG.error("station service: %s", error)
        return stationxml_made.document(self._stations, self._name, time.time())
