"""A gateway in a thread of its own, and alerts made for a test: M, distance and time left."""

import asyncio
import threading
import time
from collections.abc import Sequence
from typing import Any, Self

import msgspec
from starlette.routing import Route

from forewave.archive.travel_time import load
from forewave.delivery import signing, status
from forewave.delivery.gateway import Gateway
from forewave.delivery.key_list import ServedList
from forewave.delivery.stream import Readiness
from forewave.health.collector import Health
from forewave.health.watch import LiveStatus
from forewave.types import Alert, Area, Magnitude, Origin, Place

CHENGDU = Place("Chengdu", 30.66, 104.06)
NORTH = 0.5  # degrees from Chengdu to the epicentre, 55.6 km
AWAY_KM = 55.6
DEPTH_KM = 10.0


class Warner:
    """Start with `with`; everything else may be called from the test's own thread."""

    def __init__(
        self,
        clock_offset: float = 0.0,
        port: int = 0,
        keys: signing.Keys | None = None,
        key_list: ServedList | None = None,
        routes: Sequence[Route] = (),
        **more: Any,
    ) -> None:
        self.travel_times = load("iasp91")
        self.offset = clock_offset
        self.able = Readiness("ready")
        self.gateway = Gateway(
            keys or signing.generate(),
            self.now,
            self.travel_times,
            port=port,
            place=CHENGDU,
            readiness=lambda: self.able,
            key_list=key_list,
            routes=[*status.routes(LiveStatus(Health((), time.time()))), *routes],
            **more,
        )
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self.gateway.start())
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self.gateway.stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def now(self) -> float:
        return time.time() + self.offset

    def url(self, page: str = "/", **where: float) -> str:
        values = "&".join(f"{name}={value}" for name, value in where.items())
        return f"http://127.0.0.1:{self.gateway.port}{page}" + (f"#{values}" if values else "")

    def publish(self, alert: Alert) -> bytes:
        """The message that is sent."""

        async def send() -> bytes:
            return self.gateway.publish(alert)

        return self._run(send())

    def rekey(self, keys: signing.Keys, key_list: ServedList | None) -> None:
        """Sign with other keys from now on."""

        async def change() -> None:
            self.gateway.rekey(keys, key_list)

        self._run(change())

    def send(self, message: bytes) -> None:
        """Send every page a text, as who holds the stream could."""

        async def work() -> None:
            self.gateway.stream.send(message)

        self._run(work())

    def wait_for_device(self) -> None:
        """Until a page has connected."""
        self._run(asyncio.wait_for(self.gateway.stream.first_client.wait(), 30))

    def wait_for_devices(self, count: int) -> None:
        """Until so many pages are connected."""

        async def wait() -> None:
            while self.gateway.connected != count:  # noqa: ASYNC110 (nobody tells us)
                await asyncio.sleep(0.02)

        self._run(asyncio.wait_for(wait(), 30))

    def forget(self) -> None:
        """As if nothing had been published yet."""
        self._loop.call_soon_threadsafe(self.gateway._messages._newest.clear)

    def cut_off(self, stay: bool = True) -> None:
        """Break every connection; with `stay` no new one is taken."""

        async def cut() -> None:
            stream = self.gateway.stream
            if stay:
                for accepting in self.gateway._tasks[:-1]:
                    accepting.cancel()
                for page in tuple(self.gateway._server.server_state.connections):
                    page.transport.abort()  # it could become a device's
            for client in tuple(stream._clients):
                stream.cut(client, "test")

        self._run(cut())

    def s_seconds(self) -> float:
        return float(self.travel_times.coarse().seconds("S", AWAY_KM, DEPTH_KM))

    def alert(self, left: float = 15.0, magnitude: float = 6.5, **change: Any) -> Alert:
        """S reaches Chengdu in `left` seconds. M 6.5 is MMI V there."""
        now = self.now()
        origin = Origin(
            now + left - self.s_seconds(), CHENGDU.lat + NORTH, CHENGDU.lon, DEPTH_KM, 0.3, 2.0, 3.0
        )
        alert = Alert(
            id="e1.1",
            event="e1",
            version=1,
            kind="new",
            mode="actual",
            level="action",
            area=Area(origin.lat, origin.lon, 300.0),
            issued=now,
            expires=now + 180.0,
            origin=origin,
            magnitude=Magnitude(magnitude, 0.2, "M", 8),
            rupture=None,
            field=(),
            max_intensity=8.0,
            stations=8,
            source="point",
        )
        return msgspec.structs.replace(alert, **change)

    def notice(self, left: float = 15.0, **change: Any) -> Alert:
        """The same from one station, 11 km from Chengdu, that knows little of the epicentre."""
        alert = self.alert(left, magnitude=6.9, **change)
        origin = msgspec.structs.replace(alert.origin, epicentre_sigma_km=30.0)
        station = Area(CHENGDU.lat + 0.1, CHENGDU.lon, 40.0)
        return msgspec.structs.replace(alert, origin=origin, area=station, stations=1)

    def _run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout=60)
