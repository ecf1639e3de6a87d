"""The embedded gateway: the pages, and the stream of signed messages to devices.

An alert is sent when it is published, and again every second until a later version replaces it or
it expires. Messages are idempotent by event and version, so a device that lost a frame or has just
connected is at most a second behind. A cancellation is valid for a day, for devices that were
offline; it is repeated for a few minutes and after that sent only to devices that connect.
"""

import asyncio
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.routing import Route

from forewave.delivery import descriptors, page_server, ports
from forewave.delivery.feeds import routes as feeds
from forewave.delivery.feeds.history import AlertHistory
from forewave.delivery.guard import is_known, may_ask, names_of, origins_of
from forewave.delivery.headers import frame_sources
from forewave.delivery.key_list import ServedList
from forewave.delivery.listener import Listener
from forewave.delivery.page_server import PageServer
from forewave.delivery.pages import WEB, built, pages, town_table, travel_time_table
from forewave.delivery.served_keys import answer as key_list_answer
from forewave.delivery.signing import Keys, base64url
from forewave.delivery.stream import Readiness, Stream
from forewave.earth.travel_time import TravelTimes
from forewave.errors import ConfigError
from forewave.types import Alert, Place

REPEAT = 1.0  # seconds between two transmissions of a message
MOST_DEVICES = 20_000  # on the stream
HEARTBEAT_EVERY = 5  # transmissions; devices time out after twice that (web/core/alert/state.ts)
_REMEMBERED = 3600.0  # seconds for which the last version of an expired event is kept
_REPEATED = 180.0  # seconds for which a cancellation is repeated
_CANCELS = 20  # older cancellations sent to a new device: more than a screen, less than its buffer


