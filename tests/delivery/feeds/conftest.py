"""Messages for the feeds, and requests to a gateway that serves them."""

import contextlib

import httpx
import pytest
from msgspec.structs import replace

from forewave.delivery.feeds.history import AlertHistory
from tests.delivery.conftest import NOW


@pytest.fixture
def sealed(keys, alert):
    """The signed message of the alert, actual unless changed."""

    def seal(mode="actual", magnitude=None, **changes):
        size = alert.magnitude if magnitude is None else replace(alert.magnitude, value=magnitude)
        return keys.seal(replace(alert, mode=mode, magnitude=size, **changes))

    return seal


@pytest.fixture
def history(keys):
    return AlertHistory(keys.trusted)


@pytest.fixture
def filled(history, sealed):
    """Two versions of one event, another event cancelled as false, a drill and a test."""
    for signed in (
        sealed(event="a", issued=NOW - 50.0),
        sealed(event="a", version=2, issued=NOW - 40.0, magnitude=6.4),
        sealed(event="b", issued=NOW - 30.0),
        sealed(event="b", version=2, issued=NOW - 20.0, kind="cancel", why="false"),
        sealed(event="c", issued=NOW - 10.0, mode="drill"),
        sealed(event="d", issued=NOW - 5.0, mode="test"),
    ):
        history.add(signed)
    return history


@pytest.fixture
def served(open_gateway):
    """An async context: a client of a gateway with this history."""

    @contextlib.asynccontextmanager
    async def opened(history, **settings):
        async with (
            open_gateway(history=history, **settings) as gateway,
            httpx.AsyncClient(base_url=gateway.url, timeout=60.0) as client,
        ):
            client.gateway = gateway
            yield client

    return opened
