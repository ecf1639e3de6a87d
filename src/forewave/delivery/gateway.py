"""The embedded gateway: the pages, and the stream of signed messages to devices.

An alert is sent when it is published, and again every second until a later version replaces it or
it expires. Messages are idempotent by event and version, so a device that lost a frame or has just
connected is at most a second behind (in_force.py).
"""

import asyncio
import socket
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
from starlette.applications import Starlette
from starlette.routing import Route

from forewave.delivery import page_server
from forewave.delivery.connections import descriptors, ports
from forewave.delivery.connections.accept import RATE, Acceptor, Pace
from forewave.delivery.connections.frames import Code
from forewave.delivery.connections.front import (
    EVENTS_PATH,
    STREAM_PATHS,
    Front,
    Gate,
    SideStream,
)
from forewave.delivery.connections.listener import Listener
from forewave.delivery.feeds import routes as feeds
from forewave.delivery.feeds.history import AlertHistory
from forewave.delivery.guard import names_of, origins_of
from forewave.delivery.headers import frame_sources
from forewave.delivery.in_force import InForce
from forewave.delivery.key_list import ServedList
from forewave.delivery.page_server import PageServer
from forewave.delivery.pages import WEB, built, pages, town_table, travel_time_table
from forewave.delivery.reports.reports import Reports
from forewave.delivery.reports.tally import Tally
from forewave.delivery.served_keys import answer as key_list_answer
from forewave.delivery.served_keys import trusted_by
from forewave.delivery.signing import Keys, PublicKeys, base64url
from forewave.delivery.stream import Readiness, Stream
from forewave.earth.travel_time import TravelTimes
from forewave.errors import ConfigError
from forewave.types import Alert, Place

REPEAT = 1.0  # seconds between two transmissions of a message
MOST_DEVICES = 20_000  # on the stream
HEARTBEAT_EVERY = 5  # transmissions; devices time out after twice that (web/core/alert/state.ts)
# Where the stream is, relative to the pages: they may be served under a prefix.
STREAM, EVENTS = STREAM_PATHS[0].lstrip("/"), EVENTS_PATH.lstrip("/")
AGAIN, SOON = 10.0, 2.0  # seconds within which devices return after a restart; if there is an alert


