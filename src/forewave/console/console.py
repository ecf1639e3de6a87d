"""The console of a live machine or a replay: its board, the pages that watch it, its routes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from forewave.console.board import Board, Facts
from forewave.console.messages import Lags
from forewave.console.station_rows import Conditions
from forewave.console.viewers import Viewers
from forewave.delivery.guard import may_see
from forewave.delivery.status import CLOSED
from forewave.delivery.stream import Readiness
from forewave.types import Alert, Message, Station

FRAMES, ABOUT = "/console/frames", "/console.json"


class Console:
    """What the machine tells its console, and the console its pages.

    conditions: of the stations, as health has them. facts: of the server, in every frame in which
    they differ. clock: POSIX seconds. token: as server.token: who may see the status may see this.
    operators: whether operators can log in. joined: called when a page has connected.
    """

    def __init__(
        self,
        stations: Sequence[Station],
        conditions: Conditions,
        clock: Callable[[], float],
        *,
        facts: Facts = dict,
        token: str = "",
        operators: bool = False,
        joined: Callable[[], None] = lambda: None,
    ) -> None:
        self._board = Board(stations, conditions, facts)
        self.viewers = Viewers(self._board, clock, token, joined)
        self._token, self._operators = token, operators
        self.run = self.viewers.run  # sends the frames, until cancelled

    def step(self, now: float, output: Sequence[Message]) -> None:
        """Take the output of a step of the rooms."""
        for message in output:
            self._board.receive(message, now)

    def issued(self, alert: Alert, message: bytes, devices: int, lags: Lags) -> None:
        """Take a message that was sent. devices: connected now."""
        self._board.issued(alert, len(message), devices, lags)

    def streams(self) -> Mapping[str, Viewers]:
        """The side streams for the gateway, by path."""
        return {FRAMES: self.viewers}

    def routes(self) -> list[Route]:
        """The routes for the gateway. A page asks here first whether it may see the frames."""
        return [Route(ABOUT, self._about)]

    async def _about(self, request: Request) -> Response:
        if not may_see(request, self._token):
            return PlainTextResponse(CLOSED, status_code=403)
        return JSONResponse({"frames": FRAMES.lstrip("/"), "operators": self._operators})


def server_facts(devices: int, readiness: Readiness) -> dict[str, Any]:
    """The facts of a server: connected devices, and whether it can issue alerts."""
    return {"devices": devices, "state": readiness.state, "missing": readiness.missing}
