"""Independent knocks at every station, and an earthquake beneath them."""

import pytest

from tests.attacks.made_network import BEGIN, away_km, issued, network, packets, quake

STORM = """
[[disturbance]]
kind = "storm"
station = "*"
after = 5.0
seconds = 65.0
size = 0.25
times = {}
"""
ORIGIN = 45.0


def told(travel_times, a_minute, seed, extra=""):
    recording = network(STORM.format(a_minute * 65.0 / 60.0) + extra, seed=seed)
    return issued(recording, travel_times, packets(recording))


@pytest.mark.thorough
def test_an_earthquake_beneath_a_storm_is_issued_once_in_time_and_alone(travel_times):
    """The first picks of nearly all stations are knocks."""
    (each,) = told(travel_times, 6.0, 4, quake(ORIGIN)).values()
    first, last = each[0], each[-1][1]
    assert first[0] < ORIGIN + 10.5
    assert away_km(last) < 15.0
    assert abs(last.origin.time - BEGIN - ORIGIN) < 3.0
    assert "cancel" not in {alert.kind for _, alert in each}


@pytest.mark.thorough
def test_a_storm_of_strong_knocks_makes_nobody_act(travel_times):
    events = told(travel_times, 8.0, 3)
    assert {alert.level for each in events.values() for _, alert in each} <= {"aware"}
