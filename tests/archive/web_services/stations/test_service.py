import warnings
from io import BytesIO

import pytest
from lxml import etree
from obspy import read_inventory
from starlette.applications import Starlette
from starlette.testclient import TestClient

from forewave.archive.web_services.routes import Archived, routes
from forewave.archive.web_services.stations import service
from forewave.formats.inventories import stationxml_made
from tests.archive.web_services.conftest import STATIONS

QUERY = "/fdsnws/station/1/query"


def lines(answer):
    assert answer.status_code == 200, answer.text
    return [line.split("|") for line in answer.text.strip().split("\n")[1:]]


def codes(client, query):
    """The streams that fit, by their last letters."""
    answer = client.get(f"{QUERY}?format=text&level=channel&{query}")
    if answer.status_code == 204:
        return []
    return [f"{row[1]}.{row[3][2]}" for row in lines(answer)]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("cha=HNZ", ["AAA.Z", "AAB.Z", "BBB.Z"]),
        ("net=CI&cha=*Z", ["AAA.Z", "AAB.Z"]),
        ("net=ci&sta=aab&cha=HN?", ["AAB.Z", "AAB.N", "AAB.E"]),
        ("sta=AA*,BBB&cha=HNE", ["AAA.E", "AAB.E", "BBB.E"]),
        ("loc=--&cha=HNZ&sta=BBB", ["BBB.Z"]),
        ("loc=00", []),
        ("cha=BHZ", []),
        ("minlat=37&cha=HNZ", ["BBB.Z"]),
        ("maxlat=35.2&cha=HNZ", ["AAA.Z"]),
        ("maxlon=-117.2&cha=HNZ", ["AAB.Z"]),
        ("lat=35&lon=-117&maxradius=1&cha=HNZ", ["AAA.Z", "AAB.Z"]),
        ("lat=35&lon=-117&minradius=0.1&maxradius=1&cha=HNZ", ["AAB.Z"]),
        ("start=2030-01-01&cha=HNZ&sta=BBB", ["BBB.Z"]),
        ("end=1960-01-01", []),
    ],
)
def test_channels_are_those_that_are_asked_for(client, query, wanted):
    assert codes(client, query) == wanted


@pytest.mark.parametrize(("level", "rows"), [("network", 2), ("station", 3), ("channel", 9)])
def test_text_has_a_line_for_each_of_its_level(client, level, rows):
    answer = client.get(f"{QUERY}?format=text&level={level}")
    head = answer.text.split("\n", 1)[0]
    assert len(lines(answer)) == rows
    assert {len(line) for line in lines(answer)} == {head.count("|") + 1}


@pytest.mark.parametrize("level", ["network", "station", "channel", "response"])
def test_stationxml_has_as_much_as_its_level(client, level):
    answer = client.get(f"{QUERY}?level={level}")
    assert answer.headers["content-type"] == "application/xml"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = read_inventory(BytesIO(answer.content), "STATIONXML")
    assert [len(network) for network in found] == ([0, 0] if level == "network" else [2, 1])
    channels = sum(len(station) for network in found for station in network)
    assert channels == (9 if level in ("channel", "response") else 0)


def test_a_post_has_one_selection_a_line(client):
    body = "level=channel\nformat=text\nCI AAA * HNZ * *\nNN * -- HN? 2000-01-01 2040-01-01\n"
    answer = client.post(QUERY, content=body)
    assert [(row[1], row[3]) for row in lines(answer)] == [
        ("AAA", "HNZ"),
        ("BBB", "HNZ"),
        ("BBB", "HNN"),
        ("BBB", "HNE"),
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "expected lines with NET STA LOC CHAN START END, found none"),
        (b"CI AAA -- HNZ 2020-01-01", "line 1: expected NET STA LOC CHAN START END"),
        (b"CI AAA -- HNZ now then", "line 1: 'now': expected a date"),
        (b"network=CI\nCI AAA -- HNZ * *", "network: in a POST it stands in the lines"),
        (b"CI AAA -- HNZ 2021-01-01 2020-01-01", "starttime: expected at most endtime"),
        (b"nonsense=1\nCI AAA -- HNZ * *", "nonsense: no such parameter"),
        (b"\xff\xfe", "expected ASCII text"),
    ],
)
def test_a_post_that_cannot_be_read_says_why(client, body, said):
    answer = client.post(QUERY, content=body)
    assert answer.status_code == 400
    assert said in answer.text


def test_a_post_that_is_too_long_is_413(client):
    assert client.post(QUERY, content=b"x" * 1_000_001).status_code == 413
    assert client.post(QUERY, content=b"CI A -- HNZ * *\n" * 5001).status_code == 413


