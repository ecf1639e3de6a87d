import warnings
from io import BytesIO
from pathlib import Path

import obspy.io.stationxml
import pytest
from lxml import etree
from msgspec.structs import replace
from obspy import read_inventory

from forewave.formats.inventories import inventory
from forewave.formats.inventories.stationxml_made import document
from tests.archive.web_services.conftest import STATIONS

SCHEMA = Path(obspy.io.stationxml.__file__).parent / "data" / "fdsn-station-1.2.xsd"


def made():
    return etree.tostring(document(STATIONS, "a <network>", 1e9))


def test_it_is_valid_by_the_schema_and_obspy_opens_it_without_a_warning():
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    assert schema.validate(etree.fromstring(made())), schema.error_log
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = read_inventory(BytesIO(made()), "STATIONXML")
        assert str(found)
        assert str(found[0][0][0])
    assert found.source == "a <network>"
    assert [(each.code, each.total_number_of_stations) for each in found] == [("CI", 2), ("NN", 1)]
    channel = found.select(station="AAB", channel="HNZ")[0][0][0]
    assert (channel.azimuth, channel.dip, channel.sample_rate) == (0.0, -90.0, 10.0)
    sensitivity = channel.response.instrument_sensitivity
    assert (sensitivity.value, sensitivity.input_units) == (2e5, "m/s**2")
    flat = channel.response.get_evalresp_response_for_frequencies([0.1, 1.0, 4.0], "ACC")
    assert abs(flat) == pytest.approx(2e5)


def test_forewave_reads_from_it_what_it_was_made_of():
    fast = [
        replace(each, channels=tuple(replace(c, rate=100.0) for c in each.channels))
        for each in STATIONS
    ]
    found, dropped = inventory.of_stationxml(etree.tostring(document(fast, "x", 1e9)), "made")
    assert {each.code: set(each.channels) for each in found} == {
        each.code: set(each.channels) for each in fast
    }
    assert {(each.lat, each.lon, each.elevation_m) for each in found} == {
        (each.lat, each.lon, each.elevation_m) for each in fast
    }
    assert not dropped
