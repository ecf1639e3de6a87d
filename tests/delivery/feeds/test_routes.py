"""Over HTTP, against a real gateway."""

import asyncio
import json
from urllib.parse import quote, unquote, urlencode, urlsplit

import pytest
from aio_geojson_usgs_earthquakes import UsgsEarthquakeHazardsProgramFeed
from aio_geojson_usgs_earthquakes.consts import URLS
from aiohttp import ClientSession
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from starlette.applications import Starlette

from forewave.delivery import signing
from forewave.delivery.feeds.history import AlertHistory
from forewave.delivery.feeds.parameters import ALERTS, EVENTS
from forewave.delivery.feeds.routes import routes
from tests.client import made
from tests.client.made import KEYS
from tests.delivery.conftest import NOW

HEADERS = ("if-none-match", "if-modified-since", "accept-encoding")
ONE = AlertHistory(KEYS.trusted, [made.sealed()])


def test_what_is_published_is_in_all_feeds_at_once(net, served, history, alert):
    async def whole():
        async with served(history) as client:
            empty = await client.get("/api/alerts")
            signed = client.gateway.publish(replace(alert, mode="actual"))
            alerts = await client.get("/api/alerts")
            events = await client.get("/api/events")
            atom = await client.get("/api/alerts.atom")
            return empty, signed, alerts, events, atom

    empty, signed, alerts, events, atom = net.result(whole())
    assert empty.json() == {"alerts": [], "more": False}
    [record] = alerts.json()["alerts"]
    assert record["message"].encode() == signed
    assert [feature["id"] for feature in events.json()["features"]] == ["e1"]
    assert b"<title>M 6.0 - " in atom.content


def test_the_client_for_usgs_reads_our_feed(net, served, filled):
    """aio-geojson-usgs-earthquakes, as Home Assistant uses it, with our address for theirs."""

    async def whole():
        async with served(filled) as client, ClientSession() as session:
            feed = UsgsEarthquakeHazardsProgramFeed(
                session, (24.0, 121.5), "past_day_all_earthquakes"
            )
            feed._url = client.gateway.url.rstrip("/") + urlsplit(feed._url).path
            return await feed.update()

    status, [entry] = net.result(whole())
    assert status == "OK"
    assert (entry.external_id, entry.magnitude, entry.status) == ("a", 6.4, "automatic")
    assert entry.type == "earthquake"
    assert entry.title.startswith("M 6.4 - ")
    assert entry.coordinates == (24.0, 121.5)
    assert entry.distance_to_home == pytest.approx(0.0, abs=0.1)
    assert (entry.time.timestamp(), entry.updated.timestamp()) == (NOW - 5, NOW - 40)
    assert "Past Day" in entry.attribution


@pytest.mark.parametrize("url", sorted(URLS.values()))
def test_every_address_of_usgs_answers(net, served, filled, url):
    async def whole():
        async with served(filled) as client:
            return await client.get(urlsplit(url).path)

    found = net.result(whole()).json()
    assert found["metadata"]["count"] == len(found["features"]) <= 1


def test_who_asks_again_gets_304_until_something_is_published(net, served, history, alert):
    async def whole():
        async with served(history) as client:
            first = await client.get("/api/alerts")
            tag = {"If-None-Match": first.headers["etag"]}
            again = await client.get("/api/alerts", headers=tag)
            client.gateway.publish(replace(alert, mode="actual"))
            return again, await client.get("/api/alerts", headers=tag)

    again, after = net.result(whole())
    assert (again.status_code, again.content) == (304, b"")
    assert (after.status_code, len(after.json()["alerts"])) == (200, 1)


def test_a_page_of_another_site_may_read_it_and_nothing_else(net, served, filled):
    async def whole():
        async with served(filled) as client:
            preflight = await client.options(
                "/api/alerts",
                headers={"Origin": "https://example.org", "Access-Control-Request-Method": "GET"},
            )
            head = await client.head("/api/events")
            refused = [await client.request(m, "/api/alerts") for m in ("POST", "PUT", "DELETE")]
            wrong = await client.get("/api/alerts?limit=0")
            return preflight, head, refused, wrong

    preflight, head, refused, wrong = net.result(whole())
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    for response in (preflight, head, wrong):
        assert response.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in response.headers
        assert "set-cookie" not in response.headers
    assert (head.status_code, head.content) == (200, b"")
    assert [response.status_code for response in refused] == [405] * 3


