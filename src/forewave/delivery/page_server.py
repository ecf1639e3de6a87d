"""The HTTP server of the pages, in the machine's own loop: limited in time and in number.

Who connects and sends a letter a minute would else hold a descriptor for ever, and sources and disk
need descriptors too.
"""

import asyncio
import contextlib
from collections.abc import Generator
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from forewave.delivery import descriptors

LOOK = 10.0  # seconds between two looks at a connection
REQUEST_S, ANSWER_S = 10.0, 60.0  # seconds for a request, and for reading its answer: to one look
MOST, SHARE = 2_000, 0.25  # connections, and of all descriptors; pages ask once and go
LONGEST_HEAD = 16 * 1024  # bytes of a request's head


class Connection(H11Protocol):
    """One connection, which ends where nothing is asked, or nothing read, for too long."""

    _look: asyncio.TimerHandle | None = None
    _seen: Any = None
    _since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """It has REQUEST_S for its first request."""
        super().connection_made(transport)
        if len(self.connections) > descriptors.most(SHARE, MOST):
            transport.abort()
            return
        self._since = self.loop.time()
        self._look = self.loop.call_later(LOOK, self.look)

    def connection_lost(self, exc: Exception | None) -> None:
        """By whomever."""
        if self._look is not None:
            self._look.cancel()
        super().connection_lost(exc)

    def look(self) -> None:
        """End it where the request or answer that is under way has taken too long."""
        now = self.loop.time()
        if self.cycle is not self._seen:
            self._seen, self._since = self.cycle, now
        answers = self.cycle is not None and not self.cycle.response_complete
        if now - self._since >= (ANSWER_S if answers else REQUEST_S):
            self.transport.abort()
            return
        self._look = self.loop.call_later(LOOK, self.look)


class PageServer(uvicorn.Server):
    """uvicorn inside our loop: whoever runs the loop keeps the signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """None."""
        yield


def server(app: Any, proxies: str = "") -> PageServer:
    """Not yet running. proxies: addresses, with commas, whose X-Forwarded-For is believed."""
    return PageServer(
        uvicorn.Config(
            app,
            http=Connection,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            timeout_graceful_shutdown=1,
            h11_max_incomplete_event_size=LONGEST_HEAD,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=proxies or "",
        )
    )
