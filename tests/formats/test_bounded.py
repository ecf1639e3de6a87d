"""Files are read up to a limit of size, and their faults are errors of one line."""

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
        with pytest.raises(FormatError, match="x: expected at most 4e-06 MB, found more"):
            reads(file, 4)
        with pytest.raises(OSError, match="No such file"):
            reads(tmp_path / "none", 5)


def test_an_endless_file_is_read_no_further_than_the_limit(tmp_path):
    file = tmp_path / "zero"
    file.symlink_to("/dev/zero")
    with pytest.raises(FormatError, match="expected at most"):
        bounded.read(file, 1000)
    with pytest.raises(FormatError, match="expected a file"):
        bounded.check(file, 1000)


def test_a_pipe_without_a_writer_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    errors = []
    reader = threading.Thread(target=_read, args=(tmp_path / "pipe", errors), daemon=True)
    reader.start()
    reader.join(5.0)
    assert errors == [f"{tmp_path / 'pipe'}: expected a file, found a named pipe"]


def _read(path, errors):
    try:
        bounded.read(path, 10)
    except FormatError as error:
        errors.append(str(error))


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


def test_an_error_of_forewave_is_passed_on_unchanged():
    with pytest.raises(ConfigError, match=r"^stated$"), bounded.faults_of("some.file"):
        raise ConfigError("stated")
