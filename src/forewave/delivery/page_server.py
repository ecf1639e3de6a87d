"""The HTTP server of the pages, in the event loop of the live run, with limits.

Connections are limited in number and in time: a client that sends a byte a minute would otherwise
hold a descriptor indefinitely, and sources and files need descriptors. With a certificate the
server accepts TLS only.
"""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import Callable, Generator
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from forewave.delivery.connections.head import LONGEST as LONGEST_HEAD
from forewave.delivery.connections.head import is_complete

LOOK = 10.0  # seconds between two checks of a connection
REQUEST_S, ANSWER_S = 10.0, 60.0  # seconds for a request and for its response, +LOOK
HANDSHAKE_S = 10.0  # seconds for the TLS handshake
MOST = 2_000  # connections; pages need one for a short time


class Connection(H11Protocol):
    """One connection, closed if a request or the reading of its response takes too long.

    hand_over: is given the head of each request after the first, and returns True if it has taken
    over the transport.
    """

    _look: asyncio.TimerHandle | None = None
    _seen: Any = None
    _since = 0.0
    _head = b""  # of a further request, as far as it has come
    hand_over: Callable[[asyncio.Transport, bytes], bool] | None = None

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

    def data_received(self, data: bytes) -> None:
        """Pass data on to uvicorn, unless a further request is for something else."""
        if self.hand_over is None or not self._is_between_requests():
            super().data_received(data)
            return
        self._head += data
        self._unset_keepalive_if_required()
        if not is_complete(self._head):
            return
        data, self._head = self._head, b""
        if self.hand_over(self.transport, data):
            self._leave()
        else:
            super().data_received(data)

    def _is_between_requests(self) -> bool:
        done = self.cycle is not None and self.cycle.response_complete
        return done and self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]

    def _leave(self) -> None:
        """The transport has another protocol now."""
        self.connections.discard(self)
        if self._look is not None:
            self._look.cancel()

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
    """uvicorn inside a running loop, without signal handlers of its own.

    ready: set when connections can be served.
    """

    tls: ssl.SSLContext | None = None

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

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
                self.connection, sock=sock, ssl=self.tls, ssl_handshake_timeout=patience
            )
            for sock in sockets or ()
        ]
        self.started = True
        self.ready.set()

    def connection(
        self, hand_over: Callable[[asyncio.Transport, bytes], bool] | None = None
    ) -> Connection:
        """The protocol of a connection; after `ready`."""
        made = Connection(self.config, self.server_state, self.lifespan.state)
        made.hand_over = hand_over
        return made


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
