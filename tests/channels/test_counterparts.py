"""A running machine and programs that others wrote, all at once: each receives the same alert.

Home Assistant's discovery topics at an MQTT broker, a webhook, Apprise, a CAP aggregator and the
official schema, a push receiver that decrypts, a STOMP client, the library that Home Assistant
reads USGS feeds with, curl on server-sent events, and a client that keeps alive as .NET's does.
"""

import asyncio
import contextlib
import json
import shutil
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from aio_geojson_usgs_earthquakes import UsgsEarthquakeHazardsProgramFeed
from aiohttp import ClientSession
from lxml import etree
from websockets.asyncio.client import connect

from forewave.delivery.signing import unseal
from forewave.earth import geohash
from tests.channels.home_assistant.test_channel import Client, retained
from tests.channels.made import alert_now, until
from tests.channels.push.push_service import Device, PushService
from tests.channels.shakealert.broker import Broker as StompBroker
from tests.channels.shakealert.test_channel import TOPIC, Listener, stomp
from tests.channels.test_all import USUAL, in_earnest, machine
from tests.channels.test_people import Sink
from tests.channels.test_webhook import listening
from tests.live import live_made
from tests.sources.broker import Broker

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed"),
]

SCHEMA = Path(__file__).parents[1] / "reference" / "schemas" / "CAP-v1.2.xsd"
LAT, LON = 24.5, 121.5
PLACE = f'place = [{LAT}, {LON}]\nplace_name = "School"\n'
CHANNELS = (
    USUAL
    + """
[[channels]]
type = "cap"
sender = "alerts@example.org"
url = "{aggregator}/cap"
[[channels]]
type = "shakealert"
host = "127.0.0.1"
port = {stomp}
"""
)
PUSH = '[[channels]]\ntype = "web_push"\ncontact = "mailto:a@example.org"\nservices = "{}"\n'
KEEP_ALIVE = 0.05  # seconds between two unsolicited pongs; .NET's client sends one every 30 s


class Stream:
    """Messages of the stream as some client receives them."""

    def __init__(self):
        self.got = []

    def alerts(self):
        return [message for message in self.got if b'"type"' not in message]


@contextlib.asynccontextmanager
async def reading(work):
    """A stream that a task fills."""
    stream = Stream()
    task = asyncio.create_task(work(stream))
    try:
        yield stream
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def by_curl(url):
    async def work(stream):
        process = await asyncio.create_subprocess_exec(
            *("curl", "-sN", url + "events"), stdout=asyncio.subprocess.PIPE
        )
        try:
            while line := await process.stdout.readline():
                if line.startswith(b"data: "):
                    stream.got.append(line.removeprefix(b"data: ").strip())
        finally:
            process.terminate()
            await process.wait()

    return reading(work)


def by_dotnet(url):
    async def work(stream):
        address = url.replace("http", "ws", 1) + "stream"
        async with connect(address, compression=None, ping_interval=None) as client:

            async def keep_alive():
                while True:
                    await client.pong()
                    await asyncio.sleep(KEEP_ALIVE)

            alive = asyncio.create_task(keep_alive())
            try:
                async for text in client:
                    stream.got.append(text.encode())
            finally:
                alive.cancel()

    return reading(work)


@contextlib.asynccontextmanager
async def by_stomp(port):
    listener = Listener()
    client = stomp.Connection12([("127.0.0.1", port)], auto_decode=False)
    client.set_listener("", listener)
    await asyncio.to_thread(client.connect, wait=True)
    client.subscribe(TOPIC, id="1", ack="auto")
    try:
        yield listener
    finally:
        await asyncio.to_thread(client.disconnect)


async def usgs(url):
    """Ids of the events that the library for USGS finds in our feed."""
    async with ClientSession() as session:
        feed = UsgsEarthquakeHazardsProgramFeed(session, (LAT, LON), "past_hour_all_earthquakes")
        feed._url = url.rstrip("/") + urlsplit(feed._url).path
        status, entries = await feed.update()
        assert status == "OK"
        return {entry.external_id for entry in entries}