FULL = """<FDSNStationXML xmlns="http://www.fdsn.org/xml/station/1" schemaVersion="1.1">
<Source>own</Source><Created>2020-01-01T00:00:00</Created>
<Network code="XX" startDate="2000-01-01T00:00:00">
<TotalNumberStations>9</TotalNumberStations><SelectedNumberStations>9</SelectedNumberStations>
<Station code="A" startDate="2000-01-01T00:00:00"><Latitude>1</Latitude><Longitude>2</Longitude>
<Elevation>3</Elevation><Site><Name>a | site</Name></Site>
<Channel code="HNZ" locationCode="00" startDate="2000-01-01T00:00:00"
 endDate="2010-01-01T00:00:00">CHANNEL</Channel>
<Channel code="HNZ" locationCode="00" startDate="2010-01-01T00:00:00">CHANNEL</Channel></Station>
<Station code="B" restrictedStatus="closed" startDate="2000-01-01T00:00:00"><Latitude>1</Latitude>
<Longitude>2</Longitude><Elevation>3</Elevation><Site><Name>b</Name></Site></Station></Network>
</FDSNStationXML>""".replace(
    "CHANNEL",
    "<Latitude>1</Latitude><Longitude>2</Longitude><Elevation>3</Elevation><Depth>0</Depth>"
    "<SampleRate>100</SampleRate><Response><InstrumentSensitivity><Value>7</Value>"
    "<Frequency>1</Frequency><InputUnits><Name>m/s</Name></InputUnits><OutputUnits>"
    "<Name>count</Name></OutputUnits></InstrumentSensitivity><Stage number='1'><StageGain>"
    "<Value>7</Value><Frequency>1</Frequency></StageGain></Stage></Response>",
)


@pytest.fixture
def own(tmp_path):
    """A server whose inventory is StationXML with responses."""
    (tmp_path / "own.xml").write_text(FULL)
    served = Archived("", None, tmp_path / "own.xml", STATIONS, "x")
    return TestClient(Starlette(routes=routes(served)))


def test_an_inventory_of_stationxml_is_served_with_its_responses(own):
    whole = etree.fromstring(own.get(f"{QUERY}?level=response").content)
    assert len(whole.findall(".//{*}Channel")) == len(whole.findall(".//{*}Stage")) == 2
    assert whole.find("{*}Network/{*}SelectedNumberStations") is None
    assert whole.findtext("{*}Network/{*}TotalNumberStations") == "9"
    bare = etree.fromstring(own.get(f"{QUERY}?level=channel").content)
    assert len(bare.findall(".//{*}InstrumentSensitivity")) == 2
    assert not bare.findall(".//{*}Stage")
    again = etree.fromstring(own.get(f"{QUERY}?level=response").content)
    assert len(again.findall(".//{*}Stage")) == 2, "asking changes nothing"


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", 2),
        ("start=2011-01-01", 1),
        ("end=2005-01-01", 1),
        ("startbefore=2005-01-01", 1),
        ("startafter=2005-01-01", 1),
        ("endbefore=2015-01-01", 1),
        ("endafter=2015-01-01", 1),
        ("startafter=2015-01-01", 0),
    ],
)
def test_epochs_are_those_of_the_time_that_is_asked_for(own, query, wanted):
    answer = own.get(f"{QUERY}?level=channel&format=text&{query}")
    assert (len(lines(answer)) if wanted else answer.status_code) == (wanted or 204)


def test_what_is_restricted_may_be_left_out(own):
    both = own.get(f"{QUERY}?format=text")
    assert [row[1] for row in lines(both)] == ["A", "B"]
    assert lines(both)[0][5] == "a / site"
    assert [row[1] for row in lines(own.get(f"{QUERY}?format=text&includerestricted=false"))] == [
        "A"
    ]


def test_stationxml_that_cannot_be_read_or_is_too_large_is_made_of_the_stations(
    own, tmp_path, monkeypatch, caplog
):
    monkeypatch.setattr(service, "MOST_XML", 10)
    assert len(lines(own.get(f"{QUERY}?format=text"))) == 3
    monkeypatch.undo()
    (tmp_path / "own.xml").write_text("no XML")
    served = Archived("", None, tmp_path / "own.xml", STATIONS, "x")
    other = TestClient(Starlette(routes=routes(served)))
    assert len(lines(other.get(f"{QUERY}?format=text"))) == 3
    assert "station service" in caplog.text


def test_an_answer_that_is_too_long_is_413(client, monkeypatch):
    monkeypatch.setattr(service, "MOST", 100)
    assert client.get(QUERY).status_code == 413


def test_a_channel_whose_begin_is_not_known_says_so(client):
    root = etree.fromstring(client.get(f"{QUERY}?level=network").content)
    assert root.findtext("{*}Network/{*}Description") == stationxml_made.NOTE
