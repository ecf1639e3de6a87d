"""The HTTP server of the pages, in the event loop of the live run, with limits.

Connections are limited in number and in time: a client that sends a byte a minute would otherwise
hold a descriptor indefinitely, and sources and files need descriptors. With a certificate the
server accepts TLS only.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Generator
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

LOOK = 10.0  # seconds between two checks of a connection
REQUEST_S, ANSWER_S = 10.0, 60.0  # seconds for a request and for its response, +LOOK
HANDSHAKE_S = 10.0  # seconds for the TLS handshake
MOST = 2_000  # connections; pages need one for a short time
LONGEST_HEAD = 16 * 1024  # bytes of a request's header


class Connection(H11Protocol):
    """One connection, closed if a request or the reading of its response takes too long."""

    _look: asyncio.TimerHandle | None = None
    _seen: Any = None
    _since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the timer of the first request."""
        super().connection_made(transport)
        self._since = self.loop.time()
        self._look = self.loop.call_later(LOOK, self.look)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the timer."""
        if self._look is not None:
            self._look.cancel()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """Answer invalid HTTP, and end a handler that still waits for the rest of the request."""
        super().send_400_response(msg)
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()

    def look(self) -> None:
        """Abort the connection if the current request or response has taken too long."""
        now = self.loop.time()
        if self.cycle is not self._seen:
            self._seen, self._since = self.cycle, now
        answers = self.cycle is not None and not self.cycle.response_complete
        if now - self._since >= (ANSWER_S if answers else REQUEST_S):
            self.transport.abort()
            return
        self._look = self.loop.call_later(LOOK, self.look)


class PageServer(uvicorn.Server):
    """uvicorn inside a running loop, without signal handlers of its own."""

    tls: ssl.SSLContext | None = None

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Install no signal handlers."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen on the sockets. uvicorn's own method allows a minute for a TLS handshake."""
        loop = asyncio.get_running_loop()
        patience = HANDSHAKE_S if self.tls else None
        self.servers = [
            await loop.create_server(
                self._connection, sock=sock, ssl=self.tls, ssl_handshake_timeout=patience
            )
            for sock in sockets or ()
        ]
        self.started = True

    def _connection(self) -> Connection:
        return Connection(self.config, self.server_state, self.lifespan.state)


def server(app: Any, proxies: str = "", tls: ssl.SSLContext | None = None) -> PageServer:
    """A server for an ASGI app, not started yet.

    proxies: addresses, separated by commas, whose X-Forwarded-For is trusted.
    """
    made = PageServer(
        uvicorn.Config(
            app,
            log_config=None,
            log_level="error",  # any client could cause warnings
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
    made.tls = tls
    return made
