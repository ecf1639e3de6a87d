"""The embedded gateway: pages for people, and the stream of signed messages for their devices.

An alert is sent the moment it is published, and again every second until a later version of it
takes its place or it expires: messages are idempotent by event and version, so a device that
just lost one frame, or just connected, is at most a second behind. A cancel stays valid for a
day, for devices that were away; it is repeated for a few minutes, and then only sent to those
that connect.
"""

import asyncio
import ssl
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Route

from forewave.delivery import descriptors, page_server, ports
from forewave.delivery.guard import names_of
from forewave.delivery.listener import Listener
from forewave.delivery.page_server import PageServer
from forewave.delivery.pages import WEB, built, pages, town_table, travel_time_table
from forewave.delivery.signing import Keys, base64url
from forewave.delivery.stream import Readiness, Stream
from forewave.earth.travel_time import TravelTimes
from forewave.errors import ConfigError
from forewave.types import Alert, Place

REPEAT = 1.0
MOST_DEVICES = 20_000  # on the stream
HEARTBEAT_EVERY = 5  # repeats; devices give up after twice that (web/core/state.ts)
_REMEMBERED = 3600.0  # seconds for which an expired event's last version is still known
_REPEATED = 180.0  # seconds for which a cancel is repeated
_CANCELS = 20  # older ones that a newcomer gets: more than a screenful, less than its buffer


class Gateway:
    """Pages on `port`, the stream on `stream_port` (0: any free one; read them after start).

    clock: the time that devices shall go by, POSIX seconds (a replay's own time in a replay).
    place: what a page suggests as the viewer's place, if anything. routes: addresses besides.
    names, proxies: as in ServerSettings. tls: then pages and stream speak TLS, and nothing else.
    readiness: whether the server would alert now; without it, devices are not told.
    """

    def __init__(
        self,
        keys: Keys,
        clock: Callable[[], float],
        travel_times: TravelTimes,
        *,
        host: str = "127.0.0.1",
        port: int = 8460,
        stream_port: int = 8461,
        place: Place | None = None,
        web: Path = WEB,
        routes: Sequence[Route] = (),
        names: str = "",
        proxies: str = "",
        tls: ssl.SSLContext | None = None,
        readiness: Callable[[], Readiness] | None = None,
    ) -> None:
        self.host, self.port, self.stream_port = host, port, stream_port
        self.place = place
        self.pages_built = built(web)
        most = descriptors.most(descriptors.STREAM, MOST_DEVICES)
        self.stream = Stream(clock, self.live, most, key=keys.id, readiness=readiness)
        self._tls = tls
        self._keys, self._clock, self._web = keys, clock, web
        self._routes = routes
        self._travel_times = travel_times
        self._live: dict[str, tuple[Alert, bytes]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._names, self._proxies = names_of(host, names), proxies
        self._server: PageServer | None = None

    @property
    def connected(self) -> int:
        """How many devices are connected now."""
        return self.stream.connected

    @property
    def url(self) -> str:
        """Where the phone page is, as seen from this machine."""
        scheme = "https" if self._tls else "http"
        host = "127.0.0.1" if self.host in ("0.0.0.0", "") else self.host
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}/"

    async def start(self) -> None:
        """Open both ports. ConfigError where one is taken or not allowed."""
        page_socket = ports.bind(self.host, self.port, "pages")
        try:
            stream_socket = ports.bind(self.host, self.stream_port, "stream")
        except ConfigError:
            page_socket.close()
            raise
        self.port = page_socket.getsockname()[1]
        self.stream_port = stream_socket.getsockname()[1]
        await self.stream.start(stream_socket, self._tls)
        self._server = page_server.server(self._pages(), self._proxies, self._tls)
        most = descriptors.most(descriptors.PAGES, page_server.MOST)
        pages = Listener(page_socket, most, lambda: self.stream.count("pages full"))
        self._tasks = [
            asyncio.create_task(self._server.serve([pages])),
            asyncio.create_task(self._beat()),
        ]

    async def stop(self) -> None:
        """Close both ports and every connection."""
        await self.stream.stop()
        if self._server is None:
            return
        serving, beating = self._tasks
        beating.cancel()
        self._server.should_exit = True
        await asyncio.gather(serving, beating, return_exceptions=True)

    def publish(self, alert: Alert) -> bytes:
        """Sign it and send it to everybody, at once; answer the message that was sent.

        Synchronous, and never waits for a client. A version that is not newer than the one
        already sent for that event changes nothing.
        """
        before = self._live.get(alert.event)
        if before is not None and before[0].version >= alert.version:
            return before[1]
        message = self._keys.seal(alert)
        self.stream.send(message)
        self._forget()
        self._live[alert.event] = (alert, message)
        return message

    def _forget(self) -> None:
        """Drop what expired long ago."""
        past = self._clock() - _REMEMBERED
        self._live = {e: live for e, live in self._live.items() if live[0].expires > past}

    def live(self) -> list[bytes]:
        """What a newcomer gets: the messages in force, and the last cancels of the day.

        In force is the latest version of each event, until it expires.
        """
        now = self._clock()
        old = [
            (alert.issued, message)
            for alert, message in self._live.values()
            if _is_old_cancel(alert, now) and now < alert.expires
        ]
        return [*self._repeated(), *(message for _, message in sorted(old)[-_CANCELS:])]

    def _repeated(self) -> list[bytes]:
        """What everybody is sent once more."""
        now = self._clock()
        return [
            message
            for alert, message in self._live.values()
            if now < alert.expires and not _is_old_cancel(alert, now)
        ]

    def health(self) -> dict[str, Any]:
        """What /healthz says."""
        return {
            "status": "ok",
            "connected": self.connected,
            "live": len(self.live()),
            "cut_off": dict(self.stream.counts),
        }

    async def _beat(self) -> None:
        beats = 0
        while True:
            await asyncio.sleep(REPEAT)
            beats += 1
            if beats % HEARTBEAT_EVERY == 0 or self.stream.has_changed():
                self.stream.heartbeat()
            for message in self._repeated():
                self.stream.send(message)

    def _pages(self) -> Starlette:
        facts = {"/config.json": self._config, "/healthz": self.health}
        tables = {
            "/travel_times.json": travel_time_table(self._travel_times),
            "/towns.json": town_table(),
        }
        return pages(facts, tables, lambda: self.stream_port, self._web, self._routes, self._names)

    def _config(self) -> dict[str, Any]:
        place = self.place
        return {
            "stream_port": self.stream_port,
            "keys": {name: base64url(raw) for name, raw in self._keys.trusted.items()},
            "place": place and {"name": place.name, "lat": place.lat, "lon": place.lon},
            "version": version("forewave"),
        }


def _is_old_cancel(alert: Alert, now: float) -> bool:
    return alert.kind == "cancel" and now >= alert.issued + _REPEATED
