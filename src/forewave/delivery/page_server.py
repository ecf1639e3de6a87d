"""The HTTP server of the pages, in the machine's own loop: limited in time and in number.

Who connects and sends a letter a minute would else hold a descriptor for ever, and sources and disk
need descriptors too. With a certificate it speaks TLS only.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Generator
from typing import Any

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

LOOK = 10.0  # seconds between two looks at a connection
REQUEST_S, ANSWER_S = 10.0, 60.0  # seconds for a request, and for reading its answer: to one look
HANDSHAKE_S = 10.0  # seconds for that of TLS
MOST = 2_000  # connections; pages ask once and go
LONGEST_HEAD = 16 * 1024  # bytes of a request's head


class Connection(H11Protocol):
    """One connection, which ends where nothing is asked, or nothing read, for too long."""

    _look: asyncio.TimerHandle | None = None
    _seen: Any = None
    _since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """It has REQUEST_S for its first request."""
        super().connection_made(transport)
        self._since = self.loop.time()
        self._look = self.loop.call_later(LOOK, self.look)

    def connection_lost(self, exc: Exception | None) -> None:
        """By whomever."""
        if self._look is not None:
            self._look.cancel()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP ends the connection, also for whoever was answering its beginning."""
        super().send_400_response(msg)
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()

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

    tls: ssl.SSLContext | None = None

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """None."""
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen at the sockets. uvicorn's own would wait a minute for a handshake of TLS."""
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
    """Not yet running. proxies: addresses, with commas, whose X-Forwarded-For is believed."""
    made = PageServer(
        uvicorn.Config(
            app,
            log_config=None,
            log_level="error",  # a line for each request that is none would be anybody's to write
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
