"""Odd data cost only themselves: whole folders, and at least five variants of each kind."""

import json
import struct
from pathlib import Path

import numpy as np
import pytest

from forewave.check.check import check_recording
from forewave.formats.inventories import fdsn_channels, sensor
from forewave.formats.inventories.inventory import read_stations_csv, read_stationxml
from forewave.formats.recordings import event_directory
from forewave.formats.waveforms import miniseed
from forewave.types import Packet, StreamId

ODD = Path(__file__).parent / "odd"
GAINS = {
    "CS1": 400000.0,
    "CS2": 400000.0,
    "FX1": 400000.0,
    "KN1": 157723.5,
    "MS1": 400000.0,
    "MS3": 400000.0,
    "MS5": 400000.0,
    "MS6": 400000.0,
    "SX1": 427336.1,
    "SX4": 427336.1,
    "SX7": 427567.0,
    "SX8": 427336.1,
}


@pytest.mark.parametrize("name", GAINS)
def test_an_odd_folder_is_read(name):
    recording = event_directory.read(ODD / name)
    assert recording.dropped == ()
    (station,) = recording.stations
    assert {c.stream.channel for c in station.channels} == {"HNZ", "HNN", "HNE"}
    assert [c.gain for c in station.channels] == pytest.approx([GAINS[name]] * 3, rel=1e-6)
    assert {c.unit for c in station.channels} == {"m/s^2"}


@pytest.mark.parametrize("name", sorted(p.parent.name for p in ODD.glob("*/expected.json")))
def test_odd_waveforms_are_what_they_were_made_of(name):
    expected = json.loads((ODD / name / "expected.json").read_text())
    (file,) = (ODD / name).glob("*.mseed")
    packets, dropped = miniseed.packets(file.read_bytes())
    assert dropped == []
    assert {str(packet.stream) for packet in packets} == set(expected)
    for stream, right in expected.items():
        first = next(packet for packet in packets if str(packet.stream) == stream)
        assert (first.start, round(first.rate, 4)) == (right["start"], right["rate"])
        assert first.samples[:4].tolist() == right["first"]


def test_a_k_net_header_without_depth_and_magnitude():
    recording = event_directory.read(ODD / "KN1")
    assert (recording.info.depth_km, recording.info.magnitude) == (None, None)
    assert recording.info.origin_time == 1_714_880_040.0  # 2024-05-05T03:34:00 UTC
    assert {(s.start, len(s.samples)) for s in recording.segments} == {(1_714_880_045.0, 800)}


def test_a_gain_that_is_not_known_is_missing():
    (finding, *_) = [f for f in check_recording(ODD / "SX2") if "gain" in f.what]
    assert finding.what == "gain missing: stage 1 has no gain"


def test_a_channel_of_two_letters_is_reported():
    told = [finding.what for finding in check_recording(ODD / "MS7")]
    assert any("three letters" in what for what in told)


# Variants of what the readers of inventories disagreed on or made up.

HEAD = "net,sta,loc,cha,lat,lon,elev_m,gain,units,sample_rate"
ROW = "XX,ABC,00,HNZ,35.5,-120.5,100,400000,counts per m/s^2,100"
STREAM = StreamId("XX", "ABC", "00", "HNZ")


def csv(tmp_path, text):
    path = tmp_path / "stations.csv"
    path.write_text(text, encoding="utf-8")
    return read_stations_csv(path)


