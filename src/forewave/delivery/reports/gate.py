"""The way in for reports: small bodies of a fixed shape, few of one sender, nothing kept of it.

Many people may share an address, so a network (network_address.py) may send several reports in a
minute. Networks are forgotten after that minute, and refused requests are only counted.
"""

import math
from collections import Counter
from collections.abc import Callable
from typing import TypeVar

import msgspec
from msgspec import Struct
from starlette.requests import ClientDisconnect, Request

from forewave.network_address import network_of

LONGEST = 200  # bytes of a report
MINUTE = 60.0
EACH, ALL = 40, 60_000  # reports a minute of one network, and of all

Body = TypeVar("Body", bound=Struct)


class RefusedError(Exception):
    """A report that is not taken. status: of the HTTP answer."""

    def __init__(self, reason: str, status: int) -> None:
        super().__init__(reason)
        self.reason, self.status = reason, status


class Gate:
    """clock: POSIX seconds. dropped: refused reports by reason."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.dropped: Counter[str] = Counter()
        self._minute = -math.inf
        self._senders: Counter[str] = Counter()
        self._all = 0

    async def take(self, request: Request, shape: type[Body]) -> Body:
        """The report in a request. Raises RefusedError."""
        self._count(network_of(request.client.host if request.client else ""))
        # Pages of other sites cannot send this type without asking first.
        if request.headers.get("content-type", "").partition(";")[0] != "application/json":
            raise self.refused("not JSON", 415)
        try:
            return msgspec.json.decode(await self._body(request), type=shape)
        except (msgspec.MsgspecError, ValueError):
            raise self.refused("not a report", 400) from None

    def refused(self, reason: str, status: int) -> RefusedError:
        """The error to raise; it is counted."""
        self.dropped[reason] += 1
        return RefusedError(reason, status)

    async def _body(self, request: Request) -> bytes:
        body = b""
        try:
            async for chunk in request.stream():
                body += chunk
                if len(body) > LONGEST:
                    raise self.refused("too long", 413)
        except ClientDisconnect:
            raise self.refused("gone before it was sent", 400) from None
        return body

    def _count(self, sender: str) -> None:
        now = self._clock()
        if not 0.0 <= now - self._minute < MINUTE:
            self._minute, self._senders, self._all = now, Counter(), 0
        self._all += 1
        if self._all <= ALL:  # beyond, no more networks are remembered
            self._senders[sender] += 1
        if self._all > ALL or self._senders[sender] > EACH:
            raise self.refused("too many", 429)
