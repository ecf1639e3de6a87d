import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.formats.protocols.seedlink_selection import (
    is_selector,
    selects,
    selects_station,
    stream_id_4,
    to_3,
    to_4,
)
from forewave.types import StreamId

HHZ = StreamId("XX", "ABC", "00", "HHZ")
BLANK = StreamId("XX", "ABC", "", "BHN")


@pytest.mark.parametrize(
    ("selectors", "stream", "wanted"),
    [
        ([], HHZ, True),
        (["HHZ"], HHZ, True),
        (["HH?"], HHZ, True),
        (["BH?"], HHZ, False),
        (["00HHZ"], HHZ, True),
        (["10HHZ"], HHZ, False),
        (["--BH?"], BLANK, True),
        (["--HH?"], HHZ, False),
        (["??HHZ"], HHZ, True),
        (["HHZ.D"], HHZ, True),
        (["HHZ.L"], HHZ, False),
        (["00_H_H_Z"], HHZ, True),
        (["*_H_H_?"], HHZ, True),
        (["_B_H_N"], BLANK, True),
        (["00_H_H_Z.3D"], HHZ, True),
        (["00_H_H_Z.2:3"], HHZ, True),
        (["*"], HHZ, True),
        (["!HHZ"], HHZ, False),
        (["!HHZ"], BLANK, True),
        (["HH?", "!HHZ"], HHZ, False),
        (["BH?", "HH?"], HHZ, True),
    ],
)
def test_selectors_of_both_versions(selectors, stream, wanted):
    assert selects(selectors, stream) is wanted
    assert all(is_selector(selector) for selector in selectors)


@pytest.mark.parametrize("text", ["", "H", "HH", "HHZZZZ", "HHZ EXTRA", "a\n", "..", "HHZ.DD"])
def test_what_is_no_selector(text):
    assert not is_selector(text)


@pytest.mark.parametrize(
    ("three", "four"),
    [
        ("HH?", "*_H_H_?"),
        ("00HHZ", "00_H_H_Z"),
        ("--BHN", "_B_H_N"),
        ("!HHZ", "!*_H_H_Z"),
        ("HHZ.D", "*_H_H_Z.D"),
    ],
)
def test_each_version_says_it_in_its_own_way(three, four):
    assert to_4(three) == four
    assert to_4(four) == four
    assert to_3(four) == three.removesuffix(".D")
    assert to_3(three) == three


@pytest.mark.parametrize("four", ["00_HH_H_Z", "123_H_H_Z", "H_H_Z"])
def test_patterns_that_version_3_cannot_express(four):
    assert to_3(four) is None


@given(st.text("AB?", min_size=3, max_size=3), st.sampled_from(["", "--", "00", "??"]))
def test_both_ways_of_saying_it_select_the_same(channel, location):
    selector = location + channel
    for code in ("AAA", "ABA", "BBB"):
        for place in ("", "00"):
            stream = StreamId("XX", "ABC", place, code)
            assert selects([selector], stream) == selects([to_4(selector)], stream)


def test_stations_are_patterns():
    assert selects_station("XX_*", "XX_ABC")
    assert selects_station("*_AB?", "XX_ABC")
    assert not selects_station("YY_ABC", "XX_ABC")


def test_a_stream_in_the_names_of_version_4():
    assert stream_id_4(HHZ) == "00_H_H_Z"
    assert stream_id_4(BLANK) == "_B_H_N"
