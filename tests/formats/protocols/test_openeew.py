import gzip
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from msgspec.structs import replace

from forewave.formats.protocols import openeew
from forewave.formats.protocols.openeew import Naming, Reading
from forewave.types import Dropped, Packet, StreamId

NAMING = Naming()
COUNTS = {"min_value": -2_000_000, "max_value": 2_000_000}
FLAT = {
    "country_code": "mx",
    "device_id": "012",
    "x": [-0.102, 0.5],
    "y": [0.17, 0.109],
    "z": [0.174, 0.113],
    "device_t": 1518824101.12,
    "cloud_t": 1518824100.765,
    "sr": 31.25,
}


def without(*names, **more):
    return {name: value for name, value in FLAT.items() if name not in names} | more


def read(message):
    return openeew.read(json.dumps(message).encode(), NAMING)


def test_a_message_names_its_station_and_keeps_thousandths_of_a_gal():
    reading = read(FLAT)
    assert reading.code == "XX.MX012"
    assert reading.samples.tolist() == [[-102, 500], [170, 109], [174, 113]]
    assert (reading.stated, reading.received) == (31.25, 1518824100.765)


def test_its_time_is_that_of_the_last_sample():
    one, two, up = openeew.packets(read(FLAT), rate=30.0)
    assert [p.stream.channel for p in (one, two, up)] == ["BN1", "BN2", "BNZ"]
    assert up.samples.tolist() == [-102, 500]
    assert up.rate == 30.0
    assert up.start == pytest.approx(1518824101.12 - 1 / 30.0, abs=1e-6)
    assert openeew.packets(read(FLAT), shift=1816.0)[0].start == pytest.approx(
        1518824101.12 + 1816.0 - 1 / 31.25, abs=1e-6
    )


def test_the_published_firmware_states_no_rate_and_perhaps_no_time():
    traces = [{axis: FLAT[axis] for axis in "xyz"}] * 2
    aws = {"device_id": "A8032A4DD5F0", "device_t": 1518824101, "traces": traces}
    reading = read(aws)
    assert (reading.last, reading.stated, reading.code) == (1518824101.0, None, "XX.A8032A4DD5F0")
    assert reading.samples[0].tolist() == [-102, 500, -102, 500]
    watson = read({"d": {"device_id": "A8032A4DD5F0", "traces": traces}})
    assert (watson.last, watson.stated) == (None, None)
    np.testing.assert_array_equal(watson.samples, reading.samples)
    with pytest.raises(ValueError, match="expected a rate and a time"):
        openeew.packets(watson)
    with pytest.raises(ValueError, match="expected a rate and a time"):
        openeew.packets(watson, 31.25)
    assert openeew.packets(replace(watson, last=1.7e9), 31.25)[0].rate == 31.25


def test_the_naming_states_which_axis_is_vertical():
    data = json.dumps(FLAT).encode()
    reading = openeew.read(data, Naming("MX", ("HNE", "HNN", "HNZ")))
    assert [str(p.stream) for p in openeew.packets(reading)] == [
        "MX.MX012..HNE",
        "MX.MX012..HNN",
        "MX.MX012..HNZ",
    ]


def test_traces_in_an_object_with_its_own_names():
    arrays_ = {axis: FLAT[axis] for axis in "xyz"}
    message = without("x", "y", "z", "country_code", traces=arrays_)
    message |= {"network": "PR", "station": "ABC12", "device_t": "1518824101.120000"}
    reading = read(message)
    assert reading.code == "PR.ABC12"
    assert reading.last == 1518824101.12


def test_traces_in_a_list_follow_each_other():
    one, two = {"x": [1], "y": [2], "z": [3], "t": 100.0, "sr": 31.25}, None
    two = one | {"x": [4], "t": 101.0}
    reading = read({"device_id": "b4e62d8e6f10", "traces": [one, two]})
    assert reading.code == "XX.B4E62D8E6F10"
    assert reading.last == 101.0
    assert reading.samples[0].tolist() == [1000, 4000]


@pytest.mark.parametrize(
    ("message", "reason"),
    [
        ([], "not an OpenEEW packet"),
        ({"device_id": "1"}, "empty packet"),
        (without("x", x=["a", 1]), "not an OpenEEW packet"),
        (without("x", x=[1.0]), "axes of different length"),
        (without("sr", sr=0), "impossible time or rate"),
        (without("device_t", device_t=0), "impossible time or rate"),
        (without("device_id"), "not an OpenEEW packet"),
        ({"d": without("device_id")}, "not an OpenEEW packet"),
        (without("sr", sr="31"), "not an OpenEEW packet"),
        (without("device_t", device_t="soon"), "impossible time or rate"),
        (without("device_t", device_t="nan"), "impossible time or rate"),
        (without("x", x=[1e300, 0.0]), "impossible acceleration"),
        (without("device_id", device_id="../etc"), "unreadable stream name"),
        (
            without("x", "y", "z", x=[0.0] * 6000, y=[0.0] * 6000, z=[0.0] * 6000),
            "packet too long",
        ),
    ],
)
def test_what_cannot_be_used_says_why(message, reason):
    assert read(message).reason == reason


@given(st.binary(max_size=300))
def test_garbage_is_dropped(data):
    assert isinstance(openeew.read(data, NAMING), Dropped)


@given(st.binary(min_size=1, max_size=4), st.integers(0, 200))
def test_a_damaged_message_never_raises(noise, at):
    data = json.dumps(FLAT).encode()
    damaged = data[:at] + noise + data[at + len(noise) :]
    assert isinstance(openeew.read(damaged, NAMING), Dropped | Reading)


@given(
    arrays.arrays(
        np.int32,
        st.tuples(st.just(3), st.integers(1, 50)),
        elements=COUNTS,
    ),
    st.floats(1e9, 2e9),
)
def test_what_is_written_is_read(samples, start):
    names = ("BNZ", "BN1", "BN2")
    made = [
        Packet(StreamId("XX", "MX012", "", name), start, 31.25, row)
        for name, row in zip(names, samples, strict=True)
    ]
    reading = openeew.read(openeew.encode(made, received=start + 1), NAMING)
    assert isinstance(reading, Reading)
    assert reading.received == start + 1
    back = openeew.packets(reading)
    for before, after in zip(sorted(made, key=lambda p: p.stream), back, strict=True):
        assert after.stream == before.stream
        assert after.start == pytest.approx(start, abs=2e-6)
        np.testing.assert_array_equal(after.samples, before.samples)


def test_every_published_line_is_read(recordings):
    """The original lines of the M7.2 equal its event directory, except for rate and clock."""
    folder = recordings / "openeew-mx-20180216T233939" / "original"
    files = sorted(folder.glob("*.jsonl.gz"))
    if not files:
        pytest.skip(f"no {folder}")
    words = [w for f in files for w in openeew.lines(gzip.decompress(f.read_bytes()), NAMING)]
    assert {type(word) for word in words} == {Reading}
    assert len(words) == 7331
    assert {word.samples.shape for word in words} == {(3, 32)}
