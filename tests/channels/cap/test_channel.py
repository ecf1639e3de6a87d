"""The channel: feed, folder and aggregator have the same document, and nothing stale."""

import asyncio

import httpx
import pytest
from lxml import etree
from starlette.applications import Starlette

from forewave.channels import registry
from forewave.channels.cap.channel import CARD, CapChannel, CapSettings
from forewave.channels.cap.document import NAMESPACE
from forewave.channels.card import Context, DeliveryError
from forewave.errors import ConfigError
from tests.channels.push.push_service import PushService
from tests.channels.sent import NOW

pytestmark = pytest.mark.live

SENDER = "alerts@example.org"


class Served:
    """A channel, its clock, and somebody who fetches from it."""

    def __init__(self, folder, **settings):
        self.now = NOW
        chosen = CapSettings(sender=SENDER, **settings)
        self.channel = CapChannel(chosen, Context(lambda: self.now, folder, record=folder))

    async def __aenter__(self):
        await self.channel.open()
        app = Starlette(routes=list(self.channel.routes()))
        transport = httpx.ASGITransport(app=app)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://here")
        return self

    async def __aexit__(self, *_):
        await self.client.aclose()
        await self.channel.close()

    async def get(self, path):
        return await self.client.get(f"/cap/{path}")

    async def live(self):
        """The documents that the feed leads to."""
        answer = await self.get("feed.atom")
        links = etree.fromstring(answer.content).findall("{*}entry/{*}link")
        return [(await self.get(link.get("href"))).content for link in links]


@pytest.fixture
def aggregator():
    with PushService() as service:
        yield service


def text(xml, name):
    return etree.fromstring(xml).findtext(f"{{{NAMESPACE}}}{name}")


def run(work):
    async def limited():
        async with asyncio.timeout(60):
            await work()

    asyncio.run(limited())


def test_feed_folder_and_aggregator_have_the_same_document(tmp_path, aggregator, notify):
    folder = tmp_path / "out"
    url = aggregator.origin + "/cap"

    async def work():
        async with Served(tmp_path, path=str(folder), url=url, token="secret") as served:
            await served.channel.send(notify("first"))
            [document] = await served.live()
            posted = aggregator.next()
            assert posted.body == document
            assert posted.headers["authorization"] == "Bearer secret"
            assert posted.headers["content-type"] == "application/cap+xml"
            [file] = folder.iterdir()
            assert file.read_bytes() == document
            assert file.name == "forewave-e1-1.xml"

    run(work)


def test_a_cancel_takes_the_place_of_the_alert_everywhere(tmp_path, notify):
    folder = tmp_path / "out"

    async def work():
        async with Served(tmp_path, path=str(folder)) as served:
            await served.channel.send(notify("first"))
            await served.channel.send(notify("higher", version=2, kind="update"))
            cancel = notify("cancel", version=5, kind="cancel", why="false", expires=NOW + 86_400)
            await served.channel.send(cancel)
            [document] = await served.live()
            assert text(document, "msgType") == "Cancel"
            references = text(document, "references").split()
            assert [each.split(",")[1] for each in references] == [
                "forewave-e1-1",
                "forewave-e1-2",
            ]
            assert [file.name for file in folder.iterdir()] == ["forewave-e1-5.xml"]
            served.now = NOW + 300
            await served.channel.expire("e1")
            assert await served.live() == [document]
            served.now = NOW + 86_401
            await served.channel.expire("e1")
            assert await served.live() == []
            assert list(folder.iterdir()) == []

    run(work)


def test_what_expires_goes_by_itself(tmp_path, notify, monkeypatch):
    monkeypatch.setattr("forewave.channels.cap.channel.SWEEP", 0.01)
    folder = tmp_path / "out"

    async def work():
        async with Served(tmp_path, path=str(folder)) as served:
            sweeping = asyncio.create_task(served.channel.work())
            await served.channel.send(notify("first"))
            await served.channel.send(notify("final"))
            assert len(await served.live()) == 1
            served.now = NOW + 180.0
            assert await served.live() == []
            assert (await served.get("forewave-e1-1.xml")).status_code == 404
            while list(folder.iterdir()):  # noqa: ASYNC110 (another task removes it)
                await asyncio.sleep(0.01)
            sweeping.cancel()

    run(work)


def test_after_a_restart_an_update_still_refers_to_every_version(tmp_path, notify):
    async def work():
        async with Served(tmp_path) as served:
            await served.channel.send(notify("first"))
        async with Served(tmp_path) as served:
            assert len(await served.live()) == 1
            await served.channel.send(notify("higher", version=3, kind="update"))
            [document] = await served.live()
            assert text(document, "references").split(",")[1] == "forewave-e1-1"

    run(work)


