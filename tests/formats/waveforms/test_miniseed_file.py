import os
import threading

import numpy as np
import pytest

from forewave.formats.waveforms import miniseed, miniseed_file
from forewave.formats.waveforms.segments import join
from forewave.types import Dropped, Packet, StreamId

STREAM = StreamId("XX", "ABC", "00", "HNZ")
RAMP = np.arange(50_000, dtype=np.int32) ** 2 % 7919


@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("chunk", [700, 1024, 5000, 1 << 20])
def test_in_pieces_of_any_size_the_same(tmp_path, version, chunk):
    file = tmp_path / "a.mseed"
    file.write_bytes(miniseed.encode([Packet(STREAM, 1.6e9, 100.0, RAMP)], version))
    (whole,), repeated = join(miniseed_file.read(file, chunk))
    assert repeated == []
    np.testing.assert_array_equal(whole.samples, RAMP)


def test_damage_costs_what_is_damaged(tmp_path):
    file = tmp_path / "a.mseed"
    data = bytearray(miniseed.encode([Packet(STREAM, 1.6e9, 100.0, RAMP)]))
    data[1024 : 1024 + 60] = b"\xff" * 60
    file.write_bytes(data[:-400])
    words = list(miniseed_file.read(file, 4096))
    lost = [word for word in words if isinstance(word, Dropped)]
    assert {word.reason for word in lost} <= {"not miniSEED", "damaged record", "truncated record"}
    assert len(words) - len(lost) == len(data) // 512 - 2


@pytest.mark.parametrize("chunk", [600, 1000, 1 << 20])
def test_damage_costs_no_more_when_read_in_small_blocks(tmp_path, chunk):
    file = tmp_path / "a.mseed"
    data = miniseed.encode([Packet(STREAM, 1.6e9, 100.0, RAMP)])
    file.write_bytes(data[:1024] + b"\xff" * 700 + data[1024:])
    words = list(miniseed_file.read(file, chunk))
    (whole,), _ = join(word for word in words if isinstance(word, Packet))
    np.testing.assert_array_equal(whole.samples, RAMP)
    assert {word.reason for word in words if isinstance(word, Dropped)} == {"not miniSEED"}


def test_a_pipe_without_a_writer_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    found = []
    reader = threading.Thread(
        target=lambda: found.extend(miniseed_file.read(tmp_path / "pipe")), daemon=True
    )
    reader.start()
    reader.join(5.0)
    assert found == [Dropped("pipe", "unreadable file", "expected a file, found a named pipe")]


def test_a_file_that_is_not_there_is_one_dropped(tmp_path):
    (word,) = miniseed_file.read(tmp_path / "none.mseed")
    assert word.reason == "unreadable file"
