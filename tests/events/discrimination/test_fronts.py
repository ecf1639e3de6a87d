"""The front of one source among picks that come from everywhere at all times."""

import numpy as np
import pytest
from msgspec.structs import replace

from forewave.events.discrimination import fronts
from forewave.events.memory.network import Network
from tests.events import made
from tests.events.made import T0, Quake

STATIONS = made.grid(20.0, 7, 0.3, 12)
QUAKE = Quake(8.0, -5.0, 10.0, 5.5, 40.0)
UNTIL = 55.0


def heard(picks, loud=()):
    """A network with these picks; loud: those of them that are ten times as strong."""
    network = Network(STATIONS)
    made.feed(network, made.calm(STATIONS, UNTIL))
    rng = np.random.default_rng(1)
    for pick in picks:
        network.add_pick(pick)
        strength = (0.3 if pick in loud else 0.03) * 10 ** rng.normal(0.0, 0.2)
        network.add_amplitude(made.amplitude(pick, 2.0, strength))
    return network


def strays(a_minute, seed=4):
    rng = np.random.default_rng(seed)
    return [
        made.pick(at, float(time))
        for at in STATIONS
        for time in rng.uniform(15.0, UNTIL, rng.poisson(a_minute * (UNTIL - 15.0) / 60.0))
    ]


def arrivals(travel_times):
    """The P of a source at the stations within 60 km of it."""
    places = [(at, made.distance_km(*QUAKE.place, at.lat, at.lon)) for at in STATIONS]
    return [
        made.pick(at, QUAKE.time + float(travel_times.seconds("P", km, QUAKE.depth_km)))
        for at, km in places
        if km < 60.0
    ]


def in_order(picks):
    return sorted(picks, key=lambda pick: (pick.time, pick.id))


def test_picks_once_a_station_are_no_storm(travel_times):
    assert not fronts.is_storm(arrivals(travel_times))
    assert not fronts.is_storm(arrivals(travel_times)[:3] * 3)
    assert fronts.is_storm(strays(6.0))


@pytest.mark.parametrize("a_minute", [3.0, 6.0])
def test_the_front_of_a_source_is_found_among_strays(travel_times, a_minute):
    true = arrivals(travel_times)
    picks = in_order([*strays(a_minute), *true])
    found = fronts.strongest(picks, heard(picks), travel_times)
    assert len(found) >= 0.8 * len(true)
    assert len({pick.id for pick in found} & {pick.id for pick in true}) >= 0.8 * len(found)
    assert [pick.time for pick in found] == sorted(pick.time for pick in found)
    assert len({pick.station for pick in found}) == len(found)


def test_louder_picks_make_a_front_that_stands_out_of_a_denser_storm(travel_times):
    true = arrivals(travel_times)
    picks = in_order([*strays(25.0), *true])
    ids = {pick.id for pick in true}
    quiet = fronts.strongest(picks, heard(picks), travel_times)
    loud = fronts.strongest(picks, heard(picks, loud=true), travel_times)
    hits = [len({pick.id for pick in found} & ids) / len(found) for found in (quiet, loud)]
    assert hits[1] > max(hits[0], 0.5)


def test_picks_that_grow_make_a_front_that_stands_out_of_a_denser_storm(travel_times):
    true = arrivals(travel_times)
    picks = in_order([*strays(25.0), *true])
    ids = {pick.id for pick in true}
    hits = []
    for growing in ((), true):
        network = heard(picks)
        for pick in picks:
            for since, peak in ((1.0, 0.01), (3.0, 0.2 if pick in growing else 0.01)):
                network.add_amplitude(made.amplitude(pick, since, peak))
        found = fronts.strongest(picks, network, travel_times)
        hits.append(len({pick.id for pick in found} & ids) / len(found))
    assert hits[1] > max(hits[0], 0.5)


def test_what_is_left_out_are_stations_whose_wave_is_still_to_come(travel_times):
    """A front that has reached few stations is not blamed for the others."""
    true = [p for p in arrivals(travel_times) if p.time < T0 + QUAKE.time + 6.5]
    picks = in_order([*(p for p in strays(3.0) if p.time < T0 + 46.5), *true])
    network = Network(STATIONS)
    made.feed(network, made.calm(STATIONS, 47.0))
    for pick in picks:
        network.add_pick(pick)
    found = fronts.strongest(picks, network, travel_times)
    assert len({pick.id for pick in found} & {pick.id for pick in true}) >= 0.7 * len(true)


def test_chance_alone_scores_less_than_a_front(travel_times):
    picks = in_order(strays(6.0))
    alone = fronts.strongest(picks, heard(picks), travel_times)
    more = in_order([*picks, *arrivals(travel_times)])
    assert len(alone) < len(fronts.strongest(more, heard(more), travel_times))


def burst(at_s, count):
    times = at_s + np.linspace(0.0, 3.0, count)
    return [made.pick(at, float(t)) for at, t in zip(STATIONS[:count], times, strict=True)]


@pytest.mark.parametrize("pause", [5.0, 20.0])
def test_what_follows_a_burst_after_a_pause_is_tried_alone(travel_times, pause):
    true = in_order(arrivals(travel_times))
    knocks = burst(QUAKE.time - pause, 20)
    assert fronts.after_burst([*knocks, *true]) == true


def test_without_a_burst_or_a_pause_there_is_nothing_to_try_alone(travel_times):
    true = in_order(arrivals(travel_times))
    assert fronts.after_burst(true) == []
    assert fronts.after_burst([*burst(QUAKE.time - 20.0, fronts.FEWEST - 1), *true]) == []
    assert fronts.after_burst(in_order([*burst(QUAKE.time - 2.0, 20), *true])) == []
    assert fronts.after_burst([]) == []
    slow = [replace(p, time=QUAKE.time - 40.0 + n) for n, p in enumerate(burst(0.0, 20))]
    assert fronts.after_burst([*slow, *true]) == []


def test_a_storm_that_has_ended_has_no_front(travel_times):
    """Its picks are of the last minute, but not of the last seconds."""
    picks = in_order([made.pick(at, 10.0 + 0.1 * n) for n, at in enumerate(STATIONS)] * 2)
    assert fronts.strongest(picks, heard(picks), travel_times) == []


def test_picks_that_go_on_unexplained_for_long_may_hold_a_storm(travel_times):
    """Once a station at most, so no storm by their repeats."""
    picks = in_order([made.pick(at, 10.0 + 0.7 * n) for n, at in enumerate(STATIONS[:20])])
    assert fronts.is_long(picks)
    assert not fronts.is_storm(picks)
    assert not fronts.is_long(picks[:14])
    assert not fronts.is_long([picks[0], picks[-1]])


def test_a_long_group_whose_stations_trigger_again_may_be_a_storm():
    once = in_order([made.pick(at, 10.0 + 0.7 * n) for n, at in enumerate(STATIONS[:20])])
    assert not fronts.may_be_storm(once)
    again = in_order([*once, *(made.pick(at, 25.0 + n) for n, at in enumerate(STATIONS[:5]))])
    assert fronts.may_be_storm(again)
    assert not fronts.is_storm(again)
    assert not fronts.may_be_storm(in_order([*once[:9], *once[:3]]))
