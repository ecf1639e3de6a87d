"""Packets of a hostile source are refused on admission and leave nothing in archive or tables."""

import asyncio
import json
from types import SimpleNamespace

import numpy as np
import pytest

from forewave.archive.waveforms import ArchiveLimits, WaveformArchive
from forewave.errors import FormatError
from forewave.formats.protocols.seedlink import Frame
from forewave.formats.waveforms import miniseed, sds
from forewave.live.sources import LiveSources
from forewave.relay import server as relay
from forewave.relay.server import Relay
from forewave.settings import Settings
from forewave.sources.base import own_stations
from forewave.sources.datalink import CARD as DATALINK
from forewave.sources.datalink import DataLinkSettings
from forewave.sources.intake.admission import live_rules
from forewave.sources.intake.inbox import Inbox
from forewave.sources.mqtt.source import MqttSettings, MqttSource
from forewave.sources.seedlink.dialogue import Dialogue
from forewave.sources.seedlink.listener import Listener
from forewave.sources.seedlink.source import SeedLinkSettings, connections
from forewave.sources.shake_udp import CARD as SHAKE
from forewave.sources.shake_udp import ShakeSettings
from forewave.types import Channel, Packet, Station, StreamId

T0 = 1.79e9
MINE = StreamId("XX", "ABC", "", "HNZ")
STATION = Station("XX.ABC", 0.0, 0.0, 0.0, (Channel(MINE, 1.0, "m/s^2", 100.0),))


def packet(name=MINE, start=T0 - 1.0, rate=100.0, count=10):
    return Packet(name, start, rate, np.arange(count, dtype=np.int32))


def archive(folder, now=T0):
    return WaveformArchive(folder, ArchiveLimits(), lambda: now)


def test_a_rate_of_1e_300_costs_the_archive_only_these_samples(tmp_path):
    kept = archive(tmp_path)
    for rate in (1e-300, 0.0, 5e-324, float("nan")):
        kept.add(packet(StreamId("XX", "NOBODY", "", "HNZ"), rate=rate))
    kept.add(packet())
    kept.flush()
    assert kept.written == 10
    assert sum(kept.lost.values()) == 40


@pytest.mark.parametrize("network", ["../../../evil", "..", "/tmp/evil", "a/../../b"])
def test_no_name_leads_out_of_the_archive(tmp_path, network):
    root = tmp_path / "a" / "b" / "c" / "root"
    kept = archive(root)
    evil = StreamId(network, "A", "", "HNZ")
    kept.add(packet(evil))
    kept.add(packet())
    kept.flush()
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert [file.relative_to(root) for file in files] == [sds.place(MINE, T0)]
    assert kept.lost == {"no miniSEED can be made of it": 10}
    with pytest.raises(FormatError, match="expected a stream as NET"):
        sds.place(evil, T0)


def test_the_archive_continues_after_a_flush_that_failed(tmp_path, monkeypatch):
    """Whatever is wrong with one write, the next one is made."""

    async def work():
        kept = WaveformArchive(tmp_path, ArchiveLimits(flush=0.0), lambda: T0)
        failed = asyncio.Event()
        write = kept._write

        def fails(packets):
            monkeypatch.setattr(kept, "_write", write)
            loop.call_soon_threadsafe(failed.set)
            raise RuntimeError("a fault in forewave")

        loop = asyncio.get_running_loop()
        monkeypatch.setattr(kept, "_write", fails)
        running = asyncio.create_task(kept.run())
        await failed.wait()
        kept.add(packet())
        written = asyncio.Event()
        kept._append = lambda file, pieces: loop.call_soon_threadsafe(written.set)
        await written.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(asyncio.wait_for(work(), 20.0))


