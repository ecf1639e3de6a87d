"""Files are read up to a length, and what is wrong with them is one line."""

import os
import struct
import threading
import zlib

import pytest

from forewave.errors import ConfigError, FormatError
from forewave.formats import bounded


def test_a_file_is_read_whole_or_not_at_all(tmp_path):
    file = tmp_path / "x"
    file.write_bytes(b"12345")
    assert bounded.read(file, 5) == b"12345"
    bounded.check(file, 5)
    for reads in (bounded.read, bounded.check):
        with pytest.raises(FormatError, match="x: longer than 4e-06 MB"):
            reads(file, 4)
        with pytest.raises(OSError, match="No such file"):
            reads(tmp_path / "none", 5)


def test_what_has_no_end_is_read_no_further(tmp_path):
    file = tmp_path / "zero"
    file.symlink_to("/dev/zero")
    with pytest.raises(FormatError, match="longer than"):
        bounded.read(file, 1000)
    with pytest.raises(FormatError, match="is no file"):
        bounded.check(file, 1000)


def test_a_pipe_into_which_nobody_writes_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    reader = threading.Thread(target=_refused, args=(tmp_path / "pipe",), daemon=True)
    reader.start()
    reader.join(5.0)
    assert not reader.is_alive()


def _refused(path):
    with pytest.raises(FormatError, match="is no file"):
        bounded.read(path, 10)


@pytest.mark.parametrize(
    "fault",
    [
        RecursionError(),
        OverflowError("a\nb"),
        struct.error("x"),
        zlib.error("x"),
        EOFError(),
        UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x"),
        ValueError("x" * 10_000),
    ],
)
def test_every_fault_of_a_reader_is_one_short_line(fault):
    with pytest.raises(FormatError) as found, bounded.faults_of("some.file"):
        raise fault
    assert str(found.value).startswith("some.file: ")
    assert "\n" not in str(found.value)
    assert len(str(found.value)) < 300


def test_what_is_said_already_stays_as_it_is():
    with pytest.raises(ConfigError, match=r"^said$"), bounded.faults_of("some.file"):
        raise ConfigError("said")
