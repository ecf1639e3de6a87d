"""An alert to send, and a gateway on free ports of the loopback."""

import asyncio
import contextlib
import json

import httpx
import pytest
from msgspec.structs import replace
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from forewave.archive import travel_time
from forewave.delivery import signing
from forewave.delivery.gateway import Gateway
from forewave.types import Alert, Area, Magnitude, Origin, Place

NOW = 1_600_000_000.0
WAIT = 20.0  # more than any of these tests takes


class Net:
    """What devices and browsers do."""

    @staticmethod
    def run(work):
        asyncio.run(asyncio.wait_for(work, WAIT))

    @staticmethod
    def result(work):
        return asyncio.run(asyncio.wait_for(work, WAIT))

    @staticmethod
    def stream(gateway):
        return connect(f"ws://127.0.0.1:{gateway.stream_port}/", compression=None)

    @staticmethod
    async def alerts(client, count, seen=lambda message: True):
        """The next alerts on the stream, without repeats of the same version."""
        out = []
        async for text in client:
            message = json.loads(text)
            known = (message.get("id"), message.get("n")) in [(m["id"], m["n"]) for m in out]
            if "type" not in message and not known and seen(message):
                out.append(message)
            if len(out) == count:
                return out
        raise AssertionError(f"closed after {len(out)} alerts")

    @staticmethod
    async def until(condition):
        """Let the loop turn until it is so."""
        while not condition():  # noqa: ASYNC110 (nobody tells us)
            await asyncio.sleep(0)

    @staticmethod
    async def closed(client):
        """Read on until the server closes; a client that does not read would not see it."""
        with contextlib.suppress(ConnectionClosedError):
            async for _ in client:
                pass

    @staticmethod
    async def get(gateway, path, **headers):
        async with httpx.AsyncClient(base_url=gateway.url, headers=headers) as client:
            return await client.get(path)


@pytest.fixture(scope="session")
def net():
    return Net


class Clock:
    """Stands until it is moved."""

    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture(scope="session")
def keys():
    return signing.generate()


@pytest.fixture(scope="session")
def alert() -> Alert:
    return Alert(
        id="e1.1",
        event="e1",
        version=1,
        kind="new",
        mode="drill",
        level="action",
        area=Area(24.0, 121.5, 100.0),
        issued=NOW,
        expires=NOW + 100,
        origin=Origin(NOW - 5, 24.0, 121.5, 15.0, 0.3, 4.0, 5.0),
        magnitude=Magnitude(6.0, 0.3, "Mpd", 5),
        rupture=None,
        field=(("wsqq", 6.0),),
        max_intensity=6.2,
        stations=5,
        source="point",
    )


@pytest.fixture(scope="session")
def version(alert):
    """The alert's later versions."""
    return lambda n, **changes: replace(alert, version=n, id=f"e1.{n}", **changes)


@pytest.fixture
def web(tmp_path):
    folder = tmp_path / "web"
    (folder / "tv").mkdir(parents=True)
    (folder / "assets").mkdir()
    (folder / "index.html").write_text("<title>phone</title>")
    (folder / "tv" / "index.html").write_text("<title>tv</title>")
    (folder / "assets" / "a-1f.js").write_text("1")
    return folder


@pytest.fixture
def open_gateway(keys, clock, web):
    """An async context that gives a gateway, started."""
    travel_times = travel_time.load()

    @contextlib.asynccontextmanager
    async def opened(**settings):
        options = {"port": 0, "stream_port": 0, "web": web, **settings}
        gateway = Gateway(keys, clock, travel_times, place=Place("here", 1.5, 2.5), **options)
        await gateway.start()
        try:
            yield gateway
        finally:
            await gateway.stop()

    return opened
