import asyncio
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from apprise.plugins.custom_json import NotifyJSON

from forewave.channels.card import DeliveryError, Notification
from forewave.channels.registry import exposures, make_all
from forewave.errors import ConfigError
from tests.channels.made import context, entries, place_alert, seal_now, serving, until

pytestmark = pytest.mark.live


class Sink:
    """A server that takes Apprise's json:// posts; answers 500 while `broken`.

    hangs: it answers a byte at a time until it is closed, so that no timeout of Apprise ends it.
    """

    def __init__(self):
        self.hangs, self.closing = False, threading.Event()
        self.got, self.broken, self.delay, self.asked = [], False, 0.0, 0
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                sink.asked += 1
                time.sleep(sink.delay)
                if sink.hangs:
                    return self.drip()
                if not sink.broken:
                    sink.got.append(json.loads(body))
                self.send_response(500 if sink.broken else 200)
                self.end_headers()

            def drip(self):
                self.send_response(200)
                self.send_header("Content-Length", "100000")
                self.end_headers()
                while not sink.closing.wait(0.5):
                    self.wfile.write(b"x")

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    @property
    def url(self):
        return f"json://127.0.0.1:{self.server.server_port}/"

    def close(self):
        self.closing.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def sink():
    made = Sink()
    yield made
    made.close()


@pytest.fixture
def other():
    made = Sink()
    yield made
    made.close()


def table(*sinks, **more):
    place = {"place": [24.5, 121.5], "place_name": "School"}
    return {"type": "apprise", "urls": [sink.url for sink in sinks], **place, **more}


def told(tmp_path, work, *sinks, **more):
    async def main():
        async with serving(tmp_path, table(*sinks, **more)) as (chain, _):
            await work(chain)
            return dict(chain.workers[0].counts)

    return asyncio.run(main())


def test_people_are_told_in_the_words_of_the_pages_and_of_the_cancel(tmp_path, sink):
    async def work(chain):
        chain.publish(seal_now())
        await until(lambda: sink.got)
        chain.publish(seal_now(version=2, kind="cancel", why="false"))
        await until(lambda: len(sink.got) == 2)

    told(tmp_path, work, sink)
    first, cancel = sink.got
    assert first["title"].startswith("EARTHQUAKE: ")
    assert first["type"] == "warning"
    assert "School" in first["message"]
    assert cancel["title"] == "Alert cancelled"
    assert cancel["type"] == "info"


def test_chinese(tmp_path, sink):
    async def work(chain):
        chain.publish(seal_now())
        await until(lambda: sink.got)

    told(tmp_path, work, sink, language="zh-CN")
    assert "地震" in sink.got[0]["title"]


def test_only_the_address_that_failed_is_tried_again(tmp_path, sink, other):
    other.broken = True

    async def work(chain):
        chain.publish(seal_now())
        await until(lambda: chain.workers[0].counts["send failed: not accepted"])
        other.broken = False
        await until(lambda: other.got)

    told(tmp_path, work, sink, other)
    assert len(sink.got) == len(other.got) == 1


def test_a_service_that_takes_long_delays_nothing_else(tmp_path, sink, other):
    sink.delay = 3.0

    async def main():
        slow, quick = table(sink, name="slow"), table(other, name="quick")
        async with serving(tmp_path, slow, quick) as (chain, _):
            chain.publish(seal_now())
            await until(lambda: other.got)
            assert sink.got == []

    asyncio.run(main())


def test_an_address_that_hangs_takes_no_thread_from_other_entries(tmp_path, sink, other):
    """Apprise itself has min(32, cores + 4) threads for all."""
    sink.hangs = True
    many = [f"{sink.url}{number}" for number in range(40)]

    async def main():
        slow, quick = table(name="slow") | {"urls": many}, table(other, name="quick")
        async with serving(tmp_path, slow, quick) as (chain, _):
            chain.publish(seal_now(event="a"))
            await until(lambda: sink.asked >= 3)
            chain.publish(seal_now(event="b"))
            await until(lambda: len(other.got) == 2)

    asyncio.run(main())


def test_an_address_is_not_called_again_while_its_last_call_runs(tmp_path, sink, other):
    sink.delay = 2.0

    async def work(chain):
        chain.publish(seal_now())
        await until(lambda: sink.asked and other.got)
        await until(lambda: chain.workers[0].counts["send failed: still busy"])
        assert (sink.asked, len(other.got)) == (1, 1)
        await until(lambda: chain.workers[0].counts["sent first"])

    told(tmp_path, work, sink, other, timeout=0.3)
    assert (len(sink.got), len(other.got)) == (1, 1)  # it arrived late, and is not sent again


def test_a_fault_of_a_service_is_tried_again_and_says_no_password(
    tmp_path, sink, monkeypatch, caplog
):
    faults = [ValueError("https://user:secret@host/")]
    send = NotifyJSON.send

    def failing(self, *args, **keys):
        if faults:
            raise faults.pop()
        return send(self, *args, **keys)

    async def work(chain):
        chain.publish(seal_now())
        await until(lambda: sink.got)

    monkeypatch.setattr(NotifyJSON, "send", failing)
    assert told(tmp_path, work, sink)["send failed: not accepted"] == 1
    assert "fault of an Apprise service: ValueError" in caplog.text
    assert "secret" not in caplog.text


def test_what_was_not_accepted_may_have_arrived(tmp_path, sink):
    """Apprise says no as well where only the answer was lost."""
    sink.broken = True
    read = entries(table(sink), folder=tmp_path)
    (channel,) = make_all(read, context(tmp_path))
    with pytest.raises(DeliveryError, match="not accepted: address 1") as caught:
        asyncio.run(channel.send(Notification("first", place_alert(), seal_now())))
    assert caught.value.received


def test_a_drill_is_called_one(tmp_path, sink):
    async def work(chain):
        chain.publish(seal_now(mode="drill"))
        await until(lambda: sink.got)

    told(tmp_path, work, sink, drills=True)
    drill = "DRILL - there is no earthquake"
    assert sink.got[0]["title"].startswith(drill)
    assert sink.got[0]["message"].startswith(drill)


def test_an_address_that_apprise_does_not_know_is_an_error_without_its_password(tmp_path):
    read = entries({"type": "apprise", "urls": ["nope://user:secret@host"]}, folder=tmp_path)
    with pytest.raises(ConfigError, match="urls: address 1") as caught:
        make_all(read, context(tmp_path))
    assert "secret" not in str(caught.value)


def test_an_unencrypted_address_is_an_exposure(tmp_path):
    (entry,) = entries({"type": "apprise", "urls": ["json://a:b@example.org/x"]}, folder=tmp_path)
    (found,) = exposures(entry)
    assert (found.host, found.severity) == ("example.org", "warning")
