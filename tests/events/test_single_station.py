"""The first motion that one station needs for an event of its own."""

import pytest
from msgspec.structs import replace

from forewave.events import single_station
from forewave.events.memory.network import Network
from tests.events import made

A = made.station("A", 0.0, 0.0)
STRONG = {"pd_m": 0.008, "intensity_jma": 3.2}


def strong(changes=None, since=1.0, before=1.5, state=None, earlier=(), explained=()):
    """Whether the motion at station A is strong enough. before: its intensity 2 s earlier."""
    network = Network((A,))
    network.add_state(made.state(A, 30.0, **(state or {})))
    for time in earlier:
        network.add_pick(made.pick(A, time))
    pick = made.pick(A, 30.0)
    network.add_pick(pick)
    newest = replace(made.amplitude(pick, since, 1.0), **{**STRONG, **(changes or {})})
    if since > single_station.RISING:
        past = since - single_station.RISING
        network.add_amplitude(replace(made.amplitude(pick, past, 1.0), intensity_jma=before))
    network.add_amplitude(newest)
    return single_station.strong(network, pick, explained)


def test_displacement_that_is_felt_or_intensity_alone_is_strong():
    assert strong()
    assert strong({"pd_m": 0.001, "intensity_jma": 3.6})


@pytest.mark.parametrize(
    "changes",
    [
        {"pd_m": 0.004},
        {"pd_m": 0.5, "intensity_jma": 1.0},
        {"clipped": True},
        {"intensity_jma": float("nan")},
    ],
    ids=["moderate", "a drift that nobody feels", "clipped", "intensity not known"],
)
def test_less_is_not(changes):
    assert not strong(changes)


@pytest.mark.parametrize(
    ("since", "answer"), [(0.2, False), (0.5, True), (10.0, True), (11.0, False)]
)
def test_only_a_first_motion_and_no_spike(since, answer):
    assert strong(since=since) is answer


def test_motion_that_no_longer_rises_is_not():
    assert strong(since=5.0, before=3.0)
    assert not strong(since=5.0, before=3.2)


@pytest.mark.parametrize("health", ["clipped", "stuck", "gappy", "late", "unusable"])
def test_an_unhealthy_sensor_begins_no_event_alone(health):
    assert not strong(state={"health": health})


def test_nor_has_one_that_knocks_all_the_time():
    assert not strong(earlier=[10.0])
    known = {made.pick(A, 10.0).id}
    assert strong(earlier=[10.0], explained=known)  # an earthquake's pick is no knock


def test_without_peaks_nothing_is_strong():
    network = Network((A,))
    pick = made.pick(A, 30.0)
    network.add_pick(pick)
    assert not single_station.strong(network, pick, ())