class Gateway:
    """Serves pages, stream and API on `port` (0: any free port, known after start).

    stream_port: a second port that serves the same, as older versions had one for the stream; 0:
    none. share_port: as in ClusterSettings. keys: sign the messages; public ones will do where
    messages are only passed on (`forward`). clock: the time sent to devices, POSIX seconds (in a
    replay the replayed time).
    place: suggested by the pages as the viewer's place. web: folder of the built pages. routes:
    further HTTP routes. names, proxies: as in ServerSettings. tls: then only TLS is accepted.
    readiness: whether an earthquake now would be alerted; sent in heartbeats. key_list: the list
    signed by an offline root, decoded and as it is served; None: there is none.
    history: the messages that the API gives; None: those of this run.
    frames, origins: as frame_ancestors and origins in ServerSettings.
    tally: keeps the counts of what people report; None: those of this run.
    side: streams for others than devices, by path.
    """

    def __init__(
        self,
        keys: PublicKeys,
        clock: Callable[[], float],
        travel_times: TravelTimes,
        *,
        host: str = "127.0.0.1",
        port: int = 8460,
        stream_port: int = 0,
        share_port: bool = False,
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
        tally: Tally | None = None,
        network: str = "forewave",
        side: Mapping[str, SideStream] = MappingProxyType({}),
    ) -> None:
        self._side = side
        self.history = history or AlertHistory(trusted_by(keys, key_list))
        self.reports = Reports(clock, self.history.has_drill, tally)
        self.host, self.port, self._second_port = host, port, stream_port
        self._share_port = share_port
        self.place, self.network = place, network
        self.pages_built = built(web)
        most = descriptors.most(descriptors.STREAM, MOST_DEVICES)
        self._messages = InForce(clock)
        self.stream = Stream(
            clock, self._messages.for_new_device, most, key=keys.id, readiness=readiness
        )
        self._tls = tls
        self._keys, self._clock, self._web = keys, clock, web
        self._key_list = key_list
        self.stream.key_list = _version(key_list)
        self._routes = routes
        self._travel_times = travel_times
        self._tasks: list[asyncio.Task[None]] = []
        self._serving: asyncio.Task[None] | None = None
        self._pace = Pace()
        self._names, self._proxies = names_of(host, names), proxies
        self._frames, self._origins = frame_sources(frames), origins_of(origins)
        self._server: PageServer | None = None

    @property
    def connected(self) -> int:
        """Number of connected devices."""
        return self.stream.connected

    @property
    def signing(self) -> tuple[PublicKeys, ServedList | None]:
        """The keys that sign, and the key list that is served."""
        return self._keys, self._key_list

    @property
    def url(self) -> str:
        """Address of the phone page on this machine."""
        scheme = "https" if self._tls else "http"
        host = "127.0.0.1" if self.host in ("0.0.0.0", "") else self.host
        return f"{scheme}://{f'[{host}]' if ':' in host else host}:{self.port}/"

    @property
    def stream_port(self) -> int:
        """The port that clients of older versions connect to."""
        return self._second_port or self.port

    async def start(self) -> None:
        """Open the ports. Raises ConfigError if one is in use or not allowed."""
        bind = partial(ports.bind, self.host, shared=self._share_port)
        sockets = [bind(self.port, "pages")]
        if self._second_port:
            try:
                sockets.append(bind(self._second_port, "stream"))
            except ConfigError:
                sockets[0].close()
                raise
        self._server = page_server.server(self._pages(), self._proxies)
        self._serving = asyncio.create_task(self._server.serve([]))
        await self._server.ready.wait()
        self.port = sockets[0].getsockname()[1]
        self._tasks = [
            *(asyncio.create_task(self._accept(sock, len(sockets))) for sock in sockets),
            asyncio.create_task(self._repeat()),
        ]

    async def _accept(self, sock: socket.socket, ports: int) -> None:
        most = descriptors.most(descriptors.PAGES / ports, page_server.MOST)
        listener = Listener(sock, most, lambda: self.stream.count("pages full"))
        server = self._server
        assert server is not None
        gate = Gate(
            self.stream,
            lambda: server.connection(gate.take),
            self._names,
            self._origins,
            listener.release,
            self._side,
        )
        made = partial(Front, gate, page_server.REQUEST_S)
        await Acceptor(listener, made, self._tls, self._pace).run()

    async def stop(self, restarts: bool = False) -> None:
        """Close the ports and every connection.

        restarts: devices are told so, and asked to connect again after a random time: within as
        many seconds as the new process needs for all of them, or soon if an alert is in force.
        """
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for side in self._side.values():
            side.close()
        if restarts:
            await self.stream.stop(Code.SERVICE_RESTART, self._again_s())
        else:
            await self.stream.stop()
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            await self._serving
        await self.reports.stop()

    def _again_s(self) -> float:
        return SOON if self._messages.repeated() else max(AGAIN, self.connected / RATE)

    def publish(self, alert: Alert) -> bytes:
        """Sign an alert and send it to all devices; returns the message.

        Never waits for a device. If this or a newer version of the event has been sent already,
        nothing is sent and that message is returned.
        """
        if (before := self._messages.newest(alert)) is not None:
            return before
        assert isinstance(self._keys, Keys), "public keys sign nothing"
        message = self._keys.seal(alert)
        self.forward(alert, message)
        return message

    def forward(self, alert: Alert, message: bytes) -> bool:
        """Send an alert that was signed elsewhere and has been verified; whether it is new."""
        if self._messages.newest(alert) is not None:
            return False
        self.stream.send(message)
        self._pace.hold(time.monotonic())  # the loop's clock
        self._messages.add(alert, message)
        self.history.add(message)
        return True

    def rekey(self, keys: PublicKeys, key_list: ServedList | None) -> list[bytes]:
        """Sign with other keys, and serve another key list; returns what is signed anew.

        Alerts in force are signed anew, for devices that no longer believe the key of before; where
        messages are only passed on, they stay as they are. Open devices learn of both by the next
        heartbeat, which is sent now.
        """
        self._keys, self._key_list = keys, key_list
        resealed = self._messages.reseal(keys.seal) if isinstance(keys, Keys) else []
        self.history.trust(trusted_by(keys, key_list), resealed)
        self.stream.key, self.stream.key_list = keys.id, _version(key_list)
        self.stream.heartbeat()
        return resealed

    def in_force(self) -> list[Alert]:
        """The last version of each alert that has neither expired nor been cancelled."""
        return self._messages.alerts()

    def live(self) -> list[bytes]:
        """The messages for a new device."""
        return self._messages.for_new_device()

    def health(self) -> dict[str, Any]:
        """The fields of /healthz."""
        return {
            "status": "ok",
            "connected": self.connected,
            "live": len(self.live()),
            "cut_off": dict(self.stream.counts),
            "reports": {"taken": dict(self.reports.taken), "refused": dict(self.reports.dropped)},
        }

    async def _repeat(self) -> None:
        rounds = 0
        while True:
            await asyncio.sleep(REPEAT)
            rounds += 1
            if rounds % HEARTBEAT_EVERY == 0 or self.stream.has_changed():
                self.stream.heartbeat()
            for message in self._messages.repeated():
                self.stream.send(message)

    def _pages(self) -> Starlette:
        facts = {
            "/config.json": self._config,
            "/healthz": self.health,
            "/time.json": lambda: {"now": self.stream.now()},
        }
        key_list = Route("/keys.json", key_list_answer(lambda: self._key_list))
        tables = {
            "/travel_times.json": travel_time_table(self._travel_times),
            "/towns.json": town_table(),
        }
        asked = feeds.routes(self.history, self._clock)
        routes = [key_list, *self._routes, *self.reports.routes(), *asked]
        return pages(facts, tables, self._web, routes, self._names, self._frames, self._origins)

    def _config(self) -> dict[str, Any]:
        place, listed = self.place, self._key_list
        trusted = self._keys.trusted if listed is None else listed[0].trusted(time.time())
        return {
            "stream": STREAM,
            "events": EVENTS,
            "stream_port": self.stream_port,
            "keys": {name: base64url(raw) for name, raw in trusted.items()},
            "key_list": listed and msgspec.Raw(listed[1]),
            "place": place and {"name": place.name, "lat": place.lat, "lon": place.lon},
            "version": version("forewave"),
            "name": self.network,
        }


def _version(key_list: ServedList | None) -> int:
    return 0 if key_list is None else key_list[0].n