async def cap_feed(page):
    """The documents that the CAP feed leads to; each fits the schema."""
    feed = etree.fromstring((await page.get("/cap/feed.atom")).content)
    links = [link.get("href") for link in feed.findall("{*}entry/{*}link")]
    documents = [(await page.get(f"/cap/{link.rpartition('/')[2]}")).content for link in links]
    for document in documents:
        etree.XMLSchema(file=str(SCHEMA)).assertValid(etree.fromstring(document))
    return documents


@pytest.fixture
def brokers(tmp_path):
    """MQTT, Apprise's sink, a CAP aggregator and a push service."""
    (tmp_path / "mqtt").mkdir()
    mqtt, sink = Broker.if_there(tmp_path / "mqtt"), Sink()
    with PushService() as aggregator, PushService() as pushes:
        yield mqtt, sink, aggregator, pushes
    sink.close()
    mqtt.kill()


def folder_of(tmp_path, recording, text):
    source = live_made.seedlink(9) + text.replace("[[channels]]\n", f"[[channels]]\n{PLACE}")
    return in_earnest(tmp_path / "machine", recording, source)


@pytest.mark.timeout(200)
def test_programs_of_others_receive_the_same_alert_and_on_expiry_nothing_stale_remains(
    recording, tmp_path, brokers
):
    mqtt, sink, aggregator, pushes = brokers

    async def main():
        async with contextlib.AsyncExitStack() as stack:
            enter = stack.enter_async_context
            hook, webhook = await enter(listening())
            stomp_broker = await enter(StompBroker())
            text = CHANNELS.format(
                webhook=webhook,
                broker=mqtt.port,
                sink=sink.server.server_port,
                aggregator=aggregator.origin,
                stomp=stomp_broker.port,
            ) + PUSH.format(pushes.origin)
            home = await enter(Client(mqtt))
            eews = await enter(by_stomp(stomp_broker.port))
            live = await enter(machine(folder_of(tmp_path, recording, text)))
            url, trusted = live.gateway.url, live.gateway._keys.trusted
            page = await enter(httpx.AsyncClient(base_url=url))
            curl, dotnet = await enter(by_curl(url)), await enter(by_dotnet(url))
            phone = Device(pushes)
            cell = geohash.encode(LAT, LON)
            answer = await page.post("/push/subscribe", json=phone.subscription(cell))
            assert answer.status_code == 200, answer.text
            await until(lambda: set(live.channels.states().values()) == {"open"})
            await until(lambda: curl.got and dotnet.got)  # their first heartbeats

            live.outputs.step(live.loop.clock(), [alert_now(lasts=6.0, event="quake")], True)

            await until(lambda: hook.requests and curl.alerts() and dotnet.alerts())
            await until(lambda: home.now.get("forewave/school/message", b"") != b"")
            pushed = phone.read(await asyncio.to_thread(pushes.next))
            message = json.loads(hook.requests[0][2])["message"]
            same = {
                json.dumps(message, sort_keys=True, separators=(",", ":")).encode(),
                home.now["forewave/school/message"],
                curl.alerts()[0],
                dotnet.alerts()[0],
                pushed,
            }
            assert len(same) == 1
            assert unseal(same.pop(), trusted).id == "quake"
            await until(lambda: sink.got)
            assert "School" in sink.got[0]["message"]
            assert (await asyncio.to_thread(aggregator.next)).body == (await cap_feed(page))[0]
            event = etree.fromstring(await asyncio.to_thread(eews.got.get, timeout=20))
            assert (event.get("message_type"), event.get("category")) == ("new", "live")
            assert await usgs(url) == {"quake"}
            assert not live.gateway.stream.counts

            counts = live.channels.tallies()
            done = [name for name in counts if name != "channels"]
            await until(lambda: all(counts[name]["expired"] for name in done))
            kept = await retained(mqtt)
            assert kept["forewave/school/alert"] == b"OFF"
            assert "forewave/school/message" not in kept
            assert await cap_feed(page) == []
            seen = len(curl.alerts()), len(dotnet.alerts())
            async with by_dotnet(url) as late:
                await until(lambda: late.got)
                await asyncio.sleep(1.5)
                assert late.alerts() == []
            assert (len(curl.alerts()), len(dotnet.alerts())) == seen

    asyncio.run(main())
