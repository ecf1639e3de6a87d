"""The dataselect service: /fdsnws/dataselect/1, from the archive of waveforms.

Read and sent in pieces; who reads slowly holds one piece in memory, not the answer. What was
received in the last half minute may not be on disk yet.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from forewave.archive.web_services import selection
from forewave.archive.web_services.refusal import CORS, RefusedError, no_data
from forewave.archive.web_services.selection import Selection
from forewave.archive.web_services.turns import Turns
from forewave.archive.web_services.waveforms.files import day_files, records
from forewave.archive.web_services.waveforms.request import DATASELECT
from forewave.network_address import network_of

AT_ONCE, WAITING, EACH = 4, 16, 8  # requests; of one network
MEDIA = "application/vnd.fdsn.mseed"


class DataselectService:
    """root: of the SDS archive."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._turns = Turns(AT_ONCE, WAITING, EACH)

    async def query(self, request: Request) -> Response:
        """The waveforms that are asked for. Raises RefusedError."""
        values, selections = await selection.asked(request, DATASELECT)
        if any(each.begin is None or each.end is None for each in selections):
            raise RefusedError(400, "starttime and endtime: expected both")
        if values["quality"] in ("R", "Q"):
            return no_data(request, "dataselect", values["nodata"])
        sender = network_of(request.client.host if request.client else "")
        await self._turns.take(sender)
        try:
            pieces = await asyncio.to_thread(self._records, selections)
            first = await asyncio.to_thread(next, pieces, b"")
        except BaseException:
            self._turns.leave(sender)
            raise
        if not first or request.method == "HEAD":
            self._turns.leave(sender)
            if not first:
                return no_data(request, "dataselect", values["nodata"])
            return Response(None, 200, CORS, MEDIA)
        return _Held(first, pieces, self._turns, sender)

    def _records(self, selections: Sequence[Selection]) -> Iterator[bytes]:
        return records(day_files(self._root, selections))


class _Held(StreamingResponse):
    """Sends the pieces, and gives the turn back however that ends."""

    def __init__(self, first: bytes, rest: Iterator[bytes], turns: Turns, sender: str) -> None:
        named = {"Content-Disposition": 'attachment; filename="fdsnws.mseed"'}
        super().__init__(_pieces(first, rest), 200, CORS | named, MEDIA)
        self._turns, self._sender = turns, sender

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send."""
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._turns.leave(self._sender)


async def _pieces(first: bytes, rest: Iterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    while piece := await asyncio.to_thread(next, rest, b""):
        yield piece
