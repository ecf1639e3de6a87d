"""What was learned of gains comes back after a restart, for the gains that it was learned with."""

import errno
import json
import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from forewave.live.persistence import gain_file
from forewave.live.persistence.gain_file import GainFile
from forewave.stations.gain import Gains
from forewave.types import Channel, Station, StreamId

CODES = ("XX.A", "XX.B")
STATIONS = tuple(
    Station(
        code, 24.0, 121.0, 0.0, (Channel(StreamId("XX", code[3:], "", "HNZ"), 1e6, "m/s^2", 100.0),)
    )
    for code in CODES
)
KNOWN = {"XX.A": (2.0, 2.1, 1.9, 2.0)}


def learned():
    gains = Gains(CODES, KNOWN)
    gains.learned = 1
    return gains


def test_it_comes_back(tmp_path):
    file = GainFile(tmp_path, STATIONS)
    assert file.known == {}
    thread = file.keep(learned())
    assert thread is not None
    thread.join(10.0)
    assert gain_file.load(tmp_path, STATIONS) == KNOWN
    assert file.keep(learned()) is None  # nothing new


def test_a_folder_that_cannot_be_looked_into_does_not_end_the_start(tmp_path, monkeypatch):
    def refuses(self, **options):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))

    monkeypatch.setattr(Path, "stat", refuses)
    assert gain_file.load(tmp_path, STATIONS) == {}


def test_who_corrects_a_gain_begins_anew(tmp_path):
    gain_file.save(tmp_path, STATIONS, KNOWN)
    channel = replace(STATIONS[0].channels[0], gain=1e4)
    assert gain_file.load(tmp_path, (replace(STATIONS[0], channels=(channel,)),)) == {}


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[1]", b"\xff", b'{"XX.A": {"gain": "x", "off": []}}', b"[" * 100_000]
)
def test_a_file_that_is_none_costs_what_was_learned_and_nothing_else(tmp_path, content):
    (tmp_path / gain_file.NAME).write_bytes(content)
    assert gain_file.load(tmp_path, STATIONS) == {}


def test_numbers_that_are_none_are_left_out(tmp_path):
    table = {"XX.A": {"gain": 1e6, "off": [1e400]}, "XX.B": {"gain": 1e6, "off": [2.0]}}
    (tmp_path / gain_file.NAME).write_text(json.dumps(table).replace("Infinity", "1e400"))
    assert "XX.A" not in gain_file.load(tmp_path, STATIONS)


def test_without_a_folder_nothing_is_kept():
    file = GainFile(None, STATIONS)
    assert file.known == {}
    assert file.keep(learned()) is None


def test_a_folder_that_is_gone_is_said(tmp_path, caplog):
    thread = GainFile(tmp_path / "gone", STATIONS).keep(learned())
    assert thread is not None
    thread.join(10.0)
    assert gain_file.NAME in caplog.text
