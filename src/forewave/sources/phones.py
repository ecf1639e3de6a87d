"""Triggers from phones, over HTTP: the route /triggers of the page server.

POST {"t": 1582315130.29, "peak": 0.12, "cell": "9qh0v"} is a trigger: POSIX seconds by the clock
that GET returns, m/s^2, and a geohash of five letters. No identity is requested, stored or created.
Many phones may share an address, so an address may send many triggers in a minute but from few
cells only: a single host cannot imitate a wave front. Addresses are discarded after that minute.
An IPv6 network of 64 bits counts as one address, and so does an IPv4 network of 24 bits, since a
sender often controls a whole network. Cells far from every station and requests from pages of
other sites are refused.
"""

import math
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Annotated
from urllib.parse import urlsplit

import msgspec
import numpy as np
from msgspec import Meta, Struct
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from forewave.earth import geohash
from forewave.earth.distance import distance_km
from forewave.network_address import network_of
from forewave.phones.detector import PhoneNetwork, PhoneTrigger
from forewave.types import PhoneSighting, Station

PATH = "/triggers"
LONGEST = 200  # bytes of a trigger
MINUTE = 60.0
EACH, EACH_CELLS = 100, 2  # triggers and cells of one address per minute; a wave front needs more
REACH_KM = 300.0  # from the nearest station
MOST_CELLS = 50_000  # cells whose distance is cached
ALL = 600_000  # triggers per minute of all addresses
WEAKEST, STRONGEST = 0.005, 50.0  # m/s^2


class TriggerMessage(Struct, forbid_unknown_fields=True):
    """A trigger as a phone sends it; other fields are refused."""

    t: float
    peak: Annotated[float, Meta(ge=WEAKEST, le=STRONGEST)]
    cell: Annotated[str, Meta(pattern="^[0-9bcdefghjkmnp-z]{5}$")]


class Phones:
    """Receives the triggers of a region's phones. on_sighting: called with time and sighting."""

    def __init__(
        self,
        clock: Callable[[], float],
        on_sighting: Callable[[float, PhoneSighting], None],
        stations: Sequence[Station] = (),
    ) -> None:
        self.clock, self._on_sighting = clock, on_sighting
        self.network = PhoneNetwork()
        self.dropped: Counter[str] = Counter()  # refused requests by reason
        self.triggers = 0
        self._minute, self._asked = -math.inf, 0
        self._senders: Counter[str] = Counter()
        self._cells: dict[str, set[str]] = {}
        self._lats = np.array([station.lat for station in stations])
        self._lons = np.array([station.lon for station in stations])
        self._near: dict[str, bool] = {}  # whether a cell is near a station: a cache

    def route(self) -> Route:
        """The route for the page server."""
        return Route(PATH, self.answer, methods=["GET", "POST"])

    async def answer(self, request: Request) -> Response:
        """GET: the server's time. POST: 204 for an accepted trigger, else 400, 403, 413 or 429."""
        if request.method != "POST":
            body = msgspec.json.encode({"now": self.clock()})
            return Response(body, media_type="application/json")
        if not is_same_site(request.headers):
            return self._refuse("of another site", 403)
        body = b""
        try:
            async for chunk in request.stream():
                body += chunk
                if len(body) > LONGEST:
                    return self._refuse("too long", 413)
        except ClientDisconnect:  # uncaught, each would be logged
            return self._refuse("gone before it was sent", 400)
        return self.take(body, request.client.host if request.client else "")

    def take(self, body: bytes, address: str) -> Response:
        """Take one trigger from one address."""
        now, address = self.clock(), network_of(address)
        if not self._may(address, now):
            return self._refuse("too many", 429)
        try:
            trigger = msgspec.json.decode(body, type=TriggerMessage)
        except (msgspec.MsgspecError, ValueError):
            return self._refuse("not a trigger", 400)
        if not now - MINUTE < trigger.t < now + 1.0:
            return self._refuse("clock wrong or too late", 400)
        cells = self._cells.setdefault(address, set())
        if trigger.cell not in cells and len(cells) >= EACH_CELLS:
            return self._refuse("too many cells", 429)
        if not self._is_near(trigger.cell):
            return self._refuse("far from every station", 400)
        cells.add(trigger.cell)
        self.triggers += 1
        sighting = self.network.feed(PhoneTrigger(trigger.t, trigger.cell, trigger.peak), now)
        if sighting is not None:
            self._on_sighting(now, sighting)
        return Response(status_code=204)

    def _may(self, address: str, now: float) -> bool:
        """Whether an address may send one more request in this minute."""
        if now - self._minute >= MINUTE:
            self._minute, self._asked = now, 0
            self._senders, self._cells = Counter(), {}
        self._asked += 1
        self._senders[address] += 1
        return self._senders[address] <= EACH and self._asked <= ALL

    def _is_near(self, cell: str) -> bool:
        """Whether a cell is within REACH_KM of a station; True if no stations are known."""
        if cell not in self._near:
            if len(self._near) >= MOST_CELLS:
                self._near.clear()
            away = distance_km(*geohash.centre(cell), self._lats, self._lons)
            self._near[cell] = not len(self._lats) or float(np.min(away)) <= REACH_KM
        return self._near[cell]

    def _refuse(self, reason: str, status: int) -> Response:
        self.dropped[reason] += 1
        return Response(status_code=status)


def is_same_site(headers: Headers) -> bool:
    """Whether a request comes from a page of this server, or not from a page at all."""
    fetched = headers.get("sec-fetch-site")
    if fetched is not None:
        return fetched in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
