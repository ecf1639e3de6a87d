"""The pages that watch: the same frames for all, as server-sent events on the one port.

A task makes a frame every FRAME seconds and writes it to each page. It never waits: what a page
does not take is buffered by its connection, and while more than BUFFERED bytes are, the page misses
frames, which are counted; when it has caught up it gets everything anew. A page that takes nothing
for STUCK seconds is disconnected. Alerts do not come by here.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from http import HTTPStatus

from forewave.console.board import Board
from forewave.delivery.connections.device import event, limit_buffers
from forewave.delivery.connections.front import refusal
from forewave.delivery.connections.head import Head
from forewave.delivery.guard import is_allowed
from forewave.delivery.stream import EVENT_STREAM

MOST = 50
FRAME, IDLE = 0.2, 1.0  # seconds between frames while somebody watches, and otherwise
BEAT = 1.0  # seconds after which a frame is sent although nothing has changed
BUFFERED = 256 * 1024  # bytes from which a page is slow
STUCK = 30.0  # seconds
RETRY_MS = 2000


class Viewers:
    """clock: POSIX seconds. token: as server.token. joined: called when a page has connected.

    counts: frames that slow pages have missed, pages that were disconnected or refused, by reason.
    """

    def __init__(
        self,
        board: Board,
        clock: Callable[[], float],
        token: str = "",
        joined: Callable[[], None] = lambda: None,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._board, self._clock, self._token, self._joined = board, clock, token, joined
        self._viewers: set[Viewer] = set()
        self._beat = 0.0  # when the next frame is due in any case, monotonic seconds

    @property
    def watching(self) -> int:
        """Number of connected pages."""
        return len(self._viewers)

    def refusal(self, head: Head, client: str) -> HTTPStatus | None:
        """Why a request is refused. client: address of the other side."""
        if not is_allowed(head.headers, head.query, client, self._token):
            self.counts["not allowed"] += 1
            return HTTPStatus.FORBIDDEN
        return None

    def take(self, transport: asyncio.Transport) -> None:
        """Answer a request that is allowed; sends everything, and frames from now on."""
        if len(self._viewers) >= MOST:
            self.counts["full"] += 1
            transport.write(refusal(HTTPStatus.SERVICE_UNAVAILABLE, "Retry-After: 10"))
            transport.close()
            return
        limit_buffers(transport, transport.get_extra_info("socket"))
        viewer = Viewer(transport, self._viewers.discard)
        transport.set_protocol(viewer)
        self._viewers.add(viewer)
        transport.write(EVENT_STREAM + b"retry: %d\n\n" % RETRY_MS)
        transport.write(event(self._board.hello(self._clock())))
        self._joined()

    def close(self) -> None:
        """Disconnect every page."""
        for viewer in tuple(self._viewers):
            viewer.transport.close()

    async def run(self) -> None:
        """Send frames until cancelled."""
        while True:
            self.send()
            await asyncio.sleep(FRAME if self._viewers else IDLE)

    def send(self) -> None:
        """Make a frame and send it."""
        now, seen = self._clock(), time.monotonic()
        frame = self._board.frame(now, seen >= self._beat)
        if frame is None:
            return
        self._beat = seen + BEAT
        data = event(frame)
        for viewer in tuple(self._viewers):
            self._send_to(viewer, data, now, seen)

    def _send_to(self, viewer: "Viewer", data: bytes, now: float, seen: float) -> None:
        if viewer.transport.get_write_buffer_size() > BUFFERED:
            viewer.missed = True
            self.counts["missed"] += 1
            if seen - viewer.took > STUCK:
                self.counts["stuck"] += 1
                viewer.transport.abort()
            return
        viewer.took = seen
        viewer.transport.write(event(self._board.hello(now)) if viewer.missed else data)
        viewer.missed = False


class Viewer(asyncio.Protocol):
    """The connection of one page. What it sends after its request is ignored.

    missed: it has missed a frame. took: when it last could take one, monotonic seconds.
    """

    def __init__(self, transport: asyncio.Transport, left: "Callable[[Viewer], None]") -> None:
        self.transport, self._left = transport, left
        self.missed, self.took = False, time.monotonic()

    def connection_lost(self, exc: Exception | None) -> None:
        """The page has gone."""
        self._left(self)
