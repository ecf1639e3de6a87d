import shutil
from pathlib import Path

import numpy as np
import obspy.io.nied
import pytest
from obspy import UTCDateTime

from forewave.errors import FormatError
from forewave.formats import event_directory, knet
from forewave.types import StreamId

SAMPLE = Path(obspy.io.nied.__file__).parent / "tests/data/test.knet"


def test_the_sample_of_obspy():
    packet, place, event = knet.read(SAMPLE)
    lines = SAMPLE.read_text().splitlines()
    head = {line[:17].strip(): line[18:].strip() for line in lines[:17]}
    assert packet.stream == StreamId("BO", head["Station Code"], "", "HNE")
    begins = UTCDateTime(head["Record Time"].replace("/", "-")) - 9 * 3600 - 15
    assert packet.start == begins.timestamp
    assert packet.rate == 100.0
    assert len(packet.samples) == 100 * int(head["Duration Time(s)"])
    assert packet.samples[:8].tolist() == [int(word) for word in lines[17].split()]
    moved = (packet.samples - packet.samples.mean()) / place.channel.gain
    assert np.abs(moved).max() / 0.01 == pytest.approx(float(head["Max. Acc. (gal)"]), rel=0.001)
    assert (place.lat, place.lon) == (float(head["Station Lat."]), float(head["Station Long."]))
    assert (event.lat, event.magnitude) == (float(head["Lat."]), float(head["Mag."]))


@pytest.mark.parametrize("cut", [0, 10, 300, 700, 1000])
def test_a_damaged_file_is_one_line(tmp_path, cut):
    path = tmp_path / "ABC0012001010000.UD"
    path.write_bytes(SAMPLE.read_bytes()[:cut] + b"\xff")
    with pytest.raises(FormatError) as error:
        knet.read(path)
    assert str(error.value).startswith(f"{path}: is no K-NET file")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("old", "new"), [("2000(gal)", "0(gal)"), ("E-W", "X-Y"), ("100Hz", "0Hz"), ("100Hz", "Hz")]
)
def test_a_head_that_says_nothing_is_one_line(tmp_path, old, new):
    text = SAMPLE.read_text()
    path = tmp_path / "ABC0012001010000.UD"
    path.write_text(text.replace(old, new))
    with pytest.raises(FormatError, match="is no K-NET file"):
        knet.read(path)


def test_a_folder_of_originals_is_a_recording(recordings, tmp_path):
    folder = tmp_path / "originals"
    shutil.copytree(recordings / "jp-20110630-matsumoto/original", folder)
    (folder / "NGNH351106302345.UD2").chmod(0o644)
    (folder / "NGNH351106302345.UD2").write_text("rubbish")
    recording = event_directory.read(folder)
    assert recording.info.magnitude == 2.4
    assert [s.code for s in recording.stations] == ["BO.NGNH31", "BO.NGNH35"]
    assert {c.stream.location for c in recording.stations[0].channels} == {"2"}
    assert {c.stream.location for c in recording.stations[1].channels} == {"1"}
    assert [d.source for d in recording.dropped if "K-NET" in d.reason] == ["NGNH351106302345.UD2"]


@pytest.mark.parametrize("name", ["jp-20110630-matsumoto", "jp-20141231-chiba"])
def test_originals_say_what_their_miniseed_says(recordings, name):
    mine = event_directory.read(recordings / name / "original")
    theirs = event_directory.read(recordings / name)
    assert len(mine.segments) == len(theirs.segments)
    for a, b in zip(mine.segments, theirs.segments, strict=True):
        np.testing.assert_array_equal(a.samples, b.samples)
        assert (a.start, a.rate) == (b.start, b.rate)
    for a, b in zip(mine.stations, theirs.stations, strict=True):
        assert [c.gain for c in a.channels] == pytest.approx([c.gain for c in b.channels])
        assert (a.lat, a.lon, a.elevation_m) == (b.lat, b.lon, b.elevation_m)
