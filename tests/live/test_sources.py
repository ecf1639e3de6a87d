"""Sources that are changed while they run: real connections to relays on the loopback."""

import asyncio
import contextlib
import signal
import threading
import time

import numpy as np
import pytest

from forewave.errors import ConfigError
from forewave.live.sources import LiveSources
from forewave.relay.server import Relay
from forewave.settings import Settings
from forewave.sources.archive import ArchiveSettings
from forewave.sources.base import Left
from forewave.sources.intake.inbox import Inbox
from forewave.sources.seedlink.source import SeedLinkSettings
from forewave.types import Packet, StreamId
from tests.live import live_made

WAIT = 20.0  # seconds, more than any of these takes


def entry(relay, *stations):
    return SeedLinkSettings(f"127.0.0.1:{relay.port}", stations or ("XX.*",))


def packet(number, station="ABC"):
    stream = StreamId("XX", station, "00", "HHZ")
    return Packet(stream, 1.7e9 + number, 100.0, np.arange(100, dtype=np.int32))


class Bench:
    """Two relays, and sources whose settings are what `entries` says now."""

    def __init__(self, one, two):
        self.one, self.two = one, two
        self.entries = (entry(one), entry(two))
        self.inbox, self.left = Inbox(), None
        self.sources = LiveSources(
            Settings(sources=self.entries), {}, self.inbox, self.again, lambda: self.left
        )

    def again(self):
        if isinstance(self.entries, Exception):
            raise self.entries
        return Settings(sources=self.entries)

    def states(self):
        return {status.source: status for status in self.inbox.statuses()}

    async def reloaded(self, caplog, said):
        caplog.clear()
        self.sources.reload()
        await until(lambda: said in caplog.text)


async def until(condition):
    async with asyncio.timeout(WAIT):
        while not condition():  # noqa: ASYNC110 (nobody tells us)
            await asyncio.sleep(0.002)


def with_bench(work):
    async def play():
        one, two = Relay(), Relay()
        await one.start()
        await two.start()
        bench = Bench(one, two)
        running = asyncio.create_task(bench.sources.run())
        try:
            await until(lambda: one.streaming and two.streaming)
            await work(bench)
        finally:
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running
            await one.stop()
            await two.stop()

    asyncio.run(play())


@pytest.fixture(autouse=True)
def _heard(caplog):
    caplog.set_level("INFO", "forewave")


def test_what_is_the_same_goes_on_and_what_is_gone_ends(caplog):
    async def work(bench):
        bench.entries = (entry(bench.one),)
        await bench.reloaded(caplog, "sources reloaded: 1 kept, 1 ended, 0 started")
        await until(lambda: not bench.two.connected)
        bench.one.push(packet(0))
        (got,) = await bench.inbox.take()
        assert got.packet.start == 1.7e9
        (status,) = bench.inbox.statuses()
        assert (status.connections, status.waiting) == (1, 0)

    with_bench(work)


def test_what_is_new_begins(caplog):
    async def work(bench):
        third = Relay()
        await third.start()
        bench.entries = (*bench.entries, entry(third))
        await bench.reloaded(caplog, "sources reloaded: 2 kept, 0 ended, 1 started")
        await until(lambda: third.streaming)
        assert [status.connections for status in bench.inbox.statuses()] == [1, 1, 1]
        await third.stop()

    with_bench(work)


def test_an_entry_that_is_changed_is_connected_anew_without_a_gap(caplog):
    async def work(bench):
        bench.one.push(packet(0))
        await bench.inbox.take()
        bench.one.push(packet(1))  # delivered, but not yet taken, when the connection ends
        await until(lambda: any(status.waiting for status in bench.inbox.statuses()))
        bench.left = Left(time.time(), {"XX.ABC": 1.7e9 + 2})
        bench.one.push(packet(2))
        bench.entries = (entry(bench.one, "XX.*", "YY.*"), entry(bench.two))
        await bench.reloaded(caplog, "sources reloaded: 1 kept, 1 ended, 1 started")
        starts = set()
        while 1.7e9 + 2 not in starts:
            starts |= {each.packet.start for each in await bench.inbox.take()}
        assert all(status.waiting == 0 for status in bench.inbox.statuses())

    with_bench(work)


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (ConfigError("forewave.toml: line 3: expected ="), "line 3: expected ="),
        ((), "there is no [[sources]]"),
        ((SeedLinkSettings("a", ("nonsense",)),), "expected a station"),
        (
            (SeedLinkSettings("a", ("A.B",)), SeedLinkSettings("a", ("A.B",))),
            "combine them into one",
        ),
        ((ArchiveSettings("sds"),), "needs a restart"),
    ],
)
def test_settings_that_cannot_be_used_change_nothing(caplog, found, said):
    async def work(bench):
        bench.entries = found
        await bench.reloaded(caplog, "sources not reloaded")
        assert said in caplog.text
        bench.one.push(packet(0))
        bench.two.push(packet(0, "DEF"))
        got = set()
        while len(got) < 2:
            got |= {each.packet.stream.station for each in await bench.inbox.take()}
        assert [status.connections for status in bench.inbox.statuses()] == [1, 1]

    with_bench(work)


@contextlib.contextmanager
def relays(count):
    """Relays in a thread of their own."""
    loop, made = asyncio.new_event_loop(), [Relay() for _ in range(count)]
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def do(work):
        asyncio.run_coroutine_threadsafe(work, loop).result(WAIT)

    try:
        for relay in made:
            do(relay.start())
        yield made
    finally:
        for relay in made:
            do(relay.stop())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.mark.timeout(200)
def test_sighup_reloads_the_sources_and_sigterm_ends_cleanly(recording, tmp_path):
    """The waits are for what the process says, up to 90 s, however busy the machine is."""
    with relays(2) as (one, two):
        folder = live_made.live_folder(tmp_path / "x", recording, live_made.seedlink(one.port))
        settings = folder / "forewave.toml"
        with live_made.running(folder, "run", "-c", settings) as live:
            live.until(lambda said: "ready:" in said and f":{one.port} *.* is idle" in said)
            text = settings.read_text()
            settings.write_text("what is this")
            live.process.send_signal(signal.SIGHUP)
            live.until(lambda said: "sources not reloaded, the old ones go on" in said)
            settings.write_text(text.replace(f":{one.port}", f":{two.port}"))
            live.process.send_signal(signal.SIGHUP)
            said = live.until(lambda said: f":{two.port} *.* is idle" in said)
            assert "sources reloaded: 0 kept, 1 ended, 1 started" in said
            assert live.stop() == 0
            assert live.said().splitlines()[-1].endswith("INFO stopped")
    assert "Traceback" not in live.said()
