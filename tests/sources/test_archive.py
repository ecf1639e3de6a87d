import asyncio
from datetime import UTC, datetime

import numpy as np
import pytest

from forewave.formats import miniseed, sds
from forewave.sources.archive import CARD, ArchiveSettings, ArchiveSource, words
from forewave.sources.base import Inbox
from forewave.types import Dropped, Packet, StreamId

MIDNIGHT = datetime(2024, 3, 1, tzinfo=UTC).timestamp()
NOISE = np.random.default_rng(1).integers(-900, 900, 6000).astype(np.int32)


def stream(code):
    return StreamId("XX", code, "", "HNZ")


@pytest.fixture
def archive(tmp_path):
    """Two stations from half a minute before midnight to half a minute after."""
    for code in ("AAA", "BBB"):
        for start, samples in ((MIDNIGHT - 30, NOISE[:3000]), (MIDNIGHT, NOISE[3000:])):
            file = tmp_path / sds.place(stream(code), start)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(miniseed.encode([Packet(stream(code), start, 100.0, samples)]))
    return tmp_path


def settings(path, **more):
    return ArchiveSettings(str(path), speed=0.0, **more)


def end(packet):
    return packet.start + (len(packet.samples) - 1) / packet.rate


def test_streams_come_together_in_the_order_of_their_last_samples(archive):
    packets = list(words(settings(archive)))
    assert [end(p) for p in packets] == sorted(end(p) for p in packets)
    for code in ("AAA", "BBB"):
        samples = np.concatenate([p.samples for p in packets if p.stream == stream(code)])
        np.testing.assert_array_equal(samples, NOISE)


def test_only_what_was_asked_for(archive):
    begin = datetime.fromtimestamp(MIDNIGHT, UTC)
    packets = list(words(settings(archive, begin=begin, streams=("XX.BBB.*",))))
    assert {p.stream.station for p in packets} == {"BBB"}
    assert min(p.start for p in packets) >= MIDNIGHT
    without_zone = settings(archive, begin=begin.replace(tzinfo=None), streams=("XX.BBB.*",))
    assert len(list(words(without_zone))) == len(packets)


def test_records_may_be_cut_into_packets(archive):
    packets = list(words(settings(archive, packet_s=1.0)))
    assert max(len(p.samples) for p in packets) == 100
    samples = np.concatenate([p.samples for p in packets if p.stream == stream("AAA")])
    np.testing.assert_array_equal(samples, NOISE)


def test_a_damaged_file_costs_what_is_damaged(archive):
    file = archive / sds.place(stream("AAA"), MIDNIGHT)
    file.write_bytes(b"\xff" * 512 + file.read_bytes()[512:])
    found = list(words(settings(archive)))
    assert [w.reason for w in found if isinstance(w, Dropped)] == ["not miniSEED"]
    assert sum(len(w.samples) for w in found if isinstance(w, Packet)) > 11_000


def test_a_file_and_a_folder_of_files(archive, tmp_path):
    file = archive / sds.place(stream("AAA"), MIDNIGHT)
    alone = [p.start for p in words(settings(file))]
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.mseed").write_bytes(file.read_bytes())
    assert [p.start for p in words(settings(folder))] == alone
    assert list(words(settings(tmp_path / "nowhere"))) == []


def test_at_a_speed_packets_come_at_their_pace_with_their_own_time(archive):
    source = ArchiveSource(ArchiveSettings(str(archive), speed=300.0, latency=0.5))

    async def play():
        loop = asyncio.get_running_loop()
        inbox = Inbox()
        door = inbox.door(source.name)
        task = asyncio.create_task(source.run(door))
        seen = []
        while not (task.done() and door.status().waiting == 0):
            async with asyncio.timeout(20):
                seen += [(loop.time(), d) for d in await inbox.take()]
            await asyncio.sleep(0)
        return seen, door.status()

    seen, status = asyncio.run(play())
    assert all(d.arrival == pytest.approx(end(d.packet) + 0.5) for _, d in seen)
    (first, one), (last, other) = seen[0], seen[-1]
    assert last - first >= (other.arrival - one.arrival) / 300.0 - 0.01
    assert status.reason == "played to its end"


def test_its_card():
    (source,) = CARD.open(ArchiveSettings("waveforms"))
    assert source.name == "archive waveforms"
