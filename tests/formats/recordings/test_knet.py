import shutil
from pathlib import Path

import numpy as np
import obspy.io.nied
import pytest
from obspy import UTCDateTime

from forewave.errors import FormatError
from forewave.formats.recordings import event_directory, knet
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
    assert str(error.value).startswith(f"{path}: not a K-NET file")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("old", "new"), [("2000(gal)", "0(gal)"), ("E-W", "X-Y"), ("100Hz", "0Hz"), ("100Hz", "Hz")]
)
def test_an_invalid_header_is_one_line(tmp_path, old, new):
    text = SAMPLE.read_text()
    path = tmp_path / "ABC0012001010000.UD"
    path.write_text(text.replace(old, new))
    with pytest.raises(FormatError, match="not a K-NET file"):
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
def test_original_files_agree_with_their_miniseed(recordings, name):
    mine = event_directory.read(recordings / name / "original")
    theirs = event_directory.read(recordings / name)
    assert len(mine.segments) == len(theirs.segments)
    for a, b in zip(mine.segments, theirs.segments, strict=True):
        np.testing.assert_array_equal(a.samples, b.samples)
        assert (a.start, a.rate) == (b.start, b.rate)
    for a, b in zip(mine.stations, theirs.stations, strict=True):
        assert [c.gain for c in a.channels] == pytest.approx([c.gain for c in b.channels])
        assert (a.lat, a.lon, a.elevation_m) == (b.lat, b.lon, b.elevation_m)


HEAD = {
    "Origin Time": "2024/05/05 12:34:00",
    "Lat.": "35.0",
    "Long.": "139.5",
    "Depth. (km)": "10",
    "Mag.": "5.0",
    "Station Code": "TST001",
    "Station Lat.": "35.5",
    "Station Long.": "139.5",
    "Station Height(m)": "10",
    "Record Time": "2024/05/05 12:34:20",
    "Sampling Freq(Hz)": "100Hz",
    "Duration Time(s)": "8",
    "Dir.": "U-D",
    "Scale Factor": "3920(gal)/6182761",
    "Max. Acc. (gal)": "0.123",
    "Last Correction": "2024/05/05 12:34:00",
    "Memo.": "",
}
SAMPLES = [n * n % 997 - 300 for n in range(64)]


def write(folder, name="TST0012405051234.UD", samples=SAMPLES, width=18, **fields):
    """A file with other values; names of fields as they are in HEAD, with _ for what is no name."""
    head = dict(HEAD)
    for label in HEAD:
        key = "".join(c if c.isalnum() else "_" for c in label).strip("_")
        head[label] = fields.pop(key, head[label])
    assert not fields
    lines = [f"{label:<{width}}{value}" for label, value in head.items()]
    lines += ["".join(f"{x:9d}" for x in samples[n : n + 8]) for n in range(0, len(samples), 8)]
    path = folder / name
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize("blank", ["", "-", "   ", "--"])
@pytest.mark.parametrize(
    "field",
    [
        *("Lat", "Long", "Depth___km", "Mag", "Origin_Time", "Memo", "Last_Correction"),
        *("Max__Acc___gal", "Duration_Time_s", "Station_Height_m"),
    ],
)
def test_a_field_that_is_not_needed_may_be_blank(tmp_path, field, blank):
    packet, place, event = knet.read(write(tmp_path, **{field: blank}))
    assert packet.samples.tolist() == SAMPLES
    assert (packet.start, packet.rate) == (1_714_880_045.0, 100.0)
    assert place.channel.gain == pytest.approx(157_723.5, rel=1e-6)
    unknown = {"Lat": "lat", "Long": "lon", "Depth___km": "depth_km", "Mag": "magnitude"}
    unknown |= {"Origin_Time": "origin_time"}
    for name in ("lat", "lon", "depth_km", "magnitude", "origin_time"):
        assert (getattr(event, name) is None) == (unknown.get(field) == name)


def test_values_that_the_file_name_states_may_be_blank(tmp_path):
    path = write(tmp_path, "TST0012405051234.NS2", Dir="", Station_Code="")
    assert knet.read(path)[0].stream == StreamId("BO", "TST001", "2", "HNN")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Record_Time", ""),
        ("Sampling_Freq_Hz", ""),
        ("Sampling_Freq_Hz", "often"),
        ("Scale_Factor", ""),
        ("Scale_Factor", "3920(gal)/0"),
        ("Scale_Factor", "much"),
        ("Mag", "big"),
        ("Dir", "up"),
    ],
)
def test_an_invalid_required_value_is_named(tmp_path, field, value):
    path = write(tmp_path, **{field: value})
    label = next(name for name in HEAD if name.startswith(field.split("_")[0]))
    with pytest.raises(FormatError, match=rf"not a K-NET file: {label.split()[0]}") as error:
        knet.read(path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("number", "stream"), [(1, "1.HNN"), (2, "1.HNE"), (3, "1.HNZ"), (4, "2.HNN"), (6, "2.HNZ")]
)
def test_the_directions_of_kik_net(tmp_path, number, stream):
    packet, place, _ = knet.read(write(tmp_path, Dir=str(number)))
    assert f"{packet.stream.location}.{packet.stream.channel}" == stream
    assert place.vertical == stream.endswith("Z")


def test_a_station_without_coordinates_is_not_at_0_0(tmp_path):
    write(tmp_path, Station_Lat="")
    recording = event_directory.inspect(tmp_path)
    assert recording.stations == ()
    assert recording.dropped[0].reason == "coordinates missing or impossible"


def test_the_earthquake_is_that_of_the_most_complete_header(tmp_path):
    write(tmp_path, "TST0012405051234.EW", Dir="E-W", Mag="", Depth___km="")
    write(tmp_path)
    assert event_directory.inspect(tmp_path).info.magnitude == 5.0


@pytest.mark.parametrize("wide", [18, 30])
def test_a_header_with_more_blanks_and_a_leap_second(tmp_path, wide):
    path = write(tmp_path, width=wide, Record_Time="2016/12/31 23:59:60")
    assert knet.read(path)[0].start == 1_483_228_800.0 - 9 * 3600 - 15


def test_a_header_of_its_last_line_alone_names_what_is_missing(tmp_path):
    file = tmp_path / "TST0012405051234.UD"
    file.write_text("Memo.\n 1 2 3\n")
    with pytest.raises(FormatError, match="Sampling Freq\\(Hz\\) is blank, expected a value"):
        knet.read(file)


@pytest.mark.parametrize("label", knet.LABELS)
def test_a_missing_header_line_is_treated_as_a_blank_one(tmp_path, label):
    """It is read without, or the line is named."""
    text = SAMPLE.read_text().splitlines(keepends=True)
    file = tmp_path / "test.EW"
    file.write_text("".join(line for line in text if not line.startswith(label)))
    try:
        packet, _, _ = knet.read(file)
    except FormatError as error:
        assert label in str(error)  # noqa: PT017 (either is right)
    else:
        assert len(packet.samples) == len(knet.read(SAMPLE)[0].samples)
