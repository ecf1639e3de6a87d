"""Observations that are refused, by a reason that can be counted."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from forewave.events import validate
from forewave.events.memory.network import Network
from forewave.events.tracker import Tracker
from forewave.types import PHONES, Dropped, PhoneSighting
from tests.events import made
from tests.events.made import T0

A = made.station("A", 0.0, 0.0)
NETWORK = Network((A,))
NOW = T0 + 38.0
SEEN = made.sighting(0.0, 0.0, 30.0)
anything = st.floats() | st.floats(-200, 200)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"time": math.nan}, "time out of range"),
        ({"time": T0 - 1e4}, "time out of range"),
        ({"time": NOW + 60.0}, "time out of range"),
        ({"lat": math.nan}, "place out of range"),
        ({"lat": 91.0}, "place out of range"),
        ({"lon": math.inf}, "place out of range"),
        ({"sigma_km": 0.0}, "place not known"),
        ({"sigma_km": math.nan}, "place not known"),
        ({"sigma_km": 1e6}, "place not known"),
        ({"probability": math.nan}, "probability out of range"),
        ({"probability": 1.1}, "probability out of range"),
        ({"triggers": 0}, "sighting without phones"),
        ({"cells": -1}, "sighting without phones"),
    ],
)
def test_an_absurd_sighting_is_refused_with_a_reason(changes, reason):
    assert validate.reason(replace(SEEN, **changes), NETWORK, NOW) == reason


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        (made.pick(A, 30.0), None),
        (made.pick(made.station("B", 0.0, 0.0), 30.0), "station not in the inventory"),
        (made.pick(A, -1000.0), "time out of range"),
        (made.pick(A, 30.0, sigma=math.nan), "pick without uncertainty"),
        (made.amplitude(made.pick(A, 30.0), 1.0, 1e9), "amplitude out of range"),
        (made.state(A, 30.0), None),
    ],
)
def test_observations_of_stations_are_refused_for_these_reasons_only(item, reason):
    assert validate.reason(item, NETWORK, NOW) == reason


@given(st.tuples(*[anything] * 4, st.integers(), st.integers(), anything))
def test_no_sighting_raises_in_the_room(travel_times, fields):
    tracker = Tracker((A,), travel_times, phones_alone=True)
    time, *rest = fields
    for sighting in (PhoneSighting(time, *rest), PhoneSighting(T0 + time, *rest)):
        said = [*tracker.feed(sighting, NOW), *tracker.tick(NOW)]
        assert all(word.source == PHONES for word in said if isinstance(word, Dropped))


def test_the_source_is_the_station_or_phones():
    assert validate.source(SEEN) == PHONES
    assert validate.source(made.state(A, 30.0)) == A.code
