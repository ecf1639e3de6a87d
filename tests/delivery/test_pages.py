import asyncio
import base64
import hashlib

import pytest
from starlette.testclient import TestClient

from forewave.delivery import pages, signing
from forewave.delivery.pages import HOW_TO_BUILD
from forewave.earth import towns


def test_pages_and_tables(net, open_gateway, keys):
    async def work():
        async with open_gateway() as gateway:
            assert gateway.pages_built
            assert "phone" in (await net.get(gateway, "/")).text
            assert "<title>tv" in (await net.get(gateway, "/tv")).text
            moved = await net.get(gateway, "/tv/?token=x")
            assert (moved.status_code, moved.headers["location"]) == (308, "../tv?token=x")
            assert (await net.get(gateway, "/console")).status_code == 503
            assert (await net.get(gateway, "/nothing")).status_code == 404
            config = (await net.get(gateway, "/config.json")).json()
            assert config["stream_port"] == gateway.port
            assert (config["stream"], config["events"]) == ("stream", "events")
            assert config["keys"] == {keys.id: signing.base64url(keys.trusted[keys.id])}
            assert config["place"] == {"name": "here", "lat": 1.5, "lon": 2.5}
            table = (await net.get(gateway, "/travel_times.json")).json()
            rows, columns = len(table["distance_km"]), len(table["depth_km"])
            assert [len(row) for row in table["s"]] == [columns] * rows
            listed = (await net.get(gateway, "/towns.json")).json()
            assert len(listed) > 20_000
            assert listed[0][3] >= listed[1][3]
            assert (await net.get(gateway, "/healthz")).json() == {
                "status": "ok",
                "connected": 0,
                "live": 0,
                "cut_off": {},
            }

    net.run(work())


def test_headers_keep_the_pages_to_themselves(net, open_gateway):
    async def work():
        async with open_gateway() as gateway:
            page, asset = await net.get(gateway, "/"), await net.get(gateway, "/assets/a-1f.js")
            policy = page.headers["content-security-policy"]
            assert "default-src 'self';" in policy
            assert f"connect-src 'self' ws://127.0.0.1:{gateway.port} wss:" in policy
            assert "frame-ancestors 'self'" in policy
            assert page.headers["cache-control"] == "no-cache"
            assert page.headers["x-content-type-options"] == "nosniff"
            assert page.headers["referrer-policy"] == "no-referrer"
            assert "immutable" in asset.headers["cache-control"]
            assert "set-cookie" not in page.headers
            injected = await net.get(gateway, "/", host="x; script-src *")
            assert "script-src" not in injected.headers.get("content-security-policy", "")
            named = await net.get(gateway, "/", host="evil;img-src")
            assert "evil" not in named.headers.get("content-security-policy", "")
            assert "content-security-policy" not in asset.headers  # of use for documents only

    net.run(work())


@pytest.mark.parametrize(
    ("host", "stream"),
    [
        ("warn.example", "ws://warn.example wss://warn.example"),
        ("warn.example:8443", "ws://warn.example:8443 wss://warn.example:8443"),
        ("[::1]:8460", "ws: wss:"),
        ("evil;img-src *", "ws: wss:"),
        ("evil *", "ws: wss:"),
        ("evil:80:80", "ws: wss:"),
    ],
)
def test_a_policy_names_the_host_only_where_it_is_nothing_else(web, host, stream):
    client = TestClient(pages.pages({}, {}, web))
    policy = client.get("/", headers={"host": host}).headers["content-security-policy"]
    assert f"connect-src 'self' {stream};" in policy


def test_only_the_scripts_of_the_pages_themselves_may_run_within_them(net, open_gateway, web):
    (web / "index.html").write_text(
        "<script> 1 < 2\n</script><script defer src='/assets/a'></script>"
    )
    digest = base64.b64encode(hashlib.sha256(b" 1 < 2\n").digest()).decode()

    async def work():
        async with open_gateway() as gateway:
            policy = (await net.get(gateway, "/")).headers["content-security-policy"]
            assert f"script-src 'self' 'sha256-{digest}';" in policy
            assert "unsafe" not in policy.split("script-src")[1].split(";")[0]

    net.run(work())


def test_tables_are_sent_compressed_to_those_who_can(net, open_gateway):
    async def work():
        async with open_gateway() as gateway:
            small = await net.get(gateway, "/towns.json", **{"accept-encoding": "gzip"})
            least = await net.get(gateway, "/towns.json", **{"accept-encoding": "gzip, br"})
            assert least.headers["content-encoding"] == "br"
            assert int(least.headers["content-length"]) < int(small.headers["content-length"])
            assert least.json() == small.json()
            plain = await net.get(gateway, "/towns.json", **{"accept-encoding": "identity"})
            assert small.headers["content-encoding"] == "gzip"
            assert small.headers["vary"] == "Accept-Encoding"
            assert int(small.headers["content-length"]) < int(plain.headers["content-length"]) / 2
            assert small.json() == plain.json()

    net.run(work())


def test_nothing_outside_the_pages_is_served(net, open_gateway, web):
    (web.parent / "secret").write_text("secret")

    async def work():
        async with open_gateway() as gateway:
            reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
            writer.write(
                b"GET /%2e%2e/secret HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
            )
            answer = await reader.read()
            assert b" 404 " in answer.split(b"\r\n")[0]
            assert b"secret" not in answer
            writer.close()

    net.run(work())


def test_missing_pages_say_how_to_build_them(net, open_gateway, tmp_path):
    async def work():
        async with open_gateway(web=tmp_path / "none") as gateway:
            assert not gateway.pages_built
            page = await net.get(gateway, "/")
            assert (page.status_code, page.text) == (503, HOW_TO_BUILD)

    net.run(work())


def test_the_tables_say_what_the_server_knows(travel_times):
    table, known = pages.travel_time_table(travel_times), travel_times.coarse()
    for phase, seconds in (("p", known.p), ("s", known.s)):
        assert table[phase] == seconds.tolist()
    assert table["distance_km"] == known.distances_km.tolist()
    assert table["depth_km"] == known.depths_km.tolist()
    assert table["s"][3][2] > table["p"][3][2]
    name, lat, lon, population, country = pages.town_table()[0]
    town = towns.all_towns()[0]
    assert (name, population, country) == (town.name, town.population, town.country)
    assert (lat, lon) == pytest.approx((town.lat, town.lon), abs=1e-4)