def test_it_is_compressed_on_the_wire(net, served, filled):
    async def whole():
        async with served(filled) as client:
            return [
                await client.get("/api/alerts", headers={"Accept-Encoding": coding})
                for coding in ("gzip", "identity")
            ]

    small, plain = net.result(whole())
    assert small.headers["content-encoding"] == "gzip"
    assert int(small.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert small.json() == plain.json()


def test_a_hundred_clients_at_once_get_the_same_answer_built_once(net, served, filled):
    async def whole():
        async with served(filled) as client:
            found = await asyncio.gather(*(client.get("/api/alerts") for _ in range(100)))
            return [(response.status_code, response.content) for response in found]

    assert len(set(net.result(whole()))) == 1


def test_alerts_during_many_requests_are_published_at_once_and_no_answer_is_torn(
    net, served, history, alert
):
    """Different queries, so that nothing is shared, while twenty versions are published."""

    async def whole():
        async with served(history) as client:

            async def ask(i):
                return await client.get(f"/api/alerts?since={i}")

            asking = [asyncio.create_task(ask(i)) for i in range(100)]
            for version in range(1, 21):
                client.gateway.publish(
                    replace(alert, mode="actual", version=version, issued=NOW + version)
                )
                await asyncio.sleep(0)
            answers = await asyncio.gather(*asking)
            return answers, await ask(0)

    answers, last = net.result(whole())
    assert {response.status_code for response in answers} <= {200, 503}
    for response in answers:
        if response.status_code == 200:
            versions = [record["version"] for record in response.json()["alerts"]]
            assert versions == list(range(len(versions), 0, -1))
    assert len(last.json()["alerts"]) == 20


def test_a_damaged_archive_gives_what_is_sound(net, served, keys, sealed, tmp_path):
    from forewave.archive import alert_archive

    good = [sealed(event=f"e{i}", issued=NOW - i) for i in range(5)]
    altered = good[1].replace(b'"m":6', b'"m":9')
    path = tmp_path / alert_archive.NAME
    path.write_bytes(
        b"\n".join([good[0], altered, b"\x00\xff" * 5000, good[2][:80], *good[3:], b'{"'])
    )
    history = AlertHistory(keys.trusted, alert_archive.read(path, 100))

    async def whole():
        async with served(history) as client:
            return (await client.get("/api/alerts")).json()["alerts"]

    found = net.result(whole())
    assert [record["event"] for record in found] == ["e0", "e3", "e4"]
    for record in found:
        signing.unseal(record["message"], keys.trusted)


def test_the_address_of_details_is_the_one_that_the_client_used(net, served, filled):
    async def whole():
        async with served(filled) as client:
            port = client.gateway.port
            found = await client.get("/api/events", headers={"Host": f"localhost:{port}"})
            [feature] = found.json()["features"]
            detail = await client.get(urlsplit(feature["properties"]["detail"]).path)
            return feature, detail.json(), port

    feature, detail, port = net.result(whole())
    assert feature["properties"]["detail"] == f"http://localhost:{port}/api/events/a"
    assert detail["properties"]["mag"] == 6.4


def test_the_largest_answer_is_small_enough(net, served, keys, sealed):
    """A full history, the greatest limit: below a megabyte, and a tenth of that compressed."""
    past = [sealed(event=f"e{i}", issued=NOW - i) for i in range(600)]

    async def whole():
        async with served(AlertHistory(keys.trusted, past)) as client:
            return await client.get("/api/alerts?limit=500")

    response = net.result(whole())
    assert len(response.json()["alerts"]) == 500
    assert len(response.content) < 1_000_000
    assert int(response.headers["content-length"]) < 250_000
    assert response.json()["more"]


PATHS = ("/api/alerts", "/api/alerts.atom", "/api/events", "/api/events/", "/api/openapi.json")
HOSTS = ("here", "", "a b", "[::1", "x" * 400, "h:99999999", "\x80", "e/..//?#")


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(PATHS),
    st.text(max_size=20),
    st.lists(st.tuples(st.sampled_from([*ALERTS, *EVENTS, "x"]), st.text(max_size=12)), max_size=3),
    st.sampled_from(HOSTS),
    st.dictionaries(st.sampled_from(HEADERS), st.text(st.characters(max_codepoint=255))),
)
def test_no_request_is_a_fault_of_the_server(path, more, query, host, headers):
    """Any path, query, host and conditions: an answer, or an error that says what is wrong."""
    app = Starlette(routes=routes(ONE, lambda: NOW))
    raw = f"{path}{quote(more)}?{urlencode(query, errors='replace')}"
    given = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    scope = {
        "type": "http",
        "method": "GET",
        "path": unquote(raw.partition("?")[0]),
        "query_string": raw.partition("?")[2].encode(),
        "headers": [(b"host", host.encode("latin-1")), *given],
        "server": ("127.0.0.1", 1),
        "scheme": "http",
        "root_path": "",
    }
    sent = []

    async def whole():
        async def receive():
            return {"type": "http.request"}

        async def send(message):
            sent.append(message)

        await app(scope, receive, send)

    asyncio.run(asyncio.wait_for(whole(), 30))
    status = sent[0]["status"]
    assert status in (200, 304, 400, 404)
    if status == 400:
        body = json.loads(sent[1]["body"])
        assert body["detail"].startswith(body["parameter"])
