import os

import pytest

from forewave.archive import alert_archive
from forewave.archive.alert_archive import NAME, AlertArchive, read


def message(i):
    return b'{"n":%d}' % i


def written(path, *messages, **limits):
    archive = AlertArchive(path, **limits)
    for each in messages:
        archive.add(each)
    archive.close()
    return archive


def test_what_was_added_is_read_again_over_several_runs(tmp_path):
    path = tmp_path / "record" / NAME
    written(path, message(1), message(2))
    written(path, message(3))
    assert read(path, 10) == [message(1), message(2), message(3)]
    assert read(path, 2) == [message(2), message(3)]


def test_a_line_that_was_cut_off_spoils_neither_the_one_before_nor_the_next(tmp_path):
    path = tmp_path / NAME
    path.write_bytes(message(1) + b'\n{"n":')
    written(path, message(2))
    assert read(path, 10) == [message(1), b'{"n":', message(2)]


@pytest.mark.parametrize("damage", [b"\x00" * 2000, b"x\n\n[1]", b"\xff\xfe"])
def test_what_cannot_be_a_message_is_left_out(tmp_path, damage):
    path = tmp_path / NAME
    path.write_bytes(message(1) + b"\n" + damage + b"\n" + message(2) + b"\n")
    assert read(path, 10) == [message(1), message(2)]


def test_without_a_file_there_is_nothing(tmp_path):
    assert read(tmp_path / "none", 10) == []
    assert read(tmp_path, 10) == []


def test_a_file_that_is_too_long_loses_its_older_half(tmp_path):
    path = tmp_path / NAME
    for i in range(100):
        written(path, message(i), most_bytes=300)
    found = read(path, 1000)
    assert path.stat().st_size < 400
    assert found == [message(i) for i in range(100 - len(found), 100)]
    assert list(tmp_path.iterdir()) == [path]


def test_a_giant_file_is_read_at_its_end_only(tmp_path, monkeypatch):
    monkeypatch.setattr(alert_archive, "MOST_BYTES", 50)
    path = tmp_path / NAME
    path.write_bytes(b"\n".join(message(i) for i in range(100)))
    assert read(path, 1000)[-1] == message(99)
    assert len(read(path, 1000)) <= 6


def test_a_disk_that_cannot_be_written_is_counted_and_delays_nobody(tmp_path, caplog):
    path = tmp_path / "file" / NAME
    path.parent.write_bytes(b"")
    archive = written(path, message(1), message(2))
    assert sum(archive.lost.values()) == 2
    assert len(caplog.records) == 1


def test_a_disk_that_is_too_slow_loses_what_comes_last(tmp_path, monkeypatch):
    monkeypatch.setattr(alert_archive, "WAITING", 2)
    monkeypatch.setattr(AlertArchive, "_work", lambda self: None)
    archive = written(tmp_path / NAME, *(message(i) for i in range(5)))
    assert archive.lost == {"disk too slow": 3}
    assert not os.path.exists(tmp_path / NAME)