TABLES = {
    "blanks after commas": (HEAD.replace(",", ", "), ROW.replace(",", ", ")),
    "blanks before commas": (HEAD.replace(",", " ,"), ROW.replace(",", " ,")),
    "tabs beside commas": (HEAD.replace(",", ",\t"), ROW.replace(",", ",\t")),
    "capitals in the head": (HEAD.upper(), ROW),
    "a comment above": ("# made by hand\n" + HEAD, ROW),
    "a comment amid": (HEAD, "# the only one\n" + ROW),
    "empty lines": ("\n" + HEAD + "\n", "\n" + ROW + "\n\n"),
    "lines of commas": (HEAD, ROW + "\n,,,,,,,,,\n"),
    "a byte order mark": ("\ufeff" + HEAD, ROW),
    "quotes": (HEAD, ",".join(f'"{cell}"' for cell in ROW.split(","))),
    "small letters": (HEAD, ROW.replace("XX,ABC,00,HNZ", "xx,abc,00,hnz")),
    "another order, and one column more": ("note," + HEAD, "n," + ROW),
    "carriage returns": (HEAD + "\r", ROW + "\r"),
    "counts/(m/s^2)": (HEAD, ROW.replace("counts per m/s^2", "counts/(m/s**2)")),
    "no elevation": (HEAD, ROW.replace(",100,400000", ",,400000")),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_read_however_it_is_written(tmp_path, name):
    (station,), dropped = csv(tmp_path, "\n".join(TABLES[name]) + "\n")
    assert dropped == []
    (channel,) = station.channels
    assert (channel.stream, channel.gain, channel.unit) == (STREAM, 400000.0, "m/s^2")
    assert (station.lat, station.lon) == (35.5, -120.5)


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16", "utf-8", "utf-8-sig"])
def test_a_table_is_read_however_it_is_encoded(tmp_path, encoding):
    path = tmp_path / "stations.csv"
    row = ROW.replace("400000,counts per m/s^2", "0.4,counts per µm/s")
    path.write_bytes(f"# Zürich\n{HEAD}\n{row}\n".encode(encoding))
    (station,), dropped = read_stations_csv(path)
    assert dropped == []
    assert station.channels[0].gain == pytest.approx(400000.0)


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_a_table_with_other_signs_says_that_commas_are_expected(tmp_path, sign):
    with pytest.raises(event_directory.FormatError, match="expected commas between the columns"):
        csv(tmp_path, "\n".join((HEAD, ROW)).replace(",", sign))


LOCATIONS = {"--": "", "  ": "", "-": "", "": "", "00": "00", " 00 ": "00", "__": "", "0A": "0A"}


@pytest.mark.parametrize("written", LOCATIONS)
def test_all_readers_agree_on_a_location(tmp_path, written):
    right = LOCATIONS[written]
    (table,), _ = csv(tmp_path, HEAD + "\n" + ROW.replace(",00,", f",{written},"))
    text = LINE.replace("|00|", f"|{written}|")
    (line,), _ = fdsn_channels.channels(text)
    (xml,), _ = xml_station(tmp_path, channel(location=written))
    read = [table.channels[0].stream, line.channel.stream, xml.channels[0].stream]
    assert [stream.location for stream in read] == [right] * 3


@pytest.mark.parametrize("code", ["hnz", " HNZ ", "HZ", "H Z", "H_N_Z", "Z"])
def test_all_readers_agree_on_a_channel(tmp_path, code):
    table, _ = csv(tmp_path, HEAD + "\n" + ROW.replace("HNZ", code))
    line, _ = fdsn_channels.channels(LINE.replace("HNZ", code))
    xml, _ = xml_station(tmp_path, channel(code=code))
    stations = [table, sensor.choose(line)[0], xml]
    names = [[c.stream.channel for s in found for c in s.channels] for found in stations]
    assert names[0] == names[1] == names[2]
    assert names[0] != [] or code == "Z"


def test_a_channel_of_two_letters_is_used_and_reported(tmp_path):
    (station,), told = csv(tmp_path, HEAD + "\n" + ROW.replace("HNZ", "HZ"))
    assert station.channels[0].stream.channel == "HZ"
    assert [word.reason for word in told] == ["channel code is not of three letters"]


LINE = "XX|ABC|00|HNZ|35.5|-120.5|100|0|0|-90|sensor|400000|1|M/S**2|100|2010-01-01T00:00:00|"

XML = """<?xml version="1.0"?>
<FDSNStationXML xmlns="http://www.fdsn.org/xml/station/1" schemaVersion="1.2">
<Network code="{network}"><Station code="{station}" {of_station}>
<Latitude>35.5</Latitude><Longitude>-120.5</Longitude><Elevation>100</Elevation>
{channels}</Station></Network></FDSNStationXML>"""
CHANNEL = """<Channel code="{code}" locationCode="{location}" startDate="{begins}" endDate="{ends}"
{more}>{place}<Depth>{depth}</Depth><Dip>{dip}</Dip><SampleRate>{rate}</SampleRate>
<Response>{response}</Response></Channel>"""
PLACE = "<Latitude>35.5</Latitude><Longitude>-120.5</Longitude><Elevation>100</Elevation>"


def units(begins, ends):
    said = "" if begins is None else f"<InputUnits><Name>{begins}</Name></InputUnits>"
    return said + ("" if ends is None else f"<OutputUnits><Name>{ends}</Name></OutputUnits>")


def sensitivity(value="427336.1", begins="M/S**2", ends="COUNTS"):
    told = f"<Value>{value}</Value>" if value is not None else ""
    return f"<InstrumentSensitivity>{told}{units(begins, ends)}</InstrumentSensitivity>"


def stage(n, gain, begins, ends, kind="PolesZeros"):
    told = "" if gain is None else f"<StageGain><Value>{gain}</Value></StageGain>"
    return f'<Stage number="{n}"><{kind}>{units(begins, ends)}</{kind}>{told}</Stage>'


SENSOR, DIGITIZER = stage(1, 1.0194, "M/S**2", "V"), stage(2, 419430, "V", "COUNTS")
FILTER = stage(3, None, "COUNTS", "COUNTS", "Coefficients")
PRODUCT = 1.0194 * 419430


def channel(code="HNZ", location="00", response=None, **other):
    usual = {
        "begins": "2010-01-01T00:00:00",
        "ends": "",
        "depth": 0,
        "dip": -90 if code.strip().upper().endswith("Z") else 0,
        "rate": 100,
        "place": PLACE,
        "more": "",
    }
    response = sensitivity() if response is None else response
    return CHANNEL.format(code=code, location=location, response=response, **(usual | other))


def xml_station(tmp_path, *channels, network="XX", station="ABC", of_station="", at=None):
    path = tmp_path / "stations.xml"
    text = XML.format(
        network=network, station=station, of_station=of_station, channels="".join(channels)
    )
    path.write_text(text, encoding="utf-8")
    return read_stationxml(path, at)


# name: (the response, the right gain; None: missing)
RESPONSES = {
    "stated": (sensitivity(), 427336.1),
    "stated without output units": (sensitivity(ends=None), 427336.1),
    "stated, units with blanks": (sensitivity(begins=" M/S**2 ", ends=" counts\n"), 427336.1),
    "stated without input units": (sensitivity(begins=None) + SENSOR + DIGITIZER, 427336.1),
    "stated with empty input units": (sensitivity(begins="") + SENSOR + DIGITIZER, 427336.1),
    "stated per nanometre": (sensitivity("0.0004273361", "nm/s^2"), 427336.1),
    "stated zero": (sensitivity("0") + SENSOR + DIGITIZER, PRODUCT),
    "stated zero, written otherwise": (sensitivity("0.0E+00") + SENSOR + DIGITIZER, PRODUCT),
    "stated as no number": (sensitivity("NaN") + SENSOR + DIGITIZER, PRODUCT),
    "stated as empty": (sensitivity("") + SENSOR + DIGITIZER, PRODUCT),
    "stated as blank": (sensitivity("  ") + SENSOR + DIGITIZER, PRODUCT),
    "stated without value": (sensitivity(None) + SENSOR + DIGITIZER, PRODUCT),
    "stated in volts, stages in counts": (
        sensitivity("1.0194", ends="V") + SENSOR + DIGITIZER,
        PRODUCT,
    ),
    "stated of the digitizer alone": (
        sensitivity("419430", begins="V") + SENSOR + DIGITIZER,
        PRODUCT,
    ),
    "stages": (SENSOR + DIGITIZER, PRODUCT),
    "stages in another order": (DIGITIZER + SENSOR, PRODUCT),
    "stages with a filter": (SENSOR + DIGITIZER + FILTER, PRODUCT),
    "stages with a filter of gain 1": (
        SENSOR + DIGITIZER + stage(3, 1, "COUNTS", "COUNTS"),
        PRODUCT,
    ),
    "stages with an amplifier": (
        SENSOR + stage(2, 10, "V", "V") + stage(3, 419430, "V", "COUNTS"),
        10 * PRODUCT,
    ),
    "stated in volts": (sensitivity("1.0194", ends="V"), None),
    "stated in volts, in words": (sensitivity("1.0194", ends="Volts"), None),
    "stated in volts, stages too": (sensitivity("1.0194", ends="V") + SENSOR, None),
    "stated with stages that end in volts": (sensitivity("1.0194", ends=None) + SENSOR, None),
    "stages that end in volts": (SENSOR, None),
    "sensor without a gain": (stage(1, None, "M/S**2", "V") + DIGITIZER, None),
    "digitizer without a gain": (SENSOR + stage(2, None, "V", "COUNTS"), None),
    "no gain at all": (stage(1, None, "M/S**2", "V") + stage(2, None, "V", "COUNTS"), None),
    "amplifier without a gain": (
        SENSOR + stage(2, None, "V", "V") + stage(3, 419430, "V", "COUNTS"),
        None,
    ),
    "sensor with an empty gain": (stage(1, "", "M/S**2", "V") + DIGITIZER, None),
    "sensor with a gain of zero": (stage(1, 0, "M/S**2", "V") + DIGITIZER, None),
    "a digitizer that is not listed": (SENSOR + FILTER, None),
    "a millivolt taken for a volt": (stage(1, 1019.4, "M/S**2", "mV") + DIGITIZER, None),
    "a polynomial": (stage(1, None, "M/S**2", "V", "Polynomial") + DIGITIZER, None),
    "a polynomial with a gain": (stage(1, 1, "M/S**2", "V", "Polynomial") + DIGITIZER, None),
    "a polynomial of all": (
        f"<InstrumentPolynomial>{units('M/S**2', 'COUNTS')}</InstrumentPolynomial>",
        None,
    ),
    "nothing": ("", None),
}


@pytest.mark.parametrize("name", RESPONSES)
def test_a_gain_is_known_or_missing_and_never_made_up(tmp_path, name):
    response, right = RESPONSES[name]
    stations, dropped = xml_station(tmp_path, channel(response=response))
    if right is None:
        assert stations == ()
        assert [word.reason for word in dropped] == ["gain missing"]
    else:
        assert dropped == []
        assert stations[0].channels[0].gain == pytest.approx(right)
        assert stations[0].channels[0].unit == "m/s^2"


@pytest.mark.parametrize(
    ("units_of_it", "reason"),
    [
        ("V/(m/s)", "units name no ground motion"),
        ("V/m/s**2", "units name no ground motion"),
        ("cm/s2 per count", "gain is motion per count"),
        ("g/count", "gain is motion per count"),
        ("Pa", "units name no ground motion"),
        ("", "units name no ground motion"),
        ("m/s^2 or cm/s^2", "units name no ground motion"),
    ],
)
def test_units_that_are_something_else_are_not_taken_for_motion(tmp_path, units_of_it, reason):
    words = [
        csv(tmp_path, HEAD + "\n" + ROW.replace("counts per m/s^2", units_of_it))[1],
        fdsn_channels.channels(LINE.replace("M/S**2", units_of_it))[1],
        xml_station(tmp_path, channel(response=sensitivity(begins=units_of_it)))[1],
    ]
    assert [[word.reason for word in dropped] for dropped in words] == [[reason]] * 3


EMPTY = {
    "dip": {"dip": ""},
    "a dip of blanks": {"dip": "  "},
    "a dip that is none": {"dip": "NaN"},
    "a dip beyond any": {"dip": "180"},
    "depth": {"depth": ""},
    "place, which is then the station's": {"place": ""},
    "latitude": {"place": PLACE.replace("<Latitude>35.5</Latitude>", "<Latitude/>")},
    "elevation": {"place": PLACE.replace("<Elevation>100</Elevation>", "<Elevation/>")},
    "begin and end": {"begins": "", "ends": " "},
    "a rate as a ratio": {
        "rate": "</SampleRate><SampleRateRatio><NumberSamples>100</NumberSamples>"
        "<NumberSeconds>1</NumberSeconds></SampleRateRatio><SampleRate>"
    },
}


@pytest.mark.parametrize("name", EMPTY)
def test_an_empty_element_is_as_good_as_none(tmp_path, name):
    (station,), dropped = xml_station(tmp_path, channel(**EMPTY[name]))
    assert dropped == []
    assert (station.lat, station.lon, station.elevation_m) == (35.5, -120.5, 100.0)
    assert station.channels[0].rate == 100.0


def test_a_channel_without_any_place_is_not_at_0_0(tmp_path):
    text = XML.replace(PLACE, "")
    path = tmp_path / "stations.xml"
    path.write_text(
        text.format(network="XX", station="ABC", of_station="", channels=channel(place=""))
    )
    stations, dropped = read_stationxml(path)
    assert stations == ()
    assert [word.reason for word in dropped] == ["coordinates missing or impossible"]


MIDNIGHT = 1_483_228_800.0  # 2017-01-01
DATES = (
    "2016-12-31T23:59:60",
    "2016-12-31T23:59:60Z",
    "2016-12-31T23:59:60.000000",
    "2016-12-31T24:00:00",
    " 2017-01-01T00:00:00 ",
    "2017-01-01",
    "2017-01-01 00:00:00",
    "2017-01-01T00:00:00.0000Z",
    "2017/01/01 00:00:00",
    "2017,001,00:00:00",
    "2017-001T00:00:00",
    "2017-1-1",
    "20170101T000000Z",
    "2017-01-01T09:00:00+09:00",
    "2017-01-01T00:00",
    "2016-12-31t24:00:00z",
)


@pytest.mark.parametrize("date", DATES)
def test_all_readers_agree_on_a_date(tmp_path, date):
    """An epoch that begins then is in operation at that second and not before."""
    xml, text = channel(begins=date), LINE.replace("2010-01-01T00:00:00", date)
    for at, count in ((MIDNIGHT, 1), (MIDNIGHT - 0.5, 0)):
        stations, dropped = xml_station(tmp_path, xml, at=at)
        components, left_out = fdsn_channels.channels(text, at)
        assert (len(stations), len(components)) == (count, count)
        assert {word.reason for word in [*dropped, *left_out]} <= {"not in operation then"}
    (tmp_path / "event.json").write_text(json.dumps({"origin_time": date}))
    assert event_directory.event_info.read(tmp_path / "event.json").origin_time == MIDNIGHT


@pytest.mark.parametrize("end", ["2599-12-31T23:59:59", "9999-12-31T23:59:60", "", "  "])
def test_an_open_end_is_open(tmp_path, end):
    stations, _ = xml_station(tmp_path, channel(ends=end), at=1.7e9)
    components, _ = fdsn_channels.channels(LINE + end, at=1.7e9)
    assert (len(stations), len(components)) == (1, 1)


# dips of the channels, which is the vertical, and of how many it is told that they contradict
DIPS = [
    ({"HNZ": -90, "HNN": 0, "HNE": 0}, "HNZ", 0),
    ({"HNZ": 90, "HNN": 0, "HNE": 0}, "HNZ", 0),
    ({"HNZ": "", "HNN": "", "HNE": ""}, "HNZ", 0),
    ({"HNZ": 0, "HNN": 0, "HNE": 0}, "HNZ", 1),
    ({"HNZ": 0, "HNN": -90, "HNE": 0}, "HNZ", 2),
    ({"HNZ": -30, "HNN": 0, "HNE": 0}, "HNZ", 1),
    ({"HNZ": -90, "HNN": -90, "HNE": -90}, "HNZ", 2),
    ({"HNZ": 0, "HN1": -90, "HN2": 0}, "HNZ", 1),
    ({"HN1": -90, "HN2": 0, "HN3": 0}, "HN1", 0),
    ({"HN1": 0, "HN2": 0, "HN3": 90}, "HN3", 0),
    ({"HNU": -90, "HNN": 0, "HNE": 0}, "HNU", 0),
]


@pytest.mark.parametrize(("dips", "vertical", "told"), DIPS)
def test_a_code_in_z_decides_and_a_contradiction_is_reported(tmp_path, dips, vertical, told):
    (station,), dropped = xml_station(tmp_path, *(channel(code, dip=d) for code, d in dips.items()))
    lines = [LINE.replace("HNZ", code).replace("|-90|", f"|{dip}|") for code, dip in dips.items()]
    (by_text,), as_text = sensor.choose(fdsn_channels.channels("\n".join(lines))[0])
    for found, words in ((station, dropped), (by_text, as_text)):
        assert found.channels[0].stream.channel == vertical
        assert sum(word.reason == "dip contradicts code" for word in words) == told


@pytest.mark.parametrize("where", ["channel", "station"])
@pytest.mark.parametrize("status", ["closed", "Closed", "partial"])
def test_restricted_access_is_reported(tmp_path, where, status):
    said = f'restrictedStatus="{status}"'
    one = channel(more=said if where == "channel" else "")
    (station,), told = xml_station(tmp_path, one, of_station=said if where == "station" else "")
    assert len(station.channels) == 1
    assert [word.reason for word in told] == ["access is restricted"]


def test_an_open_channel_of_a_restricted_station_is_open(tmp_path):
    one = channel(more='restrictedStatus="open"')
    assert xml_station(tmp_path, one, of_station='restrictedStatus="closed"')[1] == []


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (sensitivity("427336100.1") + SENSOR + DIGITIZER, "gain contradicts its stages"),
        (sensitivity("1.0194") + SENSOR + DIGITIZER, "gain contradicts its stages"),
        (sensitivity("1e20"), "gain is implausible"),
        (sensitivity("1e-7"), "gain is implausible"),
    ],
)
def test_a_gain_that_can_hardly_be_is_named(tmp_path, response, reason):
    (station,), told = xml_station(tmp_path, channel(response=response))
    assert len(station.channels) == 1
    assert [word.reason for word in told] == [reason]