def test_nothing_of_a_test_is_left(tmp_path, notify):
    record, folder = tmp_path / "record", tmp_path / "out"

    async def work():
        async with Served(record, path=str(folder)) as served:
            await served.channel.send(notify("first", mode="test"))
            [document] = await served.live()
            assert text(document, "status") == "Test"
            await served.channel.expire("e1")
            assert await served.live() == []
            assert list(folder.iterdir()) == []

    run(work)


def test_files_that_are_stale_at_the_start_are_removed_and_no_others(tmp_path, notify):
    folder = tmp_path / "out"
    folder.mkdir()

    async def work():
        async with Served(tmp_path, path=str(folder)) as served:
            await served.channel.send(notify("first"))
        (folder / "forewave-old-1.xml").write_text("of a run that was killed")
        (folder / "mine.xml").write_text("of somebody else")
        async with Served(tmp_path, path=str(folder)):
            names = {file.name for file in folder.iterdir()}
            assert names == {"forewave-e1-1.xml", "mine.xml"}

    run(work)


def test_a_version_that_is_sent_again_does_not_refer_to_itself(tmp_path, aggregator, notify):
    aggregator.answers["/cap"] = [(503, {}), (201, {})]

    async def work():
        async with Served(tmp_path, url=aggregator.origin + "/cap") as served:
            with pytest.raises(DeliveryError, match="503") as failed:
                await served.channel.send(notify("first"))
            assert failed.value.retry
            await served.channel.send(notify("first"))

    run(work)
    one, two = aggregator.next(), aggregator.next()
    assert one.body == two.body
    assert text(two.body, "msgType") == "Alert"


@pytest.mark.parametrize(
    ("status", "retry"), [(400, False), (401, False), (302, False), (429, True)]
)
def test_what_the_aggregator_refuses_for_good_is_not_tried_again(
    tmp_path, aggregator, notify, status, retry
):
    aggregator.answers["/cap"] = [(status, {})]

    async def work():
        async with Served(tmp_path, url=aggregator.origin + "/cap") as served:
            with pytest.raises(DeliveryError, match=str(status)) as failed:
                await served.channel.send(notify("first"))
            assert failed.value.retry is retry

    run(work)


def test_an_aggregator_that_is_away_does_not_keep_the_document_from_the_feed(tmp_path, notify):
    with PushService() as gone:
        url = gone.origin + "/cap"

    async def work():
        async with Served(tmp_path, url=url) as served:
            with pytest.raises(DeliveryError, match="no connection"):
                await served.channel.send(notify("first"))
            assert len(await served.live()) == 1

    run(work)


def test_what_is_stored_and_no_longer_readable_is_logged_and_left(tmp_path, notify, caplog):
    (tmp_path / "cap.cap.json").write_text('{"e1": 3}')

    async def work():
        async with Served(tmp_path) as served:
            assert await served.live() == []
            await served.channel.send(notify("first"))
            assert len(await served.live()) == 1

    run(work)
    assert "cap.cap.json" in caplog.text


def test_without_a_feed_there_are_no_routes(tmp_path):
    assert list(Served(tmp_path, feed=False).channel.routes()) == []


@pytest.mark.parametrize("sender", ["", "a b", "a,b", "<a>", "a&b", "a\nb"])
def test_a_sender_that_cap_forbids_is_an_error(tmp_path, sender):
    with pytest.raises(ConfigError, match="sender"):
        CapChannel(CapSettings(sender=sender), Context(lambda: NOW, tmp_path))


def test_a_token_without_tls_is_pointed_out():
    assert registry.CHANNELS["cap"] is CARD
    plain = CapSettings(sender=SENDER, url="http://a.example.org/", token="x")
    [exposure] = CARD.exposure(plain)
    assert "unencrypted" in exposure.what
    secure = CapSettings(sender=SENDER, url="https://a.example.org/", token="x")
    assert list(CARD.exposure(secure)) == []


def test_a_folder_that_cannot_be_written_keeps_nothing_from_the_aggregator(
    tmp_path, aggregator, notify
):
    (tmp_path / "file").write_text("in the way")
    settings = {"path": str(tmp_path / "file" / "out"), "url": aggregator.origin + "/cap"}

    async def work():
        async with Served(tmp_path, **settings) as served:
            with pytest.raises(DeliveryError, match="cannot write: ") as failed:
                await served.channel.send(notify("first"))
            assert failed.value.retry
            assert aggregator.next().body

    run(work)
