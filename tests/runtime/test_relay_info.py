import json
from xml.etree import ElementTree

import numpy as np
import pytest

from forewave.formats.seedlink import FrameReader
from forewave.runtime.relay_info import Guest, Informant
from forewave.runtime.relay_ring import Ring
from forewave.types import Packet, StreamId

GUEST = Guest("192.0.2.1", 4000, 1.7e9, 'me/1 <"&>', 7, 3640)


@pytest.fixture
def informant():
    ring = Ring()
    for n, name in enumerate(["HHZ", "HHN", "HHZ"]):
        stream = StreamId("XX", "ABC", "00", name)
        list(ring.add(Packet(stream, 1.7e9 + n, 100.0, np.zeros(100, np.int32))))
    list(ring.add(Packet(StreamId("YY", "DEF", "", "BHZ"), 1.7e9, 20.0, np.zeros(20, np.int32))))
    return Informant(ring, lambda: [GUEST], "forewave/x", 'Some "where" & <more>')


def xml(informant, *words):
    payloads = [frame.payload for frame in FrameReader(3).feed(informant.answer(words, 3))]
    text = b"".join(p[int.from_bytes(p[44:46], "big") :].rstrip(b"\0") for p in payloads)
    return ElementTree.fromstring(text)


def told(informant, *words):
    (frame,) = FrameReader(4).feed(informant.answer(words, 4))
    return frame.kind, json.loads(frame.payload)


def test_who_it_is(informant):
    root = xml(informant, "ID")
    assert root.get("software") == "SeedLink v3.1 (forewave/x)"
    assert root.get("organization") == 'Some "where" & <more>'
    kind, said = told(informant, "id")
    assert (kind, said["software"]) == ("info", "SeedLink v4.0 (forewave/x)")


def test_stations(informant):
    stations = xml(informant, "STATIONS").findall("station")
    assert [(s.get("network"), s.get("name"), s.get("end_seq")) for s in stations] == [
        ("XX", "ABC", "000003"),
        ("YY", "DEF", "000001"),
    ]
    _, said = told(informant, "STATIONS", "YY_*")
    assert said["station"] == [
        {"id": "YY_DEF", "description": "YY_DEF", "start_seq": 1, "end_seq": 1, "backfill": -1}
    ]


def test_streams_and_their_spans(informant):
    streams = xml(informant, "STREAMS").findall("station/stream")
    spans = [(s.get("location"), s.get("seedname"), s.get("end_time")) for s in streams]
    assert spans == [
        ("00", "HHN", "2023/11/14 22:13:22.0000"),
        ("00", "HHZ", "2023/11/14 22:13:23.0000"),
        ("", "BHZ", "2023/11/14 22:13:21.0000"),
    ]
    _, said = told(informant, "STREAMS", "XX_ABC")
    assert said["station"][0]["stream"][1] == {
        "id": "00_H_H_Z",
        "format": "3",
        "subformat": "D",
        "start_time": "2023-11-14T22:13:20.000000Z",
        "end_time": "2023-11-14T22:13:23.000000Z",
    }


def test_connections(informant):
    (connection,) = xml(informant, "CONNECTIONS").findall("connection")
    assert (connection.get("host"), connection.get("txcount")) == ("192.0.2.1", "7")
    _, said = told(informant, "CONNECTIONS")
    assert said["connection"][0]["agent"] == 'me/1 <"&>'


def test_abilities_and_formats(informant):
    names = {each.get("name") for each in xml(informant, "CAPABILITIES").findall("capability")}
    assert {"dialup", "multistation", "info:streams"} <= names
    assert "SLPROTO:4.0" in told(informant, "CAPABILITIES")[1]["capability"]
    assert "3" in told(informant, "FORMATS")[1]["format"]


def test_what_it_does_not_know(informant):
    assert len(xml(informant, "NONSENSE")) == 0
    kind, said = told(informant, "NONSENSE")
    assert (kind, said["error"]["code"]) == ("error", "ARGUMENTS")
