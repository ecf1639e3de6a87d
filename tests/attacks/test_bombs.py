"""Files and messages made to be too much: refused in one line, for a small price."""

import gzip
import tracemalloc

import numpy as np
import pytest

from forewave import config
from forewave.errors import ConfigError, ForewaveError, FormatError
from forewave.formats.inventories import stationxml
from forewave.formats.protocols import packet_message
from forewave.formats.protocols.seedlink import frame_4
from forewave.formats.recordings import event_info, receipts
from forewave.formats.waveforms import miniseed
from forewave.simulate.scenario import load_scenario
from forewave.sources.mqtt import source as mqtt
from forewave.types import Packet, StreamId

HEAD = b"sta,last_sample_time_unix,server_receive_time_unix,n_samples\n"


@pytest.fixture
def least_memory():
    """No more than 60 MB at once, whatever is unpacked."""
    tracemalloc.start()
    yield
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 60e6


def unpacks_to(path, line, times):
    with gzip.open(path, "wb", 1) as file:
        file.write(HEAD)
        for _ in range(times):
            file.write(line)
    return path


def test_a_line_of_100_mb_is_no_line(tmp_path, least_memory):
    found, dropped = receipts.read(unpacks_to(tmp_path / "p", b"\0" * (1 << 20), 100), ["XX.ABC"])
    assert found == ()
    assert [word.detail for word in dropped] == [
        "expected lines below 1000 characters, found a longer one"
    ]


def test_bad_lines_end_the_reading_after_some(tmp_path, least_memory):
    file = unpacks_to(tmp_path / "p", b"Q\n" * 100_000, 10)
    _, dropped = receipts.read(file, ["XX.ABC"])
    assert len(dropped) == receipts.MOST_DROPPED + 1
    assert dropped[-1].detail == "expected at most 3000000 lines, 10000 unreadable"


def test_so_many_good_lines_and_no_more(tmp_path, monkeypatch):
    monkeypatch.setattr(receipts, "MOST", 1000)
    file = unpacks_to(tmp_path / "p", b"ABC,1790000000.5,1790000001.2,100\n", 5000)
    found, dropped = receipts.read(file, ["XX.ABC"])
    assert len(found) == 999
    assert dropped[0].detail == "expected at most 1000 lines, 10000 unreadable"


@pytest.mark.parametrize(
    "text",
    [
        b"a=[" + b"1," * 600_000 + b"]\n",
        b"a." * 20_000 + b"b=1\n",
        b"a=" + b"[" * 20_000 + b"]" * 20_000,
        b"\xff\xfe",
        b"[network]\ninventory=" + b"[" * 5000,
        b"".join(b"k%d=1\n" % number for number in range(20_000)),
        b"".join(b'[[sources]]\nkind="x%d"\n' % number for number in range(20_000)),
        b"a=" + b"9" * 5000,
    ],
    ids=["long", "dotted", "nested", "no text", "open", "unknown keys", "unknown kinds", "digits"],
)
def test_settings_and_scenarios_are_refused_in_one_line(tmp_path, text):
    file = tmp_path / "f.toml"
    file.write_bytes(text)
    for read in (config.read, load_scenario):
        with pytest.raises(ConfigError) as found:
            read(file)
        assert "\n" not in str(found.value)
        assert len(str(found.value)) < 2000


def test_twenty_thousand_sources_are_told_apart_in_no_time(tmp_path):
    file = tmp_path / "f.toml"
    blocks = (b'[[sources]]\nkind="archive"\npath="x%d"\n' % number for number in range(20_000))
    file.write_bytes(b"".join(blocks))
    assert len(config.read(file).sources) == 20_000


@pytest.mark.parametrize(
    "text",
    [
        b'{"id":"' + b"x" * 2_000_000 + b'"}',
        b"[" * 5000,
        b'{"id":' + b"[" * 5000 + b"]" * 5000 + b"}",
        b'{"id":"\xff"}',
        b'{"id":"a","origin_time":1e400}',
        b'{"id":"a","lat":NaN}',
    ],
)
def test_event_json_is_refused_in_one_line(tmp_path, text):
    file = tmp_path / "event.json"
    file.write_bytes(text)
    with pytest.raises(FormatError) as found:
        event_info.read(file)
    assert "\n" not in str(found.value)


def test_stationxml_without_an_end_is_refused(tmp_path):
    file = tmp_path / "s.xml"
    file.symlink_to("/dev/zero")
    with pytest.raises(ForewaveError, match="expected a file"):
        stationxml.components(file)


@pytest.mark.parametrize("junk", [b"MS\x03", b"000000D "])
def test_a_message_of_heads_is_left_after_some(junk):
    """4 MB of them held up the loop for 14 s; a message has 64 kB, of which 20 heads are tried."""
    assert mqtt.LONGEST == 65_536
    received = packet_message.read(junk * (mqtt.LONGEST // len(junk)))
    assert len(received.dropped) <= packet_message.MOST_DROPPED + 1
    assert received.packets == []


def test_what_is_good_before_the_junk_is_taken():
    piece = Packet(StreamId("XX", "ABC", "", "HNZ"), 1.79e9, 100.0, np.arange(9, dtype=np.int32))
    received = packet_message.read(miniseed.encode([piece]) + b"MS\x03" * 10_000)
    assert len(received.packets) == 1


def test_a_frame_of_seedlink_cannot_be_longer_than_a_record():
    assert len(frame_4("XX_ABC", 1, b"x" * 512)) < 600
