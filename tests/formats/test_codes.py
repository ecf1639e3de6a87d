import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.formats import codes
from forewave.types import StreamId


@given(*[st.text("aBc09-_ \t\0", max_size=5)] * 4)
def test_a_name_once_read_is_read_as_itself(network, station, location, channel):
    once = codes.stream(network, station, location, channel)
    assert codes.stream(*(getattr(once, name) for name in once.__struct_fields__)) == once


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (("xx", " abc ", "--", "hnz"), ("XX", "ABC", "", "HNZ")),
        (("XX", "ABC\0\0", "  ", "HZ "), ("XX", "ABC", "", "HZ")),
        (("XX", "ABC", "00", "H_Z_"), ("XX", "ABC", "00", "HZ")),
        (("XX", "ABC", "00", "XX_YY_ZZ"), ("XX", "ABC", "00", "XX_YY_ZZ")),
    ],
)
def test_names(written, read):
    assert codes.stream(*written) == StreamId(*read)


@pytest.mark.parametrize(
    ("channel", "dip", "vertical", "contradicts"),
    [
        ("HNZ", -90.0, True, False),
        ("HNZ", 0.0, True, True),
        ("HNZ", None, True, False),
        ("HNE", -90.0, False, True),
        ("HN1", -90.0, True, False),
        ("HN1", 44.0, False, False),
        ("HN1", None, False, False),
        ("HZ", None, True, False),
    ],
)
def test_the_code_goes_before_the_dip(channel, dip, vertical, contradicts):
    name = StreamId("XX", "ABC", "", channel)
    assert codes.is_vertical(name, dip) is vertical
    assert bool(codes.contradiction(name, dip)) is contradicts


def test_a_channel_says_more_than_its_component():
    assert codes.is_named(StreamId("XX", "ABC", "", "HZ"))
    assert not codes.is_named(StreamId("XX", "ABC", "", "Z"))
    assert not codes.is_named(StreamId("XX", "", "", "HNZ"))
    assert codes.is_usual(StreamId("XX", "ABC", "", "HNZ"))
    assert not codes.is_usual(StreamId("XX", "ABC", "", "HZ"))


def test_what_may_stand_in_a_record():
    assert [codes.is_printable(byte) for byte in (0, 31, 32, 65, 126, 127)] == [
        True,
        False,
        True,
        True,
        True,
        False,
    ]
