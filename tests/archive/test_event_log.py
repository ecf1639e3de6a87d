import shutil
import threading

import pytest

from forewave.archive import event_log as module
from forewave.archive.event_log import EventLog, EventLogLimits, entries, files
from forewave.formats.storage.log_blocks import Began, Goes, Lost, Step

T0 = 1_600_000_000.0


@pytest.fixture
def opened(tmp_path, clock):
    """Opens records that are closed in the end."""
    made = []

    def of(**limits):
        began = Began(clock.now, "setup-1.msgpack", None)
        made.append(EventLog(tmp_path, EventLogLimits(**limits), clock, began))
        return made[-1]

    yield of
    for each in made:
        each.close()


def moment(after):
    return Step(T0 + after, ())


def test_what_was_added_is_read_in_order(tmp_path, opened):
    record = opened()
    for after in range(5):
        record.add(moment(after))
    record.close()
    assert list(entries(tmp_path)) == [
        Began(T0, "setup-1.msgpack", None),
        *map(moment, range(5)),
    ]
    assert record.written == 6


def test_only_what_was_asked_for_is_read(tmp_path, opened):
    record = opened()
    for after in range(5):
        record.add(moment(after))
    record.close()
    assert list(entries(tmp_path, T0 + 3)) == [moment(3), moment(4)]


def test_a_new_file_is_begun_each_hour_and_marked_as_a_continuation(
    tmp_path, clock, opened, monkeypatch
):
    monkeypatch.setattr(module, "PAUSE", 0.001)
    record = opened(file_s=10.0)
    for after in (0.0, 11.0):
        clock.now = T0 + after
        record.add(moment(after))
        while record.written < 2 + (after > 0):
            pass
    record.close()
    assert len(files(tmp_path)) == 2
    assert Goes(T0 + 11.0, "setup-1.msgpack") in list(entries(tmp_path))


@pytest.mark.parametrize("leave", [shutil.rmtree, lambda root: root.rename(f"{root}.old")])
def test_a_folder_that_was_removed_is_created_again(tmp_path, clock, leave):
    record = EventLog(tmp_path / "r", EventLogLimits(), clock, Began(T0, "setup-1.msgpack", None))
    assert record.settle(5.0)
    leave(tmp_path / "r")
    record.add(moment(1.0))
    record.close()
    assert list(entries(tmp_path / "r")) == [Goes(T0, "setup-1.msgpack"), moment(1.0)]
    assert not record.lost


def test_a_file_in_place_of_the_folder_is_counted(tmp_path, clock):
    record = EventLog(tmp_path / "r", EventLogLimits(), clock, Began(T0, "setup-1.msgpack", None))
    assert record.settle(5.0)
    shutil.rmtree(tmp_path / "r")
    (tmp_path / "r").write_text("mine")
    record.add(moment(1.0))
    record.close()
    assert sum(record.lost.values()) == 1


def test_old_files_go_and_nothing_else(tmp_path, clock, opened):
    opened().close()
    (tmp_path / "notes.record").write_text("mine")
    (tmp_path / "setup-1.msgpack").write_text("kept")
    clock.now += 40 * 86_400.0
    opened(days=30.0).close()
    names = {file.name for file in tmp_path.iterdir()}
    assert {"notes.record", "setup-1.msgpack"} < names
    assert [entry.now for entry in entries(tmp_path)] == [clock.now]


def test_beyond_its_size_the_oldest_go(tmp_path, clock, opened):
    for _ in range(3):
        opened(gb=1e-7).close()
        clock.now += 60.0
    assert len(files(tmp_path)) < 3


def test_a_full_disk_is_counted_and_marked_in_the_log(tmp_path, clock, opened, monkeypatch):
    room = [0]

    class Usage:
        @property
        def free(self):
            return room[0]

    monkeypatch.setattr(shutil, "disk_usage", lambda root: Usage())
    monkeypatch.setattr(module, "PAUSE", 0.001)
    record = opened()
    record.add(moment(0))
    while sum(record.lost.values()) < 2:
        pass
    room[0] = 2_000_000_000
    record.add(moment(1))
    record.close()
    assert dict(record.lost) == {"disk full": 2}
    assert list(entries(tmp_path)) == [Lost(T0 + 1, 2), moment(1)]


