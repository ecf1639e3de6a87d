"""The routes of reports, for a Starlette application.

POST /felt     what a person felt: 204         GET /api/felt     the sums by cell
POST /drills   that somebody took part: 204    GET /api/drills   the sums by drill and day
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forewave.delivery.feeds.answers import CORS
from forewave.delivery.feeds.parameters import DRILLS, FELT, Parameter, ParameterError, read
from forewave.delivery.feeds.problem import Problem
from forewave.delivery.reports import drills, felt
from forewave.delivery.reports.gate import Gate, RefusedError
from forewave.delivery.reports.tally import Tally

WRITE_S = 2.0  # seconds until a report is on the disk and in the sums
DAY = 1440  # minutes
JSON, GEOJSON, PROBLEM = "application/json", "application/geo+json", "application/problem+json"
_LOG = logging.getLogger(__name__)

Respond = Callable[[Request], Awaitable[Response]]


class Period(Struct, frozen=True):
    """What is asked for, in hours or days before now."""

    hours: int = 1
    days: int = 30


class Reports:
    """clock: the server's, POSIX seconds; in a replay that of the replay. tally: keeps the counts.

    is_drill: whether a drill with this id was sent.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        is_drill: Callable[[str], bool],
        tally: Tally | None = None,
    ) -> None:
        self._clock, self._is_drill = clock, is_drill
        self._tally = tally or Tally()
        self._gate = Gate(clock)
        self._file = asyncio.Lock()
        self._writing: asyncio.Task[None] | None = None
        self.taken: Counter[str] = Counter()

    @property
    def dropped(self) -> Counter[str]:
        """Refused reports by reason."""
        return self._gate.dropped

    def routes(self) -> list[Route]:
        """The routes for the page server."""
        return [
            Route("/felt", self._posted(self._felt), methods=["POST"]),
            Route("/drills", self._posted(self._drill), methods=["POST"]),
            Route("/api/felt", self._asked(FELT, self._felt_sums)),
            Route("/api/drills", self._asked(DRILLS, self._drill_sums)),
        ]

    async def stop(self) -> None:
        """Write what has been counted, and close the file."""
        if self._writing is not None:
            self._writing.cancel()
        async with self._file:
            await asyncio.to_thread(self._write)
            self._tally.close()

    # What pages send

    def _posted(self, take: Callable[[Request], Awaitable[str]]) -> Respond:
        async def respond(request: Request) -> Response:
            try:
                self.taken[await take(request)] += 1
            except RefusedError as error:
                return Response(status_code=error.status)
            self._write_soon()
            return Response(status_code=204)

        return respond

    async def _felt(self, request: Request) -> str:
        report = await self._gate.take(request, felt.FeltReport)
        if not felt.is_plausible(report, self._clock()):
            raise self._gate.refused("not of this hour", 400)
        self._tally.add("felt", report.minute, report.cell, report.mmi)
        return "felt"

    async def _drill(self, request: Request) -> str:
        report = await self._gate.take(request, drills.DrillReport)
        if report.drill != drills.OWN and not self._is_drill(report.drill):
            raise self._gate.refused("no such drill", 400)
        self._tally.add("drill", self._minute(), report.drill, report.people)
        return "drill"

    # What anybody may ask

    def _asked(
        self, known: Mapping[str, Parameter], answer: Callable[[Period], tuple[Any, str]]
    ) -> Respond:
        async def respond(request: Request) -> Response:
            try:
                period = read(request.query_params.multi_items(), known, Period)
            except ParameterError as error:
                problem = Problem("Bad parameter", 400, str(error), error.parameter)
                return Response(msgspec.json.encode(problem), 400, CORS, PROBLEM)
            async with self._file:
                sums, media_type = await asyncio.to_thread(answer, period)
            return Response(msgspec.json.encode(sums), headers=CORS, media_type=media_type)

        return respond

    def _felt_sums(self, period: Period) -> tuple[Any, str]:
        rows = self._tally.since("felt", self._minute() - period.hours * 60)
        return felt.cells(rows, period.hours), GEOJSON

    def _drill_sums(self, period: Period) -> tuple[Any, str]:
        return drills.counts(self._tally.since("drill", self._minute() - period.days * DAY)), JSON

    # The file

    def _minute(self) -> int:
        return int(self._clock() // 60)

    def _write_soon(self) -> None:
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_later())

    async def _write_later(self) -> None:
        await asyncio.sleep(WRITE_S)
        async with self._file:
            await asyncio.to_thread(self._write)

    def _write(self) -> None:
        try:
            self._tally.write(self._minute())
        except OSError as error:
            _LOG.error("reports are not kept: %s", error)
