import os
import shutil
from collections import namedtuple

import pytest

from forewave.archive.retention import check_writable, hold, is_there, make_room


@pytest.fixture
def found(tmp_path):
    """Four files of a hundred bytes, the oldest first."""
    made = [tmp_path / f"{number}.part" for number in range(4)]
    for file in made:
        file.write_bytes(bytes(100))
    return made


def left(root):
    return sorted(int(file.stem) for file in root.glob("*.part"))


def test_a_folder_is_held_until_it_is_let_go(tmp_path):
    held = hold(tmp_path / "made")
    with pytest.raises(BlockingIOError):
        hold(tmp_path / "made")
    os.close(held)
    os.close(hold(tmp_path / "made"))


def test_what_is_no_folder_is_not_locked(tmp_path):
    (tmp_path / "file").write_text("mine")
    assert hold(tmp_path / "file") is None


def test_a_file_is_there_under_its_own_name_only(tmp_path):
    with (tmp_path / "a").open("wb") as file:
        assert is_there(file)
        (tmp_path / "a").rename(tmp_path / "b")
        assert not is_there(file)
        (tmp_path / "a").write_text("another")
        assert not is_there(file)


def test_old_files_go(tmp_path, found):
    make_room(tmp_path, found, lambda file: file.stem < "2", 1e3, 0.0)
    assert left(tmp_path) == [2, 3]


def test_the_oldest_go_while_there_are_too_many(tmp_path, found):
    make_room(tmp_path, found, lambda file: False, 250.0, 0.0)
    assert left(tmp_path) == [2, 3]


def test_nothing_goes_without_need_and_the_folder_is_made(tmp_path, found):
    make_room(tmp_path, found, lambda file: False, 400.0, 0.0)
    assert left(tmp_path) == [0, 1, 2, 3]
    make_room(tmp_path / "new" / "folder", [], lambda file: False, 1.0, 0.0)
    assert (tmp_path / "new" / "folder").is_dir()


def test_a_full_disk_is_an_error_after_the_old_have_gone(tmp_path, found, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda root: usage(2e9, 1.5e9, 0.5e9))
    with pytest.raises(OSError, match="disk full"):
        make_room(tmp_path, found, lambda file: file.stem < "1", 1e3, 1.0)
    assert left(tmp_path) == [1, 2, 3]


def test_a_read_only_disk_is_none_that_is_full(tmp_path, monkeypatch):
    """It often is both, and says of itself that nothing is free."""
    usage = namedtuple("usage", "total used free")
    flags = namedtuple("flags", "f_flag")
    monkeypatch.setattr(shutil, "disk_usage", lambda root: usage(1, 1, 0))
    monkeypatch.setattr(os, "statvfs", lambda root: flags(os.ST_RDONLY))
    with pytest.raises(OSError, match="Read-only file system"):
        check_writable(tmp_path, 1.0)


def test_a_folder_of_another_user_is_not_a_full_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda root, mode: False)  # root may write everywhere
    with pytest.raises(OSError, match="Permission denied"):
        check_writable(tmp_path, 0.0)
