from datetime import UTC, datetime

import pytest

from forewave.errors import FormatError
from forewave.simulate import fdsn_text

AT = datetime(2030, 1, 1, tzinfo=UTC)
STATION = """#Network | Station | Latitude | Longitude | Elevation | SiteName | StartTime | EndTime
NZ|WEL|-41.284048|174.768184|138.0|Wellington|2003-01-01T00:00:00|9999-12-31T23:59:59
NZ|OLD|-41.0|174.0|10.0|Closed|1990-01-01T00:00:00|2001-01-01T00:00:00
NZ|BFZ|-40.679647|176.246245|283.0|Birch Farm|2004-06-30T00:00:00|
"""
CHANNEL = """#Network|Station|Location|Channel|Latitude|Longitude|Elevation|Depth|Azimuth|Dip|\
SensorDescription|Scale|ScaleFreq|ScaleUnits|SampleRate|StartTime|EndTime
CI|LRL||HNZ|35.47954|-117.68212|1340.0|0.0|0.0|-90.0|x|2.13e5|1.0|M/S**2|100.0|2008-01-01T00:00:00|
CI|LRL||HNN|35.47954|-117.68212|1340.0|0.0|0.0|0.0|x|2.13e5|1.0|M/S**2|100.0|2008-01-01T00:00:00|
CI|LRL||HNE|35.47954|-117.68212|1340.0|0.0|90.0|0.0|x|2.13e5|1.0|M/S**2|100.0|2008-01-01T00:00:00|
CI|LRL||LDO|35.47954|-117.68212|1340.0|0.0|0.0|0.0|x|1|1.0|PA|1.0|2008-01-01T00:00:00|
""".replace("\\\n", "")


@pytest.fixture
def read(tmp_path):
    def of(text):
        (tmp_path / "list.txt").write_text(text)
        return fdsn_text.read(tmp_path / "list.txt", AT)

    return of


def test_stations_that_stand_then(read):
    found = read(STATION)
    assert [(s.code, s.lat, s.elevation_m) for s in found] == [
        ("NZ.BFZ", -40.679647, 283.0),
        ("NZ.WEL", -41.284048, 138.0),
    ]
    assert {s.channels for s in found} == {()}


def test_channels_keep_their_gain_unit_and_rate(read):
    (found,) = read(CHANNEL)
    assert [str(c.stream) for c in found.channels] == [
        "CI.LRL..HNZ",
        "CI.LRL..HNE",
        "CI.LRL..HNN",
    ]
    assert {(c.gain, c.unit, c.rate) for c in found.channels} == {(2.13e5, "m/s^2", 100.0)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "'network' is missing"),
        ("#Network|Station|Latitude\n", "'longitude' is missing"),
        (STATION.splitlines()[0] + "\n", "no usable station"),
        (STATION.replace("-41.284048", "south"), "south"),
        (STATION.replace("2003-01-01T00:00:00", "then"), "then"),
    ],
)
def test_a_bad_list_is_one_line_that_names_the_file(read, tmp_path, text, message):
    with pytest.raises(FormatError) as error:
        read(text)
    assert str(error.value).startswith(str(tmp_path / "list.txt"))
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_a_missing_list(tmp_path):
    with pytest.raises(FormatError, match="nowhere"):
        fdsn_text.read(tmp_path / "nowhere.txt", AT)
