"""What one event is to another."""

import pytest
from msgspec.structs import replace

from forewave.events import kin, phones_alone
from forewave.events.network import Network
from forewave.events.resume import made as event_at
from forewave.types import Magnitude, Origin
from tests.events import made
from tests.events.made import PLANE, T0

NETWORK = Network((made.station("A", 0.0, 0.0),))


@pytest.fixture
def event(travel_times):
    def made_event(east_km=0.0, time=30.0, magnitude=5.0):
        lat, lon = PLANE.to_degrees(east_km, 0.0)
        origin = Origin(T0 + time, lat, lon, 10.0, 0.5, 3.0, 5.0)
        return event_at("e", origin, Magnitude(magnitude, 0.3, "M", 3), NETWORK, travel_times)

    return made_event


@pytest.mark.parametrize(
    ("changes", "alike", "echoes"),
    [
        ({"east_km": 40.0}, True, True),
        ({"east_km": 90.0}, False, False),
        ({"time": 55.0}, False, False),
        ({"magnitude": 6.0}, True, False),
    ],
)
def test_near_in_place_and_time_is_alike_and_an_echo_unless_larger(event, changes, alike, echoes):
    assert kin.alike(event(**changes), event()) is alike
    assert kin.echoes(event(**changes), event()) is echoes


def test_what_phones_said_goes_on_as_the_event_of_stations(event, travel_times):
    seen = phones_alone.begin(made.sighting(20.0, 0.0, 28.0), NETWORK, travel_times)
    assert kin.was_seen(event(magnitude=7.0), seen)
    assert not kin.was_seen(event(), event())
    seen.withdrawn = "denied"
    assert not kin.was_seen(event(), seen)
    other = replace(made.sighting(20.0, 0.0, 28.0), time=T0 + 90.0)
    assert not kin.was_seen(event(), phones_alone.begin(other, NETWORK, travel_times))


def test_a_wake_is_longer_and_wants_more_of_a_greater_one(event):
    small, great = event(magnitude=4.0), event(magnitude=7.0)
    later = T0 + 30.0 + 120.0
    assert not kin.wakes(small, event(100.0, 140.0), later)
    assert kin.wakes(great, event(100.0, 140.0), later)
    assert not kin.wakes(great, event(400.0, 140.0), later)
    assert kin.wanted(great) > kin.wanted(small)
