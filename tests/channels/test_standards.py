"""Push, CAP and ShakeAlert at once, from a forewave.toml: the same alert, and nothing stale."""

import asyncio
import contextlib
import json
import time
import tomllib

import httpx
import pytest
from lxml import etree
from msgspec.structs import replace
from starlette.applications import Starlette

from forewave.channels import registry
from forewave.channels.card import Context
from forewave.channels.sending.chain import Chain
from forewave.delivery.signing import unseal
from forewave.earth import geohash
from tests.channels.made import until
from tests.channels.push.push_service import Device, PushService
from tests.channels.sent import LAT, LON, an_alert, keys, travel_times
from tests.channels.shakealert.broker import Broker

__all__ = ["keys", "travel_times"]
pytestmark = pytest.mark.live

SETTINGS = """
[[channels]]
type = "web_push"
contact = "mailto:a@example.org"
services = "{service}"
[[channels]]
type = "cap"
sender = "alerts@example.org"
path = "cap"
url = "{service}/aggregator"
[[channels]]
type = "shakealert"
host = "127.0.0.1"
port = {port}
"""


@contextlib.asynccontextmanager
async def machine(folder, text, keys, travel_times):
    """A chain at work, and what fetches from it."""
    entries = registry.read("", tomllib.loads(text)["channels"], folder)
    context = Context(time.time, folder, record=folder)
    channels = registry.make_all(entries, context)
    chain = Chain(entries, channels, lambda: keys.trusted, time.time, travel_times)
    running = asyncio.create_task(chain.run())
    transport = httpx.ASGITransport(app=Starlette(routes=chain.routes()))
    try:
        await until(lambda: set(chain.states().values()) == {"open"})
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            yield chain, client
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


def signed_in(cap):
    """The signed message in a CAP document."""
    pairs = etree.fromstring(cap).findall(".//{*}parameter")
    return next(p[1].text for p in pairs if p[0].text == "forewaveMessage")


def test_all_three_have_the_same_alert_and_nothing_stale_remains(tmp_path, keys, travel_times):
    now = time.time()
    base = an_alert()
    origin = replace(base.origin, time=now - 4.0)
    alert = replace(base, issued=now, expires=now + 4.0, origin=origin)

    async def main(service):
        async with Broker() as broker:
            text = SETTINGS.format(service=service.origin, port=broker.port)
            async with machine(tmp_path, text, keys, travel_times) as (chain, client):
                device = Device(service)
                body = device.subscription(geohash.encode(LAT, LON))
                assert (await client.post("/push/subscribe", json=body)).status_code == 200
                chain.publish(keys.seal(alert))
                await until(lambda: service.received.qsize() == 2 and broker.sent)
                got = {request.path: request for request in list(service.received.queue)}
                pushed = device.read(got[device.path])
                posted = got["/aggregator"].body
                assert pushed.decode() == signed_in(posted)
                message = unseal(pushed, keys.trusted)
                event = etree.fromstring(broker.sent[0][2])
                assert event.find("core_info").get("id") == message.id == "e1"
                assert float(event.findtext("core_info/mag")) == message.m
                feed = (await client.get("/cap/feed.atom")).content
                link = etree.fromstring(feed).find("{*}entry/{*}link").get("href")
                assert (await client.get(f"/cap/{link}")).content == posted
                assert (tmp_path / "cap" / link).read_bytes() == posted
                await until(lambda: service.received.qsize() == 3)  # the end, to the phone
                await until(lambda: not list((tmp_path / "cap").iterdir()))
                feed = (await client.get("/cap/feed.atom")).content
                assert etree.fromstring(feed).find("{*}entry") is None
                assert (await client.get(f"/cap/{link}")).status_code == 404
                last = list(service.received.queue)[-1]
                assert json.loads(device.read(last))["exp"] <= time.time() * 1000
                assert len(broker.sent) == 1

    with PushService() as service:
        asyncio.run(asyncio.wait_for(main(service), 60))
