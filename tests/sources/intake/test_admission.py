"""What may come in, whoever brings it."""

import numpy as np
import pytest
from msgspec.structs import replace

from forewave.sources.intake.admission import (
    BURST_S,
    LEAST_S,
    MOST_OTHERS,
    Admission,
    Rules,
    live_rules,
)
from forewave.types import Channel, Packet, Station, StreamId

T0 = 1.79e9
STREAM = StreamId("XX", "ABC", "00", "HNZ")
STATION = Station("XX.ABC", 0.0, 0.0, 0.0, (Channel(STREAM, 1.0, "m/s^2", 100.0),))
GOOD = Packet(STREAM, T0 - 1.0, 100.0, np.arange(100, dtype=np.int32))


def admission(patterns=(), clock=lambda: 0.0, past=False):
    return Admission(live_rules([STATION], past=past), patterns, clock)


def stream(network="XX", station="ABC", location="00", channel="HNZ"):
    return StreamId(network, station, location, channel)


def test_what_is_as_it_should_be_is_admitted():
    assert admission().refusal(GOOD, T0) == ""
    assert admission(["XX.*"]).refusal(GOOD, T0) == ""
    assert Admission(Rules(), (), lambda: 0.0).refusal(GOOD, T0) == ""


@pytest.mark.parametrize("rate", [1e-300, 0.999, 1000.1, 1e300, float("nan"), float("inf"), -100.0])
def test_a_rate_that_no_sensor_has_is_refused_also_of_the_past(rate):
    for past in (True, False):
        found = admission(past=past).refusal(replace(GOOD, rate=rate), T0)
        assert found == "rate out of range"


@pytest.mark.parametrize("rate", [1.0, 1000.0])
def test_the_slowest_and_the_fastest_rate_are_admitted(rate):
    assert admission().refusal(replace(GOOD, rate=rate), T0) == ""


@pytest.mark.parametrize(
    "name",
    [
        stream(network="../../../x"),
        stream(network=".."),
        stream(network=""),
        stream(station="A/B"),
        stream(station=""),
        stream(station="A" * 25),
        stream(station="A\\B"),
        stream(location="0.0"),
        stream(channel="HNZ\n"),
        stream(channel="H\0Z"),
        stream(station="\u0410BC"),
    ],
)
def test_a_name_that_could_be_a_path_is_refused(name):
    anyone = Admission(Rules(), (), lambda: 0.0)
    assert anyone.refusal(replace(GOOD, stream=name), T0) == "unreadable stream name"


@pytest.mark.parametrize("start", [T0 - 86_401.0, T0 + 86_401.0, float("nan"), -1e300])
def test_a_time_far_from_now_is_refused(start):
    assert "time" in admission().refusal(replace(GOOD, start=start), T0)


def test_the_past_has_its_own_times_and_lengths():
    old = replace(GOOD, start=0.0, samples=np.zeros(100_000, np.int32))
    assert admission(past=True).refusal(old, T0) == ""
    assert admission().refusal(replace(old, start=T0), T0) == "packet too long"


def test_a_packet_without_samples_is_refused():
    assert admission().refusal(replace(GOOD, samples=np.zeros(0, np.int32)), T0) == "empty packet"


def test_who_is_not_in_the_inventory_or_not_of_the_source_is_refused():
    alien = replace(GOOD, stream=stream(station="ALIEN"))
    assert admission().refusal(alien, T0) == "station not in the inventory"
    assert admission(["YY.*", "XX.A"]).refusal(GOOD, T0) == "station not of this source"


def test_a_station_has_only_so_many_streams_but_always_those_of_the_inventory():
    asked = admission()
    names = [replace(GOOD, stream=stream(location=f"{n:02}", channel="HNE")) for n in range(99)]
    found = [asked.refusal(packet, T0) for packet in names]
    assert found == [""] * MOST_OTHERS + ["too many streams of a station"] * (99 - MOST_OTHERS)
    assert asked.refusal(names[0], T0) == "" == asked.refusal(GOOD, T0)


def test_try_take_is_refused_beyond_the_rate_limit_and_succeeds_again_within_it():
    now = [0.0]
    asked = admission(clock=lambda: now[0])
    assert sum(asked.try_take() for _ in range(100_000)) == LEAST_S * BURST_S
    now[0] += 1.0
    assert sum(asked.try_take() for _ in range(100_000)) == LEAST_S


def test_who_can_wait_is_slowed_down_to_the_budget():
    now = [0.0]
    asked = admission(clock=lambda: now[0])
    for _ in range(int(LEAST_S * BURST_S)):
        assert asked.take() == 0.0
    for _ in range(300):
        now[0] += asked.take()
    assert now[0] == pytest.approx(300 / LEAST_S)


def test_the_past_has_no_budget():
    asked = admission(past=True)
    assert all(asked.try_take() for _ in range(100_000))
