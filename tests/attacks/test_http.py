"""What anybody on the network may try with the pages' server and with phones' triggers."""

import asyncio
import json

import httpx
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from forewave.archive import travel_time
from forewave.delivery import signing
from forewave.delivery.gateway import Gateway
from forewave.delivery.pages import pages
from forewave.delivery.status import routes
from forewave.earth import geohash
from forewave.network_address import network_of
from forewave.sources.phones import EACH_CELLS, PATH, Phones
from forewave.types import Channel, Station, StreamId

NOW = 1.79e9
STATION = Station(
    "XX.ABC", 24.0, 121.0, 0.0, (Channel(StreamId("XX", "ABC", "", "HNZ"), 1.0, "m/s^2", 100.0),)
)
LETTERS = "0123456789bcdefghjkmnpqrstuvwxyz"


def phones():
    return Phones(lambda: NOW, lambda now, sighting: None, [STATION])


HERE = geohash.encode(24.0, 121.0, 5)


def trigger(cell=HERE):
    return json.dumps({"t": NOW - 0.5, "peak": 0.1, "cell": cell})


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 204),
        ({"origin": "http://testserver"}, 204),
        ({"sec-fetch-site": "same-origin", "origin": "https://warn.example"}, 204),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
    ],
)
def test_the_page_of_another_site_sends_no_trigger(headers, status):
    client = TestClient(Starlette(routes=[phones().route()]))
    assert client.post(PATH, content=trigger(), headers=headers).status_code == status


def test_one_client_makes_no_wave_front_by_saying_who_it_is():
    """Six cells with six X-Forwarded-For from this machine: two are taken, as of one address."""
    made = phones()

    async def work():
        gateway = Gateway(
            signing.generate(),
            lambda: NOW,
            travel_time.load(),
            port=0,
            stream_port=0,
            routes=[made.route()],
        )
        await gateway.start()
        async with httpx.AsyncClient(base_url=gateway.url, trust_env=False) as client:
            found = []
            for number in range(6):
                cell = geohash.encode(24.0 + 0.1 * number, 121.0, 5)
                headers = {"X-Forwarded-For": f"10.0.{number}.1"}
                answer = await client.post(PATH, content=trigger(cell), headers=headers)
                found.append(answer.status_code)
            rebound = await client.get("/config.json", headers={"Host": "evil.example"})
        await gateway.stop()
        return found, rebound.status_code

    found, rebound = asyncio.run(work())
    assert found.count(204) == EACH_CELLS
    assert rebound == 421


def test_cells_that_are_far_away_take_no_room():
    made = phones()
    cells = [f"{a}{b}{c}00" for a in "9dc" for b in LETTERS for c in LETTERS]
    for number, cell in enumerate(cells):
        made.take(trigger(cell).encode(), f"10.{number // 256}.{number % 256}.1")
    assert made.triggers == 0
    assert made.dropped["far from every station"] == len(cells)
    assert made.take(trigger().encode(), "10.200.0.1").status_code == 204


def test_the_addresses_of_one_line_are_one():
    assert network_of("2001:db8:1:2::1") == network_of("2001:db8:1:2:ffff::9")
    assert network_of("2001:db8:1:2::1") != network_of("2001:db8:1:3::1")
    assert network_of("::ffff:10.0.0.1") == network_of("10.0.0.1") == network_of("10.0.0.200")
    assert network_of("10.0.0.1") != network_of("10.0.1.1")
    assert network_of("testclient") == "testclient"


class Status:
    def alive(self):
        return True, {}

    def ready(self):
        return True, {}

    def snapshot(self):
        return {}

    def metrics(self, snapshot):
        return b"x 1\n"

    def facts(self, snapshot):
        return {"secret": 1}


@pytest.mark.parametrize("path", ["/metrics", "/status.json"])
def test_the_inner_state_is_for_this_machine_and_for_who_has_the_token(path):
    def asked(client, token="", **more):
        app = pages({}, {}, more=routes(Status(), token))
        return TestClient(app, client=(client, 1)).get(path, **more).status_code

    assert asked("127.0.0.1") == 200
    assert asked("10.0.0.1") == 403
    assert asked("10.0.0.1", "s") == 403
    assert asked("10.0.0.1", "s", headers={"Authorization": "Bearer s"}) == 200
    assert asked("10.0.0.1", "s", params={"token": "s"}) == 200


def test_a_trigger_that_breaks_off_is_counted_and_no_line_of_the_log(caplog):
    """Whoever connects could else write a traceback each time."""
    made = phones()

    async def work():
        options = {"port": 0, "stream_port": 0, "routes": [made.route()]}
        gateway = Gateway(signing.generate(), lambda: NOW, travel_time.load(), **options)
        await gateway.start()
        _, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
        writer.write(b"POST /triggers HTTP/1.1\r\nHost: localhost\r\nContent-Length: 50\r\n\r\n{")
        while not gateway._server.server_state.tasks:  # noqa: ASYNC110 (nobody tells us)
            await asyncio.sleep(0)
        writer.transport.abort()
        while not made.dropped:  # noqa: ASYNC110 (nobody tells us)
            await asyncio.sleep(0)
        await gateway.stop()

    asyncio.run(asyncio.wait_for(work(), 20.0))
    assert made.dropped == {"gone before it was sent": 1}
    assert caplog.records == []
