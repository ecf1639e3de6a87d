import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from obspy import UTCDateTime, read_inventory

from forewave.errors import FormatError
from forewave.formats.inventories.inventory import of_stationxml, read_stationxml
from forewave.types import StreamId

CHANNEL = """
<Channel code="{code}" locationCode="{location}" startDate="{begins}" endDate="{ends}">
 <Latitude>30.5</Latitude><Longitude>100.25</Longitude><Elevation>500</Elevation>
 <Depth>{depth}</Depth><Dip>{dip}</Dip><SampleRate>{rate}</SampleRate>
 <Response>{response}</Response>
</Channel>"""
SENSITIVITY = """<InstrumentSensitivity><Value>{gain}</Value><Frequency>1</Frequency>
<InputUnits><Name>{unit}</Name></InputUnits></InstrumentSensitivity>"""
STAGE = """<Stage number="{n}"><PolesZeros><InputUnits><Name>{unit}</Name></InputUnits></PolesZeros>
<StageGain><Value>{gain}</Value><Frequency>1</Frequency></StageGain></Stage>"""
FILE = """<?xml version="1.0"?>
<FDSNStationXML xmlns="http://www.fdsn.org/xml/station/1" schemaVersion="1.2">
<Network code="XX"><Station code="AAA">{channels}</Station></Network></FDSNStationXML>"""


def channel(code="HNZ", gain="1e5", unit="m/s**2", response=None, **other):
    response = SENSITIVITY.format(gain=gain, unit=unit) if response is None else response
    facts = {
        "location": "",
        "begins": "2010-01-01T00:00:00",
        "ends": "2030-01-01T00:00:00Z",
        "depth": 0,
        "dip": -90 if code.endswith("Z") else 0,
        "rate": 100,
    }
    return CHANNEL.format(code=code, response=response, **(facts | other))


@pytest.fixture
def listed(tmp_path):
    def read(*channels, at=None):
        path = tmp_path / "stations.xml"
        path.write_text(FILE.format(channels="".join(channels)))
        return read_stationxml(path, at)

    return read


def names(station):
    return [f"{c.stream.location}.{c.stream.channel}" for c in station.channels]


def test_a_station(listed):
    (station,), dropped = listed(channel("HNE"), channel("HNN"), channel("HNZ"))
    assert dropped == []
    assert names(station) == [".HNZ", ".HNE", ".HNN"]
    assert (station.code, station.lat, station.lon, station.elevation_m) == (
        "XX.AAA",
        30.5,
        100.25,
        500,
    )
    assert station.channels[0].gain == 1e5


def test_a_gain_in_nanometres(listed):
    (station,), _ = listed(channel(gain="0.001", unit="nm/s**2"))
    assert station.channels[0].gain == pytest.approx(1e6)


def test_stages_stand_in_for_a_missing_sensitivity(listed):
    stages = STAGE.format(n=1, unit="M/S", gain=1500) + STAGE.format(n=2, unit="V", gain=4e5)
    (station,), _ = listed(channel("HHZ", response=stages))
    assert station.channels[0].gain == pytest.approx(6e8)
    assert station.channels[0].unit == "m/s"


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ({"response": ""}, "gain missing"),
        ({"gain": "0"}, "gain missing or impossible"),
        ({"gain": "NaN"}, "gain missing or impossible"),
        ({"gain": "many"}, "unreadable channel"),
        ({"unit": "Pa"}, "units name no ground motion"),
        ({"rate": "1000000"}, "sample rate out of range"),
        ({"rate": "fast"}, "unreadable channel"),
        ({"begins": "yesterday"}, "unreadable channel"),
    ],
)
def test_a_bad_channel_costs_only_itself(listed, bad, reason):
    (station,), dropped = listed(channel("HNE", **bad), channel("HNZ"), channel("HNN"))
    assert names(station) == [".HNZ", ".HNN"]
    assert [(d.source, d.reason) for d in dropped] == [("XX.AAA..HNE", reason)]


def test_the_epoch_of_the_time_counts(listed):
    old = channel(gain="1e4", begins="2000-01-01T00:00:00", ends="2010-01-01T00:00:00")
    at = UTCDateTime(2005, 1, 1).timestamp
    assert listed(old, channel(), at=at)[0][0].channels[0].gain == 1e4
    assert listed(old, channel())[0][0].channels[0].gain == 1e5
    stations, dropped = listed(channel(), at=at)
    assert stations == ()
    assert [d.reason for d in dropped] == ["not in operation then"]


def test_acceleration_before_velocity_and_surface_before_borehole(listed):
    sensors = [
        [channel(f"HH{c}", unit="m/s", rate=200) for c in "ZNE"],
        [channel(f"HN{c}", location="01", depth=100) for c in "ZNE"],
        [channel(f"HN{c}", location="02") for c in "ZNE"],
    ]
    (station,), dropped = listed(*(line for sensor in sensors for line in sensor))
    assert names(station) == ["02.HNZ", "02.HNE", "02.HNN"]
    assert {d.reason for d in dropped} == {"other sensor of the station is used"}
    assert len(dropped) == 6
    (station,), _ = listed(*sensors[0])
    assert names(station) == [".HHZ", ".HHE", ".HHN"]


def test_a_vertical_by_its_dip(listed):
    (station,), _ = listed(channel("HN1", dip=90), channel("HN2"), channel("HN3"))
    assert names(station) == [".HN1", ".HN2", ".HN3"]


@pytest.mark.parametrize(
    "text", ["", "<a/>", "<a>", "{}", "<!DOCTYPE a SYSTEM 'http://x/y'><a>&b;</a>"]
)
def test_what_is_no_stationxml_says_so(tmp_path, text):
    path = tmp_path / "stations.xml"
    path.write_text(text)
    with pytest.raises(FormatError) as error:
        read_stationxml(path)
    assert str(error.value).startswith(f"{path}: ")
    assert "\n" not in str(error.value)


@settings(deadline=None, max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), max_size=20))
def test_changed_bytes_give_stations_or_one_line(tmp_path_factory, changes):
    data = bytearray(FILE.format(channels=channel("HNZ") + channel("HNE")).encode())
    for place, value in changes:
        data[place % len(data)] = value
    path = tmp_path_factory.mktemp("xml") / "stations.xml"
    path.write_bytes(data)
    fault = ""
    try:
        read_stationxml(path)
    except FormatError as error:
        fault = str(error)
    assert "\n" not in fault


def test_gains_are_those_that_obspy_reads(recordings):
    path = recordings / "us-ci38038071-la-verne/stations.xml"
    peer = {
        StreamId(n.code, s.code, c.location_code, c.code): c.response.instrument_sensitivity.value
        for n in read_inventory(path)
        for s in n
        for c in s
    }
    stations, _ = read_stationxml(path)
    assert len(stations) == 5
    for c in (c for s in stations for c in s.channels):
        assert c.gain == peer[c.stream]


def test_a_document_in_memory_is_read_as_a_file(tmp_path):
    text = FILE.format(channels=channel("HNZ") + channel("HNE", gain="x") + channel("HNN"))
    file = tmp_path / "stations.xml"
    file.write_text(text)
    assert of_stationxml(text.encode(), "stations.xml") == read_stationxml(file)


@pytest.mark.parametrize(
    ("document", "says"), [(b"", "mine: "), (b"<a/>", "expected <FDSNStationXML>, found <a>")]
)
def test_another_document_is_one_error(document, says):
    with pytest.raises(FormatError, match=says):
        of_stationxml(document, "mine")
