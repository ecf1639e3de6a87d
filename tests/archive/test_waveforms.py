import asyncio
import os
import shutil
from collections import namedtuple

import numpy as np
import obspy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from obspy.clients.filesystem.sds import Client

from forewave.archive import waveforms
from forewave.archive.waveforms import ArchiveLimits, WaveformArchive
from forewave.formats.waveforms import sds
from forewave.sources.archive import ArchiveSettings, read
from forewave.types import Packet, StreamId

STREAM = StreamId("XX", "ABC", "", "HNZ")
MIDNIGHT = 19_700 * sds.DAY
NOISE = np.random.default_rng(1).integers(-900, 900, 6000).astype(np.int32)


def archive(tmp_path, now=MIDNIGHT, **limits):
    return WaveformArchive(tmp_path / "sds", ArchiveLimits(**limits), lambda: now)


def seconds(start, samples=NOISE, stream=STREAM):
    """As it comes: a packet a second."""
    return [
        Packet(stream, start + n / 100.0, 100.0, samples[n : n + 100])
        for n in range(0, len(samples), 100)
    ]


def test_obspy_reads_what_was_written_across_midnight(tmp_path):
    kept = archive(tmp_path)
    for packet in seconds(MIDNIGHT - 30.0):
        kept.add(packet)
    kept.flush()
    client = Client(str(tmp_path / "sds"))
    time = obspy.UTCDateTime(MIDNIGHT - 30.0)
    (trace,) = client.get_waveforms("XX", "ABC", "", "HNZ", time, time + 60).merge()
    np.testing.assert_array_equal(trace.data, NOISE)
    assert trace.stats.starttime == time
    assert (kept.written, kept.lost) == (6000, {})
    assert len(list(sds.files(tmp_path / "sds"))) == 2


def test_flushes_append_and_our_own_source_plays_it(tmp_path):
    kept = archive(tmp_path)
    for number, packet in enumerate(seconds(MIDNIGHT + 5.0)):
        kept.add(packet)
        if number % 7 == 0:
            kept.flush()
    kept.flush()
    played = list(read(ArchiveSettings(str(tmp_path / "sds"), speed=0)))
    np.testing.assert_array_equal(np.concatenate([p.samples for p in played]), NOISE)


@given(st.floats(-3.0, 1.0), st.sampled_from([30.06, 50.0, 99.999]), st.integers(1, 300))
def test_a_packet_across_midnight_is_cut_without_loss(offset, rate, count):
    packet = Packet(STREAM, MIDNIGHT + offset, rate, NOISE[:count])
    pieces = list(waveforms._days(packet))
    np.testing.assert_array_equal(np.concatenate([p.samples for p in pieces]), NOISE[:count])
    for piece in pieces:
        first, last = piece.start, piece.start + (len(piece.samples) - 1) / rate
        assert sds.place(STREAM, first + 0.5 / rate) == sds.place(STREAM, last - 0.5 / rate) or (
            len(piece.samples) == 1
        )


def test_floats_and_long_names_are_kept_too(tmp_path):
    kept = archive(tmp_path)
    for stream in (STREAM, StreamId("XX", "B4E62D8E", "", "HNZ")):
        kept.add(Packet(stream, MIDNIGHT, 100.0, NOISE.astype(np.float32)))
    kept.flush()
    played = list(read(ArchiveSettings(str(tmp_path / "sds"), speed=0)))
    assert {p.stream.station for p in played} == {"ABC", "B4E62D8E"}
    assert sum(len(p.samples) for p in played) == 12_000


def test_old_days_go(tmp_path):
    for day in range(5):
        kept = archive(tmp_path, now=MIDNIGHT + day * sds.DAY, days=2)
        kept.add(seconds(MIDNIGHT + day * sds.DAY)[0])
        kept.flush()
    days = sorted(day for _, _, day in sds.files(tmp_path / "sds"))
    assert days == [MIDNIGHT + day * sds.DAY for day in (1, 2, 3, 4)]


def test_the_oldest_days_go_when_it_is_too_large(tmp_path):
    kept = archive(tmp_path, gb=12e3 / 1e9)
    for day in range(6):
        for packet in seconds(MIDNIGHT + day * sds.DAY, NOISE[:3000]):
            kept.add(packet)
        kept.flush()
    kept.flush()
    days = [day for _, _, day in sds.files(tmp_path / "sds")]
    assert MIDNIGHT + 5 * sds.DAY in days
    assert MIDNIGHT not in days
    size = sum(file.stat().st_size for file, _, _ in sds.files(tmp_path / "sds"))
    assert size <= 12e3


def test_what_is_not_the_archives_own_is_never_removed(tmp_path):
    root = tmp_path / "sds"
    for file in (root / "README", root / "1999/XX/ABC/HNZ.D/notes.txt"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("mine")
    old = archive(tmp_path, now=MIDNIGHT - 100 * sds.DAY)
    old.add(Packet(STREAM, MIDNIGHT - 100 * sds.DAY, 100.0, NOISE))
    old.flush()
    archive(tmp_path, days=1).flush()
    assert sorted(p.name for p in root.rglob("*") if p.is_file()) == ["README", "notes.txt"]


def test_a_full_disk_is_counted_and_nothing_raises(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, 0))
    kept = archive(tmp_path)
    kept.add(seconds(MIDNIGHT)[0])
    kept.flush()
    assert kept.lost == {"disk full": 100}


def test_a_disk_that_is_gone_is_counted_and_nothing_raises(tmp_path):
    (tmp_path / "sds").write_text("a file where the archive should be")
    kept = archive(tmp_path)
    kept.add(seconds(MIDNIGHT)[0])
    kept.flush()
    assert kept.lost == {"File exists": 100}
    (tmp_path / "sds").unlink()
    (tmp_path / "sds" / sds.place(STREAM, MIDNIGHT)).mkdir(parents=True)
    kept.add(seconds(MIDNIGHT)[0])
    kept.flush()
    assert kept.lost["Is a directory"] == 100


def test_each_reason_has_its_own_name(tmp_path, monkeypatch):
    flags = namedtuple("flags", "f_flag")
    monkeypatch.setattr(os, "statvfs", lambda root: flags(os.ST_RDONLY))
    kept = archive(tmp_path)
    kept.add(seconds(MIDNIGHT)[0])
    kept.flush()
    assert kept.lost == {"Read-only file system": 100}


def test_memory_is_bounded_while_the_disk_is_slow(tmp_path):
    kept = archive(tmp_path, waiting_samples=250)
    for packet in seconds(MIDNIGHT):
        kept.add(packet)
    assert kept.lost == {"disk too slow": 5800}
    kept.flush()
    assert kept.written == 200


def test_it_writes_by_itself_and_the_rest_when_it_is_stopped(tmp_path):
    kept = archive(tmp_path, flush=0.01)

    async def live():
        task = asyncio.create_task(kept.run())
        kept.add(seconds(MIDNIGHT)[0])
        async with asyncio.timeout(20):
            while True:
                if kept.written:
                    break
                await asyncio.sleep(0.005)
        kept.add(seconds(MIDNIGHT)[1])
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(live())
    assert kept.written == 200