class Gateway:
    """Serves pages on `port` and the stream on `stream_port` (0: any free port, known after start).

    keys: sign the messages. clock: the time sent to devices, POSIX seconds (in a replay the
    replayed time). place: suggested by the pages as the viewer's place. web: folder of the built
    pages. routes: further HTTP routes. names, proxies: as in ServerSettings. tls: pages and stream
    then accept TLS only. readiness: whether an earthquake now would be alerted; sent in heartbeats.
    key_list: the list signed by an offline root, decoded and as it is served; None: there is none.
    history: the messages that the API gives; None: those of this run.
    frames, origins: as frame_ancestors and origins in ServerSettings.
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
        key_list: ServedList | None = None,
        history: AlertHistory | None = None,
        frames: str = "'self'",
        origins: str = "",
    ) -> None:
        self.history = history or AlertHistory(keys.trusted)
        self.host, self.port, self.stream_port = host, port, stream_port
        self.place = place
        self.pages_built = built(web)
        most = descriptors.most(descriptors.STREAM, MOST_DEVICES)
        self.stream = Stream(
            clock,
            self.live,
            most,
            key=keys.id,
            readiness=readiness,
            may_enter=self._may_enter,
        )
        self._tls = tls
        self._keys, self._clock, self._web = keys, clock, web
        self._key_list = key_list
        self.stream.key_list = _version(key_list)
        self._routes = routes
        self._travel_times = travel_times
        self._live: dict[str, tuple[Alert, bytes]] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self._names, self._proxies = names_of(host, names), proxies
        self._frames, self._origins = frame_sources(frames), origins_of(origins)
        self._server: PageServer | None = None

    @property
    def connected(self) -> int:
        """Number of connected devices."""
        return self.stream.connected

    @property
    def signing(self) -> tuple[Keys, ServedList | None]:
        """The keys that sign, and the key list that is served."""
        return self._keys, self._key_list

    @property
    def url(self) -> str:
        """Address of the phone page on this machine."""
        scheme = "https" if self._tls else "http"
        host = "127.0.0.1" if self.host in ("0.0.0.0", "") else self.host
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}/"

    async def start(self) -> None:
        """Open both ports. Raises ConfigError if one is in use or not allowed."""
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
            asyncio.create_task(self._repeat()),
        ]

    async def stop(self) -> None:
        """Close both ports and every connection."""
        await self.stream.stop()
        if self._server is None:
            return
        serving, repeating = self._tasks
        repeating.cancel()
        self._server.should_exit = True
        await asyncio.gather(serving, repeating, return_exceptions=True)

    def publish(self, alert: Alert) -> bytes:
        """Sign an alert and send it to all devices; returns the message.

        Never waits for a device. If this or a newer version of the event has been sent already,
        nothing is sent and that message is returned.
        """
        before = self._live.get(alert.event)
        if before is not None and before[0].version >= alert.version:
            return before[1]
        message = self._keys.seal(alert)
        self.stream.send(message)
        self._forget()
        self._live[alert.event] = (alert, message)
        self.history.add(message)
        return message

    def rekey(self, keys: Keys, key_list: ServedList | None) -> None:
        """Sign with other keys, and serve another key list, from now on.

        Alerts in force are signed anew, for devices that no longer believe the key of before. Open
        devices learn of both by the next heartbeat, which is sent now.
        """
        self._keys, self._key_list = keys, key_list
        self._live = {event: (alert, keys.seal(alert)) for event, (alert, _) in self._live.items()}
        resealed = [message for _, message in self._live.values()]
        self.history.trust(trusted_by(keys, key_list), resealed)
        self.stream.key, self.stream.key_list = keys.id, _version(key_list)
        self.stream.heartbeat()

    def _forget(self) -> None:
        """Remove events that expired more than _REMEMBERED seconds ago."""
        past = self._clock() - _REMEMBERED
        self._live = {e: live for e, live in self._live.items() if live[0].expires > past}

    def in_force(self) -> list[Alert]:
        """The last version of each alert that has neither expired nor been cancelled."""
        now = self._clock()
        alerts = (alert for alert, _ in self._live.values())
        return [alert for alert in alerts if now < alert.expires and alert.kind != "cancel"]

    def live(self) -> list[bytes]:
        """The messages for a new device: the valid ones, and the last cancellations of a day.

        Valid is the latest version of each event until it expires.
        """
        now = self._clock()
        old = [
            (alert.issued, message)
            for alert, message in self._live.values()
            if _is_old_cancel(alert, now) and now < alert.expires
        ]
        return [*self._repeated(), *(message for _, message in sorted(old)[-_CANCELS:])]

    def _repeated(self) -> list[bytes]:
        """The messages that are sent again to all devices."""
        now = self._clock()
        return [
            message
            for alert, message in self._live.values()
            if now < alert.expires and not _is_old_cancel(alert, now)
        ]

    def health(self) -> dict[str, Any]:
        """The fields of /healthz."""
        return {
            "status": "ok",
            "connected": self.connected,
            "live": len(self.live()),
            "cut_off": dict(self.stream.counts),
        }

    async def _repeat(self) -> None:
        rounds = 0
        while True:
            await asyncio.sleep(REPEAT)
            rounds += 1
            if rounds % HEARTBEAT_EVERY == 0 or self.stream.has_changed():
                self.stream.heartbeat()
            for message in self._repeated():
                self.stream.send(message)

    def _pages(self) -> Starlette:
        facts = {"/config.json": self._config, "/healthz": self.health}
        key_list = Route("/keys.json", key_list_answer(lambda: self._key_list))
        tables = {
            "/travel_times.json": travel_time_table(self._travel_times),
            "/towns.json": town_table(),
        }
        routes = [key_list, *self._routes, *feeds.routes(self.history, self._clock)]
        return pages(
            facts,
            tables,
            lambda: self.stream_port,
            self._web,
            routes,
            self._names,
            self._frames,
            self._origins,
        )

    def _may_enter(self, headers: Mapping[str, str]) -> bool:
        return is_known(headers, self._names) and may_ask(headers, self._names, self._origins)

    def _config(self) -> dict[str, Any]:
        place, listed = self.place, self._key_list
        trusted = self._keys.trusted if listed is None else listed[0].trusted(time.time())
        return {
            "stream_port": self.stream_port,
            "keys": {name: base64url(raw) for name, raw in trusted.items()},
            "key_list": listed and msgspec.Raw(listed[1]),
            "place": place and {"name": place.name, "lat": place.lat, "lon": place.lon},
            "version": version("forewave"),
        }


def trusted_by(keys: Keys, key_list: ServedList | None) -> dict[str, bytes]:
    """The raw public keys whose messages are this server's, by id; of a list all but revoked ones.

    Messages of a key whose time is over stay in the history.
    """
    return keys.trusted if key_list is None else key_list[0].trusted(None)


def _version(key_list: ServedList | None) -> int:
    return 0 if key_list is None else key_list[0].n


def _is_old_cancel(alert: Alert, now: float) -> bool:
    return alert.kind == "cancel" and now >= alert.issued + _REPEATED
