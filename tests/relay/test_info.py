import json
from xml.etree import ElementTree

import numpy as np
import pytest

from forewave.formats.protocols.seedlink import FrameReader
from forewave.relay.info import ClientInfo, InfoResponder
from forewave.relay.ring import Ring
from forewave.types import Packet, StreamId

CLIENT = ClientInfo("192.0.2.1", 4000, 1.7e9, 'me/1 <"&>', 7, 3640, selectors=("HH?",))
OPENED = ClientInfo("192.0.2.2", 1, 1.7e9, "", 0, 0, streaming=False, dialup=True, window=True)


@pytest.fixture
def info_responder():
    ring = Ring()
    for n, name in enumerate(["HHZ", "HHN", "HHZ"]):
        stream = StreamId("XX", "ABC", "00", name)
        list(ring.add(Packet(stream, 1.7e9 + n, 100.0, np.zeros(100, np.int32))))
    list(ring.add(Packet(StreamId("YY", "DEF", "", "BHZ"), 1.7e9, 20.0, np.zeros(20, np.int32))))
    return InfoResponder(ring, lambda: [CLIENT, OPENED], "forewave/x", 'Some "where" & <more>')


def xml(info_responder, *words):
    payloads = [frame.payload for frame in FrameReader(3).feed(info_responder.answer(words, 3))]
    text = b"".join(p[int.from_bytes(p[44:46], "big") :].rstrip(b"\0") for p in payloads)
    return ElementTree.fromstring(text)


def told(info_responder, *words):
    (frame,) = FrameReader(4).feed(info_responder.answer(words, 4))
    return frame.kind, json.loads(frame.payload)


def test_who_it_is(info_responder):
    root = xml(info_responder, "ID")
    assert root.get("software") == "SeedLink v3.1 (forewave/x)"
    assert root.get("organization") == 'Some "where" & <more>'
    kind, said = told(info_responder, "id")
    assert (kind, said["software"]) == ("info", "SeedLink v4.0 (forewave/x)")


def test_stations(info_responder):
    stations = xml(info_responder, "STATIONS").findall("station")
    assert [(s.get("network"), s.get("name"), s.get("end_seq")) for s in stations] == [
        ("XX", "ABC", "000003"),
        ("YY", "DEF", "000001"),
    ]
    _, said = told(info_responder, "STATIONS", "YY_*")
    assert said["station"] == [
        {"id": "YY_DEF", "description": "YY_DEF", "start_seq": 1, "end_seq": 1, "backfill": -1}
    ]


def test_streams_and_their_spans(info_responder):
    streams = xml(info_responder, "STREAMS").findall("station/stream")
    spans = [(s.get("location"), s.get("seedname"), s.get("end_time")) for s in streams]
    assert spans == [
        ("00", "HHN", "2023/11/14 22:13:21.9900"),
        ("00", "HHZ", "2023/11/14 22:13:22.9900"),
        ("", "BHZ", "2023/11/14 22:13:20.9500"),
    ]
    _, said = told(info_responder, "STREAMS", "XX_ABC")
    assert said["station"][0]["stream"][1] == {
        "id": "00_H_H_Z",
        "format": "2",
        "subformat": "D",
        "start_time": "2023-11-14T22:13:20.000000Z",
        "end_time": "2023-11-14T22:13:22.990000Z",
    }


def test_connections_are_where_slinktool_looks_for_them(info_responder):
    """In version 3 each in an element of a station, and with each attribute that is printed."""
    station, opened = xml(info_responder, "CONNECTIONS").findall("station")
    assert (station.get("name"), station.get("network")) == ("CLIENT", "SL")
    assert station.get("description") == 'me/1 <"&>'
    (connection,) = station.findall("connection")
    attributes = ("host", "port", "ctime", "txcount", "totBytes", "current_seq", "realtime")
    assert [connection.get(name) for name in attributes] == [
        *("192.0.2.1", "4000", "2023/11/14 22:13:20.0000", "7", "3640", "000000", "yes"),
    ]
    assert {"sequence_gaps", "end_of_data", "begin_seq"} <= set(connection.keys())
    assert [each.get("pattern") for each in connection.findall("selector")] == ["HH?"]
    assert opened.find("connection").get("current_seq") == "unset"
    assert opened.find("connection").get("realtime") == "no"
    assert opened.find("connection/window") is not None


def test_connections_in_version_4_are_as_slinktool_reads_them(info_responder):
    _, said = told(info_responder, "CONNECTIONS")
    assert said["connections"]["client_count"] == 2
    client = said["connections"]["client"][0]
    assert (client["host"], client["client_port"], client["type"]) == (
        "192.0.2.1",
        "4000",
        "SeedLink 3",
    )
    assert client["client_id"] == 'me/1 <"&>'
    assert client["connect_time"] == "2023-11-14T22:13:20.000000Z"
    assert (client["transmit_packets"], client["transmit_bytes"]) == (7, 3640)
    assert isinstance(client["transmit_packet_rate"], float)


def test_abilities_and_formats(info_responder):
    names = {each.get("name") for each in xml(info_responder, "CAPABILITIES").findall("capability")}
    assert {"dialup", "multistation", "info:streams"} <= names
    assert "SLPROTO:4.0" in told(info_responder, "CAPABILITIES")[1]["capability"]
    assert {"2", "3"} == told(info_responder, "FORMATS")[1]["format"].keys()


@pytest.mark.parametrize("level", ["NONSENSE", "GAPS"])
def test_a_level_that_is_not_known_is_an_error_and_no_empty_answer(info_responder, level):
    (frame,) = FrameReader(3).feed(info_responder.answer([level], 3))
    assert frame.kind == "info"
    assert frame.payload[15:18] == b"ERR"  # the channel, by which clients of version 3 know it
    assert len(xml(info_responder, level)) == 0
    kind, said = told(info_responder, level)
    assert (kind, said["error"]["code"]) == ("error", "ARGUMENTS")
    (known,) = FrameReader(3).feed(info_responder.answer(["ID"], 3))
    assert known.payload[15:18] == b"INF"
