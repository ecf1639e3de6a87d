"""A journal with a flipped bit costs a warm start, and never the start."""

import numpy as np
import pytest

from forewave.archive import packet_journal
from forewave.archive.event_log import files
from forewave.config import Settings
from forewave.errors import FormatError
from forewave.formats.storage import journal_blocks
from forewave.live.persistence.recorder import JOURNAL, Recorder
from forewave.live.persistence.recovery import Rebuilt
from forewave.types import Packet, StreamId

T0 = 1.79e9
SAMPLES = np.arange(20, dtype=np.int32)


def block(number):
    packet = Packet(StreamId("XX", "ABC", "", "HNZ"), T0 + number, 100.0, SAMPLES)
    return journal_blocks.encode([(T0 + number, packet)])


def test_every_flipped_bit_is_found_or_harmless():
    """Of what is read: whatever is flipped, no sample, name or time comes out that went not in."""
    data = block(0) + block(1)
    written = [piece for pieces in journal_blocks.read(data, T0) for piece in pieces]
    for at in range(8 * len(data)):
        flipped = bytearray(data)
        flipped[at // 8] ^= 1 << at % 8
        try:
            found = [
                piece for pieces in journal_blocks.read(bytes(flipped), T0) for piece in pieces
            ]
        except FormatError:
            continue
        assert all(piece in written for piece in found)


@pytest.fixture
def ended(tmp_path):
    """A recorder whose predecessor ended a step ago, and the newest file of its tail."""
    before = Recorder(Settings(), tmp_path)
    before.begin_journal()
    for number in range(100):
        before.merged(
            Packet(StreamId("XX", "ABC", "", "HNZ"), T0 + number, 100.0, SAMPLES), T0 + number
        )
    before.close()
    (file,) = packet_journal.files(tmp_path / "record" / JOURNAL)
    return Recorder(Settings(), tmp_path), file


def recent_packets(recorder):
    return recorder.recent_packets(Rebuilt(steps=1, now=T0), 1)


def test_one_flipped_byte_in_the_newest_block_begins_cold(ended, caplog, monkeypatch):
    recorder, file = ended
    monkeypatch.setattr("forewave.live.persistence.warm_start.since", lambda *known: 0.0)
    assert len(recent_packets(recorder)) == 100
    data = bytearray(file.read_bytes())
    data[data.rfind(b"\xa2XX") + 1] = 0xFF
    file.write_bytes(bytes(data))
    assert recent_packets(recorder) == []
    assert "stations begin cold" in caplog.text


@pytest.mark.parametrize("fault", [UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x"), KeyError("x")])
def test_whatever_reading_it_raises_the_machine_starts(ended, caplog, monkeypatch, fault):
    def raises(folder, since):
        raise fault

    monkeypatch.setattr("forewave.archive.packet_journal.read", raises)
    assert recent_packets(ended[0]) == []


def test_rooms_half_fed_from_a_faulty_record_begin_anew(tmp_path, monkeypatch):
    recorder, begun = Recorder(Settings(), tmp_path), []

    def rebuild(rooms, steps, now):
        raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "x")

    monkeypatch.setattr("forewave.live.persistence.recovery.rebuild", rebuild)
    monkeypatch.setattr("forewave.live.persistence.setup_journal.keep", lambda setup, root: "x")
    found = recorder.begin(None, None, past=False, begin_anew=lambda: begun.append(1))
    recorder.close()
    assert found.steps == 0
    assert begun == [1]
    assert files(tmp_path / "record")
