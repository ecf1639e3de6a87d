import asyncio

import pytest

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
            for path in ("/console", "/status"):  # there is nothing that they could show
                assert (await net.get(gateway, path)).status_code == 404
            assert (await net.get(gateway, "/sensor")).status_code == 503
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
                "reports": {"taken": {}, "refused": {}},
            }

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
