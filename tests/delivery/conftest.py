"""An alert to send, and a gateway on free ports of the loopback."""

import contextlib

import pytest
from msgspec.structs import replace

from forewave.delivery import signing
from forewave.delivery.gateway import Gateway
from forewave.earth import travel_time
from forewave.types import Alert, Area, Magnitude, Origin, Place

NOW = 1_600_000_000.0


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