def test_a_disk_that_hangs_costs_entries_and_no_time(tmp_path, opened, monkeypatch):
    hangs, usage = threading.Event(), shutil.disk_usage

    def hanging(root):
        hangs.wait(10.0)
        return usage(root)

    monkeypatch.setattr(shutil, "disk_usage", hanging)
    record = opened(waiting=3)
    for after in range(10):
        record.add(moment(after))
    assert record.lost["disk too slow"] >= 6
    hangs.set()
    record.close()


def test_what_cannot_be_written_costs_nothing_else(tmp_path, opened, monkeypatch):
    monkeypatch.setattr(module, "PAUSE", 10.0)  # so that all of it is one block
    record = opened()
    for entry in (moment(1), Step(T0 + 2, (object(),)), moment(3)):
        record.add(entry)
    record.close()
    assert record.lost == {"fault in forewave": 1}
    kept = list(module.entries(record.root))
    assert [entry for entry in kept if isinstance(entry, Step)] == [moment(1), moment(3)]
    assert [entry.steps for entry in kept if isinstance(entry, module.Lost)] == [1]


def test_what_cannot_be_written_does_not_end_it(tmp_path, opened, monkeypatch):
    monkeypatch.setattr(module, "PAUSE", 0.001)
    record = opened()
    record.add(Step(T0, (object(),)))
    while not record.lost:
        pass
    record.add(moment(1))
    record.close()
    assert record.lost["fault in forewave"] >= 1
    assert moment(1) in list(entries(tmp_path))


def test_a_folder_that_is_no_record_is_empty(tmp_path):
    assert list(entries(tmp_path)) == []
    assert list(entries(tmp_path / "nowhere")) == []


def test_what_waited_for_a_slow_disk_is_written_in_blocks_that_can_be_read(
    tmp_path, opened, monkeypatch
):
    monkeypatch.setattr(module, "EACH", 3)
    record = opened()
    sizes, put = [], record._put

    def counted(entries, urgent):
        sizes.append(len(entries))
        put(entries, urgent)

    monkeypatch.setattr(record, "_put", counted)
    for after in range(20):
        record._waiting.append(moment(after))
    record.close()
    assert max(sizes) <= 3
    assert list(entries(tmp_path))[1:] == [moment(after) for after in range(20)]


def test_what_is_settled_survives_the_process(tmp_path, opened, monkeypatch):
    """It is read from the disk while the record is open, as after SIGKILL."""
    monkeypatch.setattr(module, "PAUSE", 3600.0)
    record = opened()
    for after in range(3):
        record.add(moment(after))
        assert record.settle(30.0)
        assert list(entries(tmp_path))[1:] == [*map(moment, range(after + 1))]


def test_a_disk_that_hangs_is_waited_for_once(tmp_path, opened, monkeypatch):
    monkeypatch.setattr(module, "PAUSE", 0.001)
    hangs, goes_on = threading.Event(), threading.Event()
    write = module.make_room

    def hung(*asked):
        hangs.set()
        goes_on.wait(30.0)
        write(*asked)

    monkeypatch.setattr(module, "make_room", hung)
    record = opened()
    assert hangs.wait(30.0)
    record.add(moment(1))
    assert not record.settle(0.001)
    assert not record.settle(3600.0)  # the test would never end
    goes_on.set()
    while record.written < 2:
        pass
    record.add(moment(2))
    assert record.settle(30.0)


def test_what_a_full_disk_refuses_is_not_waited_for(opened, monkeypatch):
    def full(*asked):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "make_room", full)
    record = opened()
    record.add(moment(1))
    assert record.settle(3600.0)  # the test would never end
    assert record.lost
