import numpy as np
import pytest

from forewave.errors import FormatError
from forewave.formats.recordings.event_directory import Receipt, inspect, read, write
from forewave.formats.waveforms import miniseed
from forewave.types import Packet, StreamId


@pytest.fixture
def folder(tmp_path, network, quake):
    write(tmp_path / "made", quake, *network)
    return tmp_path / "made"


def test_what_is_written_is_read(folder, network, quake):
    stations, packets = network
    recording = read(folder)
    assert recording.info == quake
    assert recording.dropped == ()
    assert recording.receipts is None
    assert [s.code for s in recording.stations] == [s.code for s in stations]
    by_stream = {p.stream: p.samples for p in packets}
    assert len(recording.segments) == 6
    for segment in recording.segments:
        np.testing.assert_array_equal(segment.samples, by_stream[segment.stream])


def test_receipts_are_written_and_read(tmp_path, network, quake):
    arrived = (Receipt("XX.AAA", 1.6e9 + 1, 1.6e9 + 1.5, 100),)
    write(tmp_path / "made", quake, *network, arrived)
    assert read(tmp_path / "made").receipts == arrived


def test_the_same_content_gives_the_same_bytes(tmp_path, network, quake):
    for name in "ab":
        write(tmp_path / name, quake, *network)
    for file in (tmp_path / "a").iterdir():
        assert file.read_bytes() == (tmp_path / "b" / file.name).read_bytes()


def test_all_files_are_read_and_what_they_repeat_is_counted(folder, network):
    (folder / "again.mseed").write_bytes(miniseed.encode(network[1][:1]))
    recording = read(folder)
    assert len(recording.segments) == 6
    assert [(d.source, d.reason) for d in recording.dropped] == [
        ("XX.AAA..HNZ", "repeated samples")
    ]


def add(folder, *pieces):
    (folder / "more.mseed").write_bytes(miniseed.encode(pieces))
    return read(folder)


def test_an_unknown_station_is_dropped(folder, network):
    stranger = StreamId("ZZ", "WHO", "", "HNZ")
    recording = add(folder, Packet(stranger, network[1][0].start, 100.0, network[1][0].samples))
    assert [(d.source, d.reason) for d in recording.dropped] == [
        ("ZZ.WHO..HNZ", "not in the inventory")
    ]
    assert stranger not in {s.stream for s in recording.segments}


def test_an_absurd_rate_and_an_absurd_time_are_dropped(folder, network):
    first = network[1][0]
    recording = add(
        folder,
        Packet(first.stream, first.start + 60, 1e4, first.samples),
        Packet(first.stream, first.start - 1e9, 100.0, first.samples[:50]),
    )
    assert sorted({d.reason for d in recording.dropped}) == [
        "sample rate contradicts",
        "time far from all others",
    ]
    assert len(recording.segments) == 6


def test_a_station_without_data_is_named(folder, network):
    (folder / "waveforms.mseed").write_bytes(miniseed.encode(network[1][:3]))
    recording = read(folder)
    assert [s.code for s in recording.stations] == ["XX.AAA"]
    assert {(d.source[:6], d.reason) for d in recording.dropped} == {("XX.BBB", "no waveforms")}


def test_damaged_waveforms_lose_only_what_is_damaged(folder):
    path = folder / "waveforms.mseed"
    data = bytearray(path.read_bytes())
    data[1024:1100] = bytes(76)
    path.write_bytes(data[:-300])
    recording = read(folder)
    assert len(recording.stations) == 2
    assert sorted(d.reason for d in recording.dropped) == ["not miniSEED", "truncated record"]


@pytest.mark.parametrize(
    ("file", "content", "why"),
    [
        ("waveforms.mseed", None, r"made: expected a \*\.mseed file, found"),
        ("waveforms.mseed", b"", "expected miniSEED records, none can be read: the file is empty"),
        (
            "waveforms.mseed",
            b"<html>" * 99,
            "expected miniSEED records, none can be read: not miniSEED",
        ),
        ("stations.csv", None, r"expected stations\.xml or stations\.csv, found neither"),
        ("stations.csv", b"a,b\n1,2\n", r"stations\.csv: column 'net' is missing"),
        ("event.json", None, r"event\.json: No such file"),
        ("event.json", b"{]", r"event\.json: JSON is malformed"),
    ],
)
def test_an_unreadable_file_is_one_clear_line(folder, file, content, why):
    (folder / file).unlink()
    if content is not None:
        (folder / file).write_bytes(content)
    with pytest.raises(FormatError, match=why) as error:
        read(folder)
    assert str(folder) in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("there", [False, True])
def test_an_interrupt_leaves_no_part_of_a_folder(folder, tmp_path, monkeypatch, there):
    made, target = read(folder), tmp_path / "new"
    if there:
        target.mkdir()

    def interrupted(packets):
        raise KeyboardInterrupt

    before = sorted(tmp_path.rglob("*"))
    monkeypatch.setattr(miniseed, "encode", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write(target, made.info, made.stations, made.segments)
    assert sorted(tmp_path.rglob("*")) == before


def test_an_existing_folder_is_written_into(folder, tmp_path):
    made, target = read(folder), tmp_path / "new"
    target.mkdir()
    (target / "notes.txt").touch()
    write(target, made.info, made.stations, made.segments)
    names = {file.name for file in target.iterdir()}
    assert names == {"event.json", "notes.txt", "stations.csv", "waveforms.mseed"}
    assert read(target).stations == made.stations


def test_no_folder(tmp_path):
    with pytest.raises(FormatError, match="no such directory"):
        read(tmp_path / "none")


def test_no_usable_station_is_an_error_to_read_but_not_to_survey(folder):
    path = folder / "stations.csv"
    path.write_text(path.read_text().replace("counts per m/s^2", "counts"))
    with pytest.raises(FormatError, match=r"stations\.csv: .* units name no ground motion \(6\)"):
        read(folder)
    assert len(inspect(folder).dropped) == 6


def test_every_recording_reads_or_says_why_not(recordings):
    for folder in recordings.glob("*"):
        if not list(folder.glob("*.mseed")):
            continue
        fault = ""
        try:
            recording = read(folder)
        except FormatError as error:
            fault = str(error)
        assert "\n" not in fault
        if fault:
            assert fault.startswith(str(folder))
        else:
            used = {c.stream for s in recording.stations for c in s.channels}
            assert {s.stream for s in recording.segments} == used


def test_hualien_is_read_whole(recordings):
    recording = read(recordings / "tw-20210418-hualien")
    assert len(recording.stations) == 103
    assert len(recording.segments) == 309
    assert recording.dropped == ()
    assert recording.info.magnitude == 5.8