# Folders whose files are named otherwise.


@pytest.mark.parametrize(
    "name", ["WAVEFORMS.MSEED", "a.miniseed", "a.ms", "a.ms3", "a.MiniSEED", "x.mseed3"]
)
def test_waveforms_are_found_with_any_usual_suffix(tmp_path, network, quake, name):
    event_directory.write(tmp_path / "e", quake, *network)
    (tmp_path / "e" / "waveforms.mseed").rename(tmp_path / "e" / name)
    assert len(event_directory.read(tmp_path / "e").segments) == 6


def test_other_files_are_found_in_any_case(tmp_path, network, quake):
    event_directory.write(tmp_path / "e", quake, *network)
    for name in ("stations.csv", "event.json"):
        (tmp_path / "e" / name).rename(tmp_path / "e" / name.upper())
    assert event_directory.read(tmp_path / "e").info == quake


def test_files_found_instead_of_miniseed_are_named(tmp_path, network, quake):
    event_directory.write(tmp_path / "e", quake, *network)
    (tmp_path / "e" / "waveforms.mseed").rename(tmp_path / "e" / "data.sac")
    with pytest.raises(
        event_directory.FormatError, match=r"expected a \*\.mseed file, found data.sac"
    ):
        event_directory.read(tmp_path / "e")


def test_streams_match_regardless_of_case_and_blanks(tmp_path):
    samples = np.arange(300, dtype=np.int32)
    record = bytearray(miniseed.encode([Packet(STREAM, 1.6e9, 100.0, samples)], 2, 512))
    for at in range(0, len(record), 512):
        record[at + 8 : at + 20] = struct.pack("5s2s3s2s", b"abc", b"--", b"hnz", b"xx")
    (tmp_path / "waveforms.mseed").write_bytes(record)
    (tmp_path / "stations.csv").write_text(HEAD + "\n" + ROW.replace(",00,", ",,") + "\n")
    (tmp_path / "event.json").write_text("{}")
    recording = event_directory.read(tmp_path)
    assert recording.dropped == ()
    assert len(recording.segments) == 1
