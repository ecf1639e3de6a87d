from math import isnan, nan

import pytest
from msgspec.structs import replace

from forewave.formats.faults import FAULTS, REMARKS
from forewave.formats.inventories.listed import Listed, angle, component, number
from forewave.formats.inventories.sensor import choose
from forewave.types import StreamId

GOOD = Listed(StreamId("XX", "ABC", "", "HNZ"), 4e5, "counts/gal", 100.0, 35.0, 139.0, dip=-90.0)


def test_a_gain_becomes_counts_per_si_unit():
    read = component(GOOD)
    assert (read.channel.gain, read.channel.unit) == (pytest.approx(4e7), "m/s^2")
    assert (read.vertical, read.remarks) == (True, ())


@pytest.mark.parametrize(
    ("change", "reason", "detail"),
    [
        ({"gain": None, "why": "stage 1 has no gain"}, "gain missing", "f: stage 1 has no gain"),
        ({"unit": "Pa"}, "units name no ground motion", "f: Pa"),
        ({"unit": "gal/count"}, "gain is motion per count", "f: gal/count"),
    ],
)
def test_why_a_channel_is_not_used(change, reason, detail):
    word = component(replace(GOOD, **change), "f")
    assert (word.reason, word.detail) == (reason, detail)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"dip": 0.0}, "dip contradicts code"),
        ({"gain": 1e-9}, "gain is implausible"),
        ({"gain": -1e12}, "gain is implausible"),
        ({"stream": StreamId("XX", "ABC", "", "HZ")}, "channel code is not of three letters"),
        ({"remarks": (("access is restricted", "closed"),)}, "access is restricted"),
    ],
)
def test_only_channels_in_use_have_remarks(change, reason):
    odd = component(replace(GOOD, **change))
    (station,), told = choose([odd])
    assert [word.reason for word in told] == [reason]
    assert len(station.channels) == 1
    stations, told = choose([replace(odd, lat=nan)])
    assert stations == ()
    assert [word.reason for word in told] == ["coordinates missing or impossible"]


def test_remarks_are_faults():
    assert set(FAULTS) >= REMARKS


def test_blanks_are_no_number():
    assert number(" 2.5 ") == 2.5
    assert number("  ", 7.0) == 7.0
    assert isnan(number(None, nan))
    for text in ("", "many"):
        with pytest.raises(ValueError, match=r"number|float"):
            number(text)


@pytest.mark.parametrize(
    ("text", "dip"), [("-90", -90.0), ("", None), (None, None), ("nan", None), ("270", None)]
)
def test_a_dip_that_cannot_be_is_none(text, dip):
    assert angle(text) == dip
