"""A file is replaced whole or not at all."""

import os

import pytest

from forewave.formats.storage import whole_file


@pytest.mark.parametrize("sync", [False, True])
def test_the_content_is_replaced_and_nothing_is_left_beside(tmp_path, sync):
    file = tmp_path / "a.json"
    for content in (b"long content", b"", b"new"):
        whole_file.replace(file, content, sync=sync)
        assert file.read_bytes() == content
    assert [*tmp_path.iterdir()] == [file]


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_only_its_owner_may_read_what_is_secret(tmp_path):
    whole_file.replace(tmp_path / "a", b"secret", mode=0o600)
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_where_it_cannot_be_written_the_old_one_stays(tmp_path, monkeypatch):
    file = tmp_path / "a"
    file.write_bytes(b"old")

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        whole_file.replace(file, b"new", sync=True)
    assert file.read_bytes() == b"old"
