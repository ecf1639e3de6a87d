import tomllib

import pytest

from forewave.formats.protocols.seedlink_selection import selects
from forewave.sources import registry, registry_text
from forewave.sources.seedlink.settings import stations_wanted
from forewave.types import Channel, Station, StreamId


def station(code, *channels, location=""):
    streams = [StreamId("XX", code, location, channel) for channel in channels]
    made = tuple(Channel(stream, 1.0, "m/s", 100.0) for stream in streams)
    return Station(f"XX.{code}", 0.0, 0.0, 0.0, made)


STATIONS = (
    station("AAA", "HNZ", "HNE", "HNN"),
    station("BBB", "HNN", "HNE", "HNZ"),
    station("CCC", "HHZ", location="00"),
    station("DDD", "H_LONG_Z", location="123"),
)


def read(lines, folder):
    (entry,) = registry.read("f", tomllib.loads("\n".join(lines))["sources"], folder)
    return entry


def test_it_asks_for_these_stations_and_channels_and_no_others(tmp_path):
    wanted = stations_wanted(read(registry_text.seedlink("a:18000", STATIONS), tmp_path))
    assert [each.station for each in wanted] == ["XX_AAA", "XX_BBB", "XX_CCC", "XX_DDD"]
    for each, made in zip(wanted, STATIONS, strict=True):
        assert all(selects(each.selectors, channel.stream) for channel in made.channels)
        code = made.code.partition(".")[2]
        for stream in (StreamId("XX", code, "", "HHZ"), StreamId("XX", code, "10", "HNZ")):
            assert not selects(each.selectors, stream)


def test_the_most_common_selectors_are_written_once():
    lines = registry_text.seedlink("a:18000", STATIONS)
    assert 'selectors = ["--HNE","--HNN","--HNZ"]' in lines
    assert '  "XX.AAA",' in lines
    assert '  "XX.CCC:00HHZ",' in lines


@pytest.mark.parametrize(("count", "size"), [(100, None), (101, 100), (1200, 240)])
def test_for_many_stations_the_limit_per_connection_is_suggested(count, size, tmp_path):
    many = [station(f"S{number:04d}", "HNZ") for number in range(count)]
    lines = registry_text.seedlink("a:18000", many)
    said = [line for line in lines if "stations_per_connection" in line]
    assert len(said) == (size is not None)
    assert read(lines, tmp_path).stations_per_connection is None
    uncommented = read([line.removeprefix("# ") for line in lines], tmp_path)
    assert uncommented.stations_per_connection == size


def test_a_commented_block_is_not_read():
    assert (
        tomllib.loads("\n".join(registry_text.commented(registry_text.seedlink("a", STATIONS))))
        == {}
    )
