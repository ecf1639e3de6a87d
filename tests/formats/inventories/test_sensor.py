from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.formats.inventories.sensor import Component, choose
from forewave.types import Channel, StreamId


def component(
    code="HNZ", station="AAA", location="", gain=1e5, unit="m/s^2", rate=100.0, lat=30.0, depth=0.0
):
    channel = Channel(StreamId("XX", station, location, code), gain, unit, rate)
    return Component(channel, lat, 100.0, 500.0, depth, code[2] == "Z")


components = st.lists(
    st.builds(
        component,
        st.sampled_from([a + b + c for a, b, c in product("HE", "NH", "ZNE12")]),
        st.sampled_from(["AAA", "BBB"]),
        st.sampled_from(["", "00"]),
        st.sampled_from([1e5, 0.0, float("nan")]),
        st.sampled_from(["m/s^2", "m/s"]),
        st.sampled_from([10.0, 40.0, 100.0, 1e9]),
        st.sampled_from([30.0, float("nan")]),
        st.sampled_from([0.0, 100.0]),
    ),
    max_size=15,
    unique_by=lambda c: c.channel.stream,
)


@given(components)
def test_every_channel_is_used_or_explained_once(listed):
    stations, dropped = choose(listed)
    used = [str(c.stream) for s in stations for c in s.channels]
    assert sorted([*used, *(d.source for d in dropped)]) == sorted(
        str(c.channel.stream) for c in listed
    )


@given(components)
def test_a_station_has_one_sensor_that_can_be_used(listed):
    stations, _ = choose(listed)
    assert [s.code for s in stations] == sorted({s.code for s in stations})
    for station in stations:
        first, *level = station.channels
        assert first.stream.channel.endswith("Z")
        assert len(level) <= 2
        assert len({(c.stream.location, c.stream.channel[:2]) for c in station.channels}) == 1
        assert len({(c.unit, c.rate) for c in station.channels}) == 1
        assert 20 <= first.rate <= 500


@given(components, st.randoms(use_true_random=False))
def test_the_order_of_the_list_does_not_matter(listed, order):
    shuffled = listed[:]
    order.shuffle(shuffled)
    assert repr(choose(shuffled)[0]) == repr(choose(listed)[0])


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"code": "HNZ", "rate": 50.0}, {"code": "HHZ", "unit": "m/s"}),
        ({"location": "01"}, {"location": "00", "depth": 100.0}),
        ({"location": "01", "rate": 200.0}, {"location": "00"}),
        ({"location": "00"}, {"location": "01"}),
    ],
)
def test_the_better_sensor_is_used(better, worse):
    (station,), (spare,) = choose([component(**worse), component(**better)])
    assert station.channels == (component(**better).channel,)
    assert spare.reason == "other sensor of the station is used"


def test_three_components_before_depth():
    deep = [component(code, location="00", depth=90.0) for code in ("HNZ", "HNN", "HNE")]
    (station,), _ = choose([component(location="01"), *deep])
    assert len(station.channels) == 3


def test_a_horizontal_of_another_rate_is_left_out():
    (station,), dropped = choose([component(), component("HNE", rate=50.0), component("HNN")])
    assert [c.stream.channel for c in station.channels] == ["HNZ", "HNN"]
    assert [d.reason for d in dropped] == ["not one of three components"]
