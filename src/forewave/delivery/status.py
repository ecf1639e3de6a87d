"""Health over HTTP: /healthz, /readyz, /metrics, and /status.json for the status page.

What is slow (the text of thousands of stations) is made once a second at most, however many ask,
and in a thread beside the loop that sends the alerts.
"""

import asyncio
import gzip
import time
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import msgspec
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from forewave.delivery.guard import may_see

CLOSED = "From another machine only with the token of the settings: see server.token.\n"
KEPT = 1.0  # seconds for which an answer is given again


class Status(Protocol):
    """What is told. `snapshot` is called in the loop and must be quick; the others in a thread."""

    def alive(self) -> tuple[bool, dict[str, Any]]:
        """Whether it works at all, and what to say besides."""

    def ready(self) -> tuple[bool, dict[str, Any]]:
        """Whether it would warn now, and what is missing."""

    def snapshot(self) -> Any:
        """Everything as it is now."""

    def metrics(self, snapshot: Any) -> bytes:
        """It in Prometheus' format 0.0.4."""

    def facts(self, snapshot: Any) -> Any:
        """It for the page: what msgspec can write as JSON."""


def routes(status: Status, token: str = "") -> list[Route]:
    """Where each is asked for. token: for who asks for more than yes or no from another machine."""
    metrics = _Kept(status, lambda snapshot: status.metrics(snapshot))
    facts = _Kept(status, lambda snapshot: msgspec.json.encode(status.facts(snapshot)))
    return [
        Route("/healthz", _yes_or_no(status.alive)),
        Route("/readyz", _yes_or_no(status.ready)),
        Route("/metrics", _answer(metrics, "text/plain; version=0.0.4; charset=utf-8", token)),
        Route("/status.json", _answer(facts, "application/json", token)),
    ]


class _Kept:
    """An answer that is made anew when it is older than KEPT, once for all who ask meanwhile."""

    def __init__(self, status: Status, make: Callable[[Any], bytes]) -> None:
        self._status, self._make = status, make
        self._made = -KEPT
        self._answer: asyncio.Task[tuple[bytes, bytes]] | None = None

    async def get(self) -> tuple[bytes, bytes]:
        """Plain and compressed."""
        if self._answer is None or time.monotonic() - self._made >= KEPT:
            self._made = time.monotonic()
            snapshot = self._status.snapshot()
            self._answer = asyncio.create_task(asyncio.to_thread(self._both, snapshot))
        return await asyncio.shield(self._answer)

    def _both(self, snapshot: Any) -> tuple[bytes, bytes]:
        plain = self._make(snapshot)
        return plain, gzip.compress(plain, compresslevel=1, mtime=0)


def _answer(kept: _Kept, media_type: str, token: str) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        if not may_see(request, token):
            return PlainTextResponse(CLOSED, status_code=403)
        plain, small = await kept.get()
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(plain, media_type=media_type)
        headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return Response(small, media_type=media_type, headers=headers)

    return answer


def _yes_or_no(
    ask: Callable[[], tuple[bool, dict[str, Any]]],
) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        well, facts = ask()
        return JSONResponse(facts, status_code=200 if well else 503)

    return answer
