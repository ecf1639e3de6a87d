"""Health over HTTP: /healthz, /readyz, /metrics, and /status.json for the status page.

The last two take time with thousands of stations. They are made at most once a second, however many
requests there are, and in a thread, so that the loop that sends alerts is not delayed.
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

CLOSED = "Requests from other machines need the token of the settings: see server.token.\n"
KEPT = 1.0  # seconds for which a response is reused


class Status(Protocol):
    """What is reported. `metrics` and `facts` are called in a thread, the others in the loop."""

    def alive(self) -> tuple[bool, dict[str, Any]]:
        """Whether packets are processed, and the fields of /healthz."""

    def ready(self) -> tuple[bool, dict[str, Any]]:
        """Whether alerts can be issued now, and the fields of /readyz."""

    def snapshot(self) -> Any:
        """The current report; must be fast."""

    def metrics(self, snapshot: Any) -> bytes:
        """A snapshot in the Prometheus text format 0.0.4."""

    def facts(self, snapshot: Any) -> Any:
        """A snapshot for the page: any object that msgspec can encode as JSON."""


def routes(status: Status, token: str = "") -> list[Route]:
    """The routes. token: required from other machines for /metrics and /status.json."""
    metrics = _Kept(status, lambda snapshot: status.metrics(snapshot))
    facts = _Kept(status, lambda snapshot: msgspec.json.encode(status.facts(snapshot)))
    return [
        Route("/healthz", _yes_or_no(status.alive)),
        Route("/readyz", _yes_or_no(status.ready)),
        Route("/metrics", _answer(metrics, "text/plain; version=0.0.4; charset=utf-8", token)),
        Route("/status.json", _answer(facts, "application/json", token)),
    ]


class _Kept:
    """A response that is made again when it is older than KEPT, once for concurrent requests."""

    def __init__(self, status: Status, make: Callable[[Any], bytes]) -> None:
        self._status, self._make = status, make
        self._made = -KEPT
        self._answer: asyncio.Task[tuple[bytes, bytes]] | None = None

    async def get(self) -> tuple[bytes, bytes]:
        """The response, plain and compressed by gzip."""
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
