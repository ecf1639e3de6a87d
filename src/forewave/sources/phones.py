"""Triggers that phones send: an address on the pages' server, and the cells' clock.

POST {"t": 1582315130.29, "peak": 0.12, "cell": "9qh0v"} is a trigger: POSIX seconds on the clock
that GET tells, m/s^2, a geohash of five letters. No identity is asked for, kept or made. Many
phones may share an address, so one is heard often, but in a minute of few cells only: no single
machine can make a wave front. After that minute addresses are forgotten.
"""

import math
from collections import Counter
from collections.abc import Callable
from typing import Annotated

import msgspec
from msgspec import Meta, Struct
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from forewave.events.phones import PhoneNetwork, PhoneTrigger
from forewave.types import PhoneSighting

PATH = "/triggers"
LONGEST = 200  # bytes of a trigger
MINUTE = 60.0
EACH, EACH_CELLS = 100, 2  # triggers of one address in a minute, and cells: fewer than a front has
ALL = 600_000  # triggers of all together
WEAKEST, STRONGEST = 0.005, 50.0  # m/s^2


class Told(Struct, forbid_unknown_fields=True):
    """What a phone sends, and nothing besides."""

    t: float
    peak: Annotated[float, Meta(ge=WEAKEST, le=STRONGEST)]
    cell: Annotated[str, Meta(pattern="^[0-9bcdefghjkmnp-z]{5}$")]


class Phones:
    """The phones of a region. on_sighting is told of what they see, with the time."""

    def __init__(
        self, clock: Callable[[], float], on_sighting: Callable[[float, PhoneSighting], None]
    ) -> None:
        self.clock, self._on_sighting = clock, on_sighting
        self.network = PhoneNetwork()
        self.dropped: Counter[str] = Counter()  # what was refused, by countable reason
        self.triggers = 0
        self._minute, self._asked = -math.inf, 0
        self._senders: Counter[str] = Counter()
        self._cells: dict[str, set[str]] = {}

    def route(self) -> Route:
        """For the server of the pages."""
        return Route(PATH, self.answer, methods=["GET", "POST"])

    async def answer(self, request: Request) -> Response:
        """GET: the time. POST: 204 for a trigger that was taken, else 400, 413 or 429."""
        if request.method != "POST":
            body = msgspec.json.encode({"now": self.clock()})
            return Response(body, media_type="application/json")
        body = b""
        async for chunk in request.stream():
            body += chunk
            if len(body) > LONGEST:
                return self._refuse("too long", 413)
        return self.take(body, request.client.host if request.client else "")

    def take(self, body: bytes, address: str) -> Response:
        """One trigger from one address."""
        now = self.clock()
        if not self._may(address, now):
            return self._refuse("too many", 429)
        try:
            told = msgspec.json.decode(body, type=Told)
        except (msgspec.MsgspecError, ValueError):
            return self._refuse("not a trigger", 400)
        if not now - MINUTE < told.t < now + 1.0:
            return self._refuse("clock wrong or too late", 400)
        cells = self._cells.setdefault(address, set())
        if told.cell not in cells and len(cells) >= EACH_CELLS:
            return self._refuse("too many cells", 429)
        cells.add(told.cell)
        self.triggers += 1
        sighting = self.network.feed(PhoneTrigger(told.t, told.cell, told.peak), now)
        if sighting is not None:
            self._on_sighting(now, sighting)
        return Response(status_code=204)

    def _may(self, address: str, now: float) -> bool:
        """Whether an address may still speak in this minute."""
        if now - self._minute >= MINUTE:
            self._minute, self._asked = now, 0
            self._senders, self._cells = Counter(), {}
        self._asked += 1
        self._senders[address] += 1
        return self._senders[address] <= EACH and self._asked <= ALL

    def _refuse(self, reason: str, status: int) -> Response:
        self.dropped[reason] += 1
        return Response(status_code=status)
