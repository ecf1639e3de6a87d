import os
import shutil
import threading

import numpy as np
import pytest

from forewave.archive import packet_journal as module
from forewave.archive.packet_journal import JournalLimits, PacketJournal, files, last_write, read
from forewave.types import Packet, StreamId

STREAM = StreamId("XX", "ABC", "00", "HNZ")


T0 = 1_600_000_000.0


@pytest.fixture
def opened(tmp_path, clock, monkeypatch):
    """Opens journals that are closed in the end."""
    made = []

    def of(**limits):
        monkeypatch.setattr(module, "PAUSE", 1e3)  # nothing is written but when we say so
        made.append(PacketJournal(tmp_path, JournalLimits(**limits), clock))
        return made[-1]

    yield of
    for each in made:
        each.close()


def packet(after):
    return Packet(STREAM, T0 + after, 100.0, np.arange(100, dtype=np.int32))


def starts(root, since=0.0):
    return [packet.start - T0 for packet in read(root, since)]


def keep(opened, clock, *afters, **limits):
    """One life of a process: a packet at each of these times."""
    journal = opened(**limits)
    for after in afters:
        clock.now = T0 + after
        journal.add(packet(after), clock.now)
        journal.write()
        os.utime(files(journal.root)[-1], (clock.now, clock.now))
    journal.close()


def test_what_was_added_is_read_in_order(tmp_path, opened):
    journal = opened()
    for after in range(5):
        journal.add(packet(after), T0 + after)
    journal.close()
    assert starts(tmp_path) == [0, 1, 2, 3, 4]
    assert not journal.lost


def test_a_second_life_goes_on_in_a_file_of_its_own(tmp_path, opened, clock):
    keep(opened, clock, 0, 1)
    keep(opened, clock, 2, 3)
    assert len(files(tmp_path)) == 2
    assert starts(tmp_path) == [0, 1, 2, 3]
    assert last_write(tmp_path) == T0 + 3


@pytest.mark.parametrize("leave", [shutil.rmtree, lambda root: root.rename(f"{root}.old")])
def test_a_folder_that_was_removed_is_created_again(tmp_path, clock, monkeypatch, leave):
    monkeypatch.setattr(module, "PAUSE", 1e3)
    journal = PacketJournal(tmp_path / "tail", JournalLimits(), clock)
    journal.add(packet(0), T0)
    journal.write()
    leave(tmp_path / "tail")
    journal.add(packet(1), T0 + 1)
    journal.close()
    assert starts(tmp_path / "tail") == [1]
    assert not journal.lost


def test_what_is_old_goes(tmp_path, opened, clock):
    keep(opened, clock, *range(0, 200, 5))
    assert len(files(tmp_path)) <= 5
    kept = starts(tmp_path)
    assert kept[-1] == 195
    assert 60 <= kept[-1] - kept[0] <= 130


def test_it_never_takes_more_of_the_disk_than_it_may(tmp_path, opened, clock):
    limits, most = {"mb": 0.004, "spare_gb": 0.0}, 0
    for after in range(60):
        keep(opened, clock, after, **limits)
        most = max(most, sum(file.stat().st_size for file in files(tmp_path)))
    assert 2_000 < most <= 4_000
    assert starts(tmp_path)[-1] == 59


def test_a_large_file_is_followed_by_another(tmp_path, opened, clock):
    keep(opened, clock, *range(8), mb=0.01)
    assert len(files(tmp_path)) > 1
    assert starts(tmp_path) == [*range(8)]


def test_a_file_that_was_cut_off_costs_its_end_only(tmp_path, opened, clock):
    keep(opened, clock, 0, 1, 2)
    keep(opened, clock, 3)
    first = files(tmp_path)[0]
    first.write_bytes(first.read_bytes()[:-1])
    assert starts(tmp_path) == [0, 1, 3]


def test_only_what_was_asked_for_is_read(tmp_path, opened, clock):
    keep(opened, clock, 0, 1, 2)
    assert starts(tmp_path, T0 + 1) == [1, 2]
    assert starts(tmp_path, T0 + 3) == []


def test_a_disk_that_is_full_is_counted(tmp_path, opened):
    journal = opened(spare_gb=1e9)
    journal.add(packet(0), T0)
    journal.close()
    assert journal.lost == {"disk full": 1}
    assert files(tmp_path) == []


def test_an_unresponsive_disk_delays_nothing(tmp_path, opened, monkeypatch):
    goes_on = threading.Event()
    monkeypatch.setattr(shutil, "disk_usage", lambda root: goes_on.wait() and 1 / 0)
    journal = opened(waiting=3)
    writer = threading.Thread(target=journal.write)
    journal.add(packet(0), T0)
    writer.start()
    for after in range(1, 10):
        journal.add(packet(after), T0 + after)
    assert journal.lost["disk too slow"] >= 6
    goes_on.set()
    writer.join()
    journal.close()
    assert sum(journal.lost.values()) == 10


def test_where_there_is_none_nothing_is_read(tmp_path):
    assert last_write(tmp_path / "nowhere") is None
    assert read(tmp_path / "nowhere", 0.0) == []


def test_other_files_are_left_alone(tmp_path, opened, clock):
    (tmp_path / "notes.tail").write_text("mine")
    keep(opened, clock, 0)
    assert starts(tmp_path) == [0]
    assert (tmp_path / "notes.tail").exists()
