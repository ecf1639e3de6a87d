import asyncio
import resource
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from forewave.errors import ConfigError
from forewave.formats.recordings import event_directory
from forewave.formats.waveforms import miniseed, miniseed_file, sds
from forewave.sources import archive as archive_module
from forewave.sources.archive import CARD, ArchiveSettings, ArchiveSource, read
from forewave.sources.intake.inbox import Inbox
from forewave.sources.replay import arrivals
from forewave.types import Dropped, Packet, StreamId
from tests.small_network import recording

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
    packets = list(read(settings(archive)))
    assert [end(p) for p in packets] == sorted(end(p) for p in packets)
    for code in ("AAA", "BBB"):
        samples = np.concatenate([p.samples for p in packets if p.stream == stream(code)])
        np.testing.assert_array_equal(samples, NOISE)


def test_only_what_was_asked_for(archive):
    begin = datetime.fromtimestamp(MIDNIGHT, UTC)
    packets = list(read(settings(archive, begin=begin, streams=("XX.BBB.*",))))
    assert {p.stream.station for p in packets} == {"BBB"}
    assert min(p.start for p in packets) >= MIDNIGHT
    without_zone = settings(archive, begin=begin.replace(tzinfo=None), streams=("XX.BBB.*",))
    assert len(list(read(without_zone))) == len(packets)


def test_records_may_be_cut_into_packets(archive):
    packets = list(read(settings(archive, packet_s=1.0)))
    assert max(len(p.samples) for p in packets) == 100
    samples = np.concatenate([p.samples for p in packets if p.stream == stream("AAA")])
    np.testing.assert_array_equal(samples, NOISE)


def test_a_damaged_file_costs_what_is_damaged(archive):
    file = archive / sds.place(stream("AAA"), MIDNIGHT)
    file.write_bytes(b"\xff" * 512 + file.read_bytes()[512:])
    found = list(read(settings(archive)))
    assert [w.reason for w in found if isinstance(w, Dropped)] == ["not miniSEED"]
    assert sum(len(w.samples) for w in found if isinstance(w, Packet)) > 11_000


def test_a_file_and_a_folder_of_files(archive, tmp_path):
    file = archive / sds.place(stream("AAA"), MIDNIGHT)
    alone = [p.start for p in read(settings(file))]
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a.mseed").write_bytes(file.read_bytes())
    assert [p.start for p in read(settings(folder))] == alone
    assert list(read(settings(tmp_path / "nowhere"))) == []


def test_an_event_directory_plays_as_its_replay(tmp_path):
    """Its file has one stream after the other; played are all at once, each packet in its turn."""
    made = recording(count=3)
    event_directory.write(tmp_path / "event", made.info, made.stations, made.segments)
    replayed = arrivals(event_directory.read(tmp_path / "event"))
    for path in (tmp_path / "event", tmp_path / "event" / "waveforms.mseed"):
        played = list(read(settings(path, packet_s=1.0)))
        assert [(p.stream, p.start) for p in played] == [(p.stream, p.start) for _, p in replayed]
        due = [arrival for arrival, _ in replayed]
        np.testing.assert_allclose([end(p) + 0.5 for p in played], due, rtol=0, atol=1e-6)
        assert all(
            here.samples.tolist() == there.samples.tolist()
            for here, (_, there) in zip(played, replayed, strict=True)
        )


def archived(folder, streams, hours):
    """So many streams of noise, an hour of 20 Hz a piece."""
    piece = np.random.default_rng(2).integers(-900, 900, 72_000).astype(np.int32)
    for number in range(streams):
        name = stream(f"S{number:03d}")
        for hour in range(hours):
            start = MIDNIGHT + 3600.0 * hour
            file = folder / sds.place(name, start)
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("ab") as target:
                target.write(miniseed.encode([Packet(name, start, 20.0, piece)]))
    return folder


def most_memory(path):
    tracemalloc.start()
    count = sum(1 for _ in read(settings(path)))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return count, most


def one_file(folder, archive):
    file = folder / "all.mseed"
    file.write_bytes(b"".join(file.read_bytes() for file, _, _ in sds.files(archive)))
    return file


@pytest.mark.parametrize("plain", [False, True], ids=["SDS", "one file, stream after stream"])
def test_longer_takes_no_more_memory(tmp_path, monkeypatch, plain):
    monkeypatch.setattr(archive_module, "AHEAD", 32_768)
    monkeypatch.setattr(miniseed_file, "CHUNK", 65_536)
    short, long = archived(tmp_path / "a", 4, 2), archived(tmp_path / "b", 4, 8)
    if plain:
        short, long = one_file(tmp_path / "a", short), one_file(tmp_path / "b", long)
    (few, small), (many, large) = most_memory(short), most_memory(long)
    assert many > 3.9 * few
    assert large - small < (many - few) * 40 * plain + 0.3 * small


def test_more_streams_than_files_may_be_open(tmp_path):
    folder = archived(tmp_path, 60, 1)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    opened = max(int(name.name) for name in Path("/proc/self/fd").iterdir())
    resource.setrlimit(resource.RLIMIT_NOFILE, (opened + 20, hard))
    try:
        found = list(read(settings(folder)))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert {word.reason for word in found if isinstance(word, Dropped)} == set()
    assert len({word.stream for word in found}) == 60


def test_at_a_speed_packets_come_at_their_pace_with_their_own_time(archive):
    source = ArchiveSource(ArchiveSettings(str(archive), speed=300.0, latency=0.5))

    async def play():
        loop = asyncio.get_running_loop()
        inbox = Inbox()
        queue = inbox.open(source.name)
        task = asyncio.create_task(source.run(queue))
        seen = []
        while not (task.done() and queue.status().waiting == 0):
            async with asyncio.timeout(20):
                seen += [(loop.time(), d) for d in await inbox.take()]
            await asyncio.sleep(0)
        return seen, queue.status()

    seen, status = asyncio.run(play())
    assert all(d.arrival == pytest.approx(end(d.packet) + 0.5) for _, d in seen)
    (first, one), (last, other) = seen[0], seen[-1]
    assert last - first >= (other.arrival - one.arrival) / 300.0 - 0.01
    assert status.reason == "played to its end"


def test_a_path_that_does_not_exist_is_refused_when_it_is_opened(tmp_path):
    with pytest.raises(ConfigError, match=r"path: .*nowhere does not exist$"):
        CARD.open(ArchiveSettings(str(tmp_path / "nowhere")))


def test_a_folder_without_data_is_a_warning(tmp_path, caplog):
    inbox = Inbox()
    (source,) = CARD.open(ArchiveSettings(str(tmp_path)))
    asyncio.run(source.run(inbox.open(source.name)))
    assert caplog.messages == [f"archive {tmp_path}: no data of these streams and times"]


def test_its_card(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("waveforms").mkdir()
    (source,) = CARD.open(ArchiveSettings("waveforms"))
    assert source.name == "archive waveforms"
