"""`forewave listen` as it is typed, and as a process against a real gateway."""

import asyncio
import json
import signal
import subprocess
import sys
import threading
import time

import aiomqtt
import pytest

from forewave.delivery import key_list, signing
from tests.browser.warner import Warner
from tests.cli.commands import forewave
from tests.sources.broker import Broker as Mosquitto

ENTRY = "from forewave.cli.start import start; start()"


def started(*typed, **more):
    return subprocess.Popen(
        [sys.executable, "-c", ENTRY, "listen", *map(str, typed)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **more,
    )


def until_told(process, words):
    for line in process.stderr:
        if words in line:
            return line
    raise AssertionError(f"it never said {words}")


@pytest.fixture
def warner():
    with Warner() as made:
        yield made


class Subscriber(threading.Thread):
    """Takes two messages of a topic. ready: it is subscribed."""

    def __init__(self, port):
        super().__init__(daemon=True)
        self.lines, self.ready, self.port = [], threading.Event(), port
        self.start()

    def run(self):
        asyncio.run(asyncio.wait_for(self._take(), 60))

    async def _take(self):
        async with aiomqtt.Client("127.0.0.1", self.port) as client:
            await client.subscribe("quake")
            self.ready.set()
            async for message in client.messages:
                self.lines.append(json.loads(message.payload))
                if len(self.lines) == 2:
                    return


@pytest.mark.live
def test_versions_come_as_lines_commands_and_on_mqtt_and_ctrl_c_ends_it(warner, tmp_path):
    broker = Mosquitto.if_there(tmp_path)
    subscriber = Subscriber(broker.port)
    assert subscriber.ready.wait(30)
    file = tmp_path / "ran"
    process = started(
        *(warner.url(), "--place", "30.66,104.06"),
        *("--exec", f"sh -c 'cat >> {file}'"),
        *("--mqtt", f"mqtt://127.0.0.1:{broker.port}/quake"),
    )
    try:
        until_told(process, "ready, a real")
        lines = []
        for version in (1, 2):
            warner.publish(warner.alert(version=version, id=f"e1.{version}"))
            lines.append(json.loads(process.stdout.readline()))
        assert [line["version"] for line in lines] == [1, 2]
        subscriber.join(60)
        assert [line["version"] for line in subscriber.lines][-1] == 2
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert sorted(json.loads(line)["version"] for line in file.open()) == [1, 2]
        assert "Traceback" not in process.stderr.read()
    finally:
        process.kill()
        broker.kill()


@pytest.mark.live
def test_once_takes_a_town_and_ends_with_the_first_alert(warner):
    warner.publish(warner.alert())
    process = started(warner.url(), "--place", "chengdu", "--once", "--timeout", 60)
    out, err = process.communicate(timeout=90)
    assert process.returncode == 0, err
    assert json.loads(out)["place"] == "Chengdu, CN"


@pytest.mark.live
def test_a_root_is_fixed_and_the_newest_list_is_kept(tmp_path):
    """Of two listeners at one server, only the one with its root has the alert."""
    root, other, keys = signing.generate(), signing.generate(), signing.generate()
    now, key = time.time(), keys.trusted[keys.id]
    entries = [key_list.listed(key, now - 60.0, now + 600.0)]
    data = key_list.make(root, entries, n=3, made=now, until=now + 600.0).strip()
    kept = tmp_path / "keys.json"
    public = [signing.base64url(each.trusted[each.id]) for each in (root, other)]
    with Warner(keys=keys, key_list=(key_list.read_unverified(data), data)) as warner:
        warner.publish(warner.alert(left=60.0))
        typed = warner.url(), "--place", "30.66,104.06", "--once", "--timeout"
        good = started(*typed, 60, "--root", public[0], "--key-file", kept)
        out, err = good.communicate(timeout=90)
        assert (good.returncode, json.loads(out)["event"]) == (0, "e1"), err
        assert json.loads(kept.read_text())["list"]["n"] == 3
        wrong = started(*typed, 4, "--root", public[1])
        out, err = wrong.communicate(timeout=90)
        assert (wrong.returncode, out) == (4, ""), err
        assert "untrusted" in err


@pytest.mark.live
def test_a_reader_that_goes_ends_it(warner):
    process = started(warner.url(), "--place", "30.66,104.06")
    try:
        until_told(process, "ready, a real")
        process.stdout.close()
        warner.publish(warner.alert())
        assert process.wait(30) == 0
        assert "Traceback" not in process.stderr.read()
    finally:
        process.kill()


@pytest.mark.live
def test_a_lost_connection_and_the_next_one_are_told(warner):
    process = started(warner.url(), "--place", "30.66,104.06")
    try:
        until_told(process, "ready, a real")
        warner.cut_off(stay=False)
        until_told(process, "reconnecting, the connection has ended")
        until_told(process, "ready, a real")
    finally:
        process.terminate()
    assert process.wait(30) == 0


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["http://h"], "--place"),
        (["http://h", "--place", "91,0"], "LAT,LON"),
        (["http://h", "--place", "1;2"], "LAT,LON"),
        (["http://h", "--place", "1,2,3"], "LAT,LON"),
        (["http://h", "--place", "nan,nan"], "LAT,LON"),
        (["http://h", "--place", "1,2", "--min-mmi", "11"], "--min-mmi"),
        (["http://h", "--place", "1,2", "--vs30", "0"], "--vs30"),
    ],
)
def test_wrong_use_is_one_line_that_names_the_option(typed, says):
    result = forewave("listen", *typed)
    assert result.exit_code == 2
    assert says in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (["ftp://h", "--place", "1,2"], "expected one as http"),
        (["http://h", "--place", "1,2", "--key", "short"], "Ed25519"),
        (["http://h", "--place", "1,2", "--root", "short"], "Ed25519"),
        (["http://h", "--place", "1,2", "--mqtt", "h:1883"], "--mqtt: expected"),
        (["http://h", "--place", "1,2", "--exec", "'"], "--exec"),
    ],
)
def test_what_cannot_work_is_said_before_it_begins(typed, says):
    result = forewave("listen", *typed)
    assert result.exit_code == 1
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_an_unknown_town_is_wrong_use(warner):
    result = forewave("listen", warner.url(), "--place", "No such town")
    assert result.exit_code == 2
    assert "no such town" in result.stderr