def test_20000_unknown_streams_leave_nothing_behind(tmp_path):
    inbox, relay, kept = Inbox(lambda: T0, live_rules([STATION], past=False)), Relay(), None
    kept = archive(tmp_path)
    queue = inbox.open("evil", limit=30_000)
    for number in range(10_000):
        queue.offer(packet(StreamId("ZZ", f"Q{number}", "", "HNZ")))
        queue.offer(packet(StreamId("XX", "ABC", f"{number}", "HNZ")))
    queue.offer(packet())

    async def taken():
        return await inbox.take()

    received_packets = asyncio.run(taken())
    for received in received_packets:
        relay.push(received.packet)
        kept.add(received.packet)
    kept.flush()
    assert len(received_packets) == 25
    assert received_packets[-1].packet.stream == MINE
    assert len([file for file in tmp_path.rglob("*") if file.is_file()]) == 25
    assert list(relay.ring.stations) == ["XX_ABC"]
    dropped = queue.status().dropped
    assert dropped == {
        "station not in the inventory": 10_000,
        "too many streams of a station": 10_000 - 24,
    }


@pytest.mark.parametrize(
    "source",
    [
        connections(SeedLinkSettings("127.0.0.1:1", ("YY.*", "XX.DEF")))[0],
        MqttSource(MqttSettings("127.0.0.1", stations=("YY.*",))),
        DATALINK.open(DataLinkSettings("127.0.0.1:1", stations=("YY.*",)))[0],
        SHAKE.open(ShakeSettings({"*": "YY.A"}))[0],
    ],
    ids=lambda source: source.name.split()[0],
)
def test_a_server_delivers_packets_of_its_own_stations_only(source):
    inbox = Inbox(lambda: T0, live_rules([STATION], past=False))
    queue = inbox.open(source.name, stations=own_stations(source))
    assert not queue.offer(packet())
    assert queue.status().dropped == {"station not of this source": 1}


def test_20000_unknown_devices_leave_no_state_in_a_source():
    """What a source learns before its queue must not be filled by names: it would be deaf after."""
    source = MqttSource(MqttSettings("127.0.0.1"))
    queue = Inbox(lambda: T0, live_rules([STATION], past=False)).open("evil")

    def send(device, number=0):
        told = {"device_id": device, "x": [0.1], "y": [1], "z": [3], "sr": 31.25}
        told["device_t"] = T0 + 0.5 + number
        payload = json.dumps(told).encode()
        source._take(SimpleNamespace(payload=payload, retain=False), queue)

    for number in range(20_000):
        send(f"q{number}")
    send("abc")
    assert list(source._devices) == ["XX.ABC"]
    assert queue.status().dropped["station not in the inventory"] == 20_000


def test_unrequested_stations_are_not_requested_after_a_loss():
    async def work():
        last = {}
        queue = Inbox(lambda: T0, live_rules([STATION], past=False)).open("evil", stations=["XX.*"])
        listener = Listener(SeedLinkSettings("127.0.0.1:1", ("XX.*",)), Dialogue([]), queue, last)
        for number in range(300):
            for station in (f"Q{number}", "ABC"):
                record = miniseed.encode([packet(StreamId("XX", station, "", "HNZ"))])
                await listener._data_packet(Frame("data", record, number, f"XX_{station}"), T0)
        return last

    assert list(asyncio.run(work())) == ["XX_ABC"]


def test_the_relay_caches_the_clients_of_a_limited_number_of_streams(monkeypatch):
    monkeypatch.setattr(relay, "MOST_AUDIENCES", 10)
    made = Relay(ring_limit=100)
    for number in range(1000):
        made.push(packet(StreamId("XX", f"S{number}", "", "HNZ")))
    assert len(made._audiences) <= 10


def test_a_live_machine_admits_only_the_own_stations_of_each_source():
    settings = SeedLinkSettings("127.0.0.1:1", ("YY.*",))

    async def work():
        inbox = Inbox(lambda: T0, live_rules([STATION], past=False))
        sources = LiveSources(Settings(sources=(settings,)), {}, inbox)
        running = asyncio.create_task(sources.run())
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        (queue,) = inbox.queues.values()
        assert not queue.offer(packet())
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    asyncio.run(work())
