import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.formats.inventories import fdsn_channels

HEAD = (
    "#Network | Station | location | Channel | Latitude | Longitude | Elevation | Depth | Azimuth"
    " | Dip | SensorDescription | Scale | ScaleFreq | ScaleUnits | SampleRate | StartTime | EndTime"
)
LINE = "CI|CCC||HNZ|35.52|-117.36|670|0|0|-90|Episensor|213979|1|M/S**2|100|2010-01-01T00:00:00|"
CLOSED = LINE.replace("2010-01-01T00:00:00|", "2000-01-01T00:00:00|2010-01-01T00:00:00")


def channels(*lines, at=None):
    return fdsn_channels.channels("\n".join([HEAD, *lines, ""]), at)


def test_a_channel_has_place_gain_unit_and_rate():
    (component,), dropped = channels(LINE)
    assert dropped == []
    assert str(component.channel.stream) == "CI.CCC..HNZ"
    assert component.channel.gain == 213979.0
    assert (component.channel.unit, component.channel.rate) == ("m/s^2", 100.0)
    assert (component.lat, component.lon, component.elevation_m) == (35.52, -117.36, 670.0)
    assert component.vertical


def test_other_units_are_converted_to_si():
    (component,), _ = channels(LINE.replace("M/S**2", "CM/S**2"))
    assert component.channel.gain == pytest.approx(21397900.0)


def test_a_location_of_two_dashes_is_empty():
    (component,), _ = channels(LINE.replace("CCC||", "CCC|--|"))
    assert component.channel.stream.location == ""


def test_the_epoch_of_the_time_counts_and_without_one_the_last():
    later = LINE.replace("213979", "999")
    (component,), dropped = channels(CLOSED, later, at=1.5e9)
    assert (component.channel.gain, dropped) == (999.0, [])
    (component,), dropped = channels(later, CLOSED)
    assert (component.channel.gain, dropped) == (999.0, [])
    none, dropped = channels(CLOSED, at=1.5e9)
    assert (none, [word.reason for word in dropped]) == ([], ["not in operation then"])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (LINE.replace("213979", ""), "gain missing"),
        (LINE.replace("M/S**2", "V"), "units name no ground motion"),
        (LINE.replace("35.52", "north"), "not a number"),
        ("CI|CCC", "not a number"),
        (LINE.replace("2010-01-01T00:00:00", "once"), "not a number"),
    ],
)
def test_a_bad_line_costs_only_itself(line, reason):
    read, dropped = channels(line, LINE.replace("HNZ", "HNE"))
    assert [str(c.channel.stream) for c in read] == ["CI.CCC..HNE"]
    assert [word.reason for word in dropped] == [reason]


@given(st.text(max_size=200))
def test_garbage_never_raises(text):
    fdsn_channels.channels(text)
