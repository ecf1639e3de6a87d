import numpy as np
import pytest
from msgspec.structs import replace

from forewave.events import observations
from forewave.events.associate import Member, predict
from forewave.events.event import Event
from forewave.events.location.evidence import LATER_NOISE, NOISE_SPAN
from forewave.events.location.search import Location
from forewave.events.memory.network import Network
from forewave.events.other_events import CODA_RATE, OtherEvents
from forewave.events.relations import cua_heaton_2007 as envelopes
from forewave.types import Magnitude, Origin
from tests.events import made
from tests.events.made import NOBODY, PLANE, T0

STATIONS = tuple(made.station(f"S{i}", 20.0 * i, 0.0) for i in range(5))


@pytest.fixture
def network():
    network = Network(STATIONS)
    made.feed(network, made.calm(STATIONS, 60.0))
    return network


def gathered(network, picks, since=40.0, own=None, others=NOBODY):
    for pick in picks:
        network.add_pick(pick)
    own = {pick.id for pick in picks} if own is None else own
    return observations.evidence(network, PLANE, picks, own, (0.0, 0.0), T0 + since, others)


def test_times_count_from_the_first_pick_and_places_are_in_the_plane(network):
    found = gathered(network, [made.pick(STATIONS[i], 50.0 + i) for i in (0, 1, 3)])
    assert found.pick_time.tolist() == [0.0, 1.0, 3.0]
    assert found.pick_x == pytest.approx([0.0, 20.0, 60.0], abs=1e-6)
    assert found.pick_y == pytest.approx([0.0, 0.0, 0.0], abs=1e-6)
    assert found.pick_log_noise == pytest.approx(np.log10(made.QUIET))


def test_those_that_have_not_picked_are_silent_the_nearest_first(network):
    found = gathered(network, [made.pick(STATIONS[0], 50.0)])
    assert found.silent_x == pytest.approx([20.0, 40.0, 60.0, 80.0])
    assert (found.silent_until == 10.0).all()


def test_one_that_has_picked_something_else_was_silent_until_then(network):
    network.add_pick(made.pick(STATIONS[2], 45.0))
    found = gathered(network, [made.pick(STATIONS[0], 50.0)])
    assert found.silent_x == pytest.approx([20.0, 40.0, 60.0, 80.0])
    assert found.silent_until.tolist() == [10.0, -5.0, 10.0, 10.0]


def test_one_whose_noise_or_health_is_not_known_is_not_silent(network):
    network.add_state(made.state(STATIONS[1], 61.0, health="gappy"))
    network.add_state(made.state(STATIONS[2], 61.0, noise_ms2=np.nan))
    found = gathered(network, [made.pick(STATIONS[0], 50.0)])
    assert found.silent_x == pytest.approx([60.0, 80.0])


def test_the_newest_peak_counts_and_a_later_pick_has_none_of_its_own(network):
    first, other, later = (
        made.pick(STATIONS[0], 50.0),
        made.pick(STATIONS[1], 53.0),
        made.pick(STATIONS[0], 58.0),
    )
    for each in (first, other, later):
        network.add_pick(each)
    for since, pa_ms2 in ((0.5, 0.01), (1.0, 0.1)):
        network.add_amplitude(made.amplitude(first, since, pa_ms2))
    network.add_amplitude(made.amplitude(later, 1.0, 0.5))
    found = gathered(network, [first, other, later])
    assert found.pick_follows.tolist() == [False, False, True]
    assert found.pick_log_a[0] == pytest.approx(np.log10(0.5))  # carried on by the later pick
    assert np.isnan(found.pick_log_a[1:]).all()
    alone = gathered(network, [first, other], own={first.id, other.id})
    assert alone.pick_log_a[0] == pytest.approx(-1.0)
    assert alone.pick_until[0] == pytest.approx(1.0)


def test_there_is_a_bound_to_what_is_weighed(travel_times):
    stations = made.grid(5.0, 20, 0.3)
    network = Network(stations)
    made.feed(network, made.calm(stations, 60.0))
    picks = sorted(
        (made.pick(at, 50.0 + i / 100) for i, at in enumerate(stations[:200])),
        key=lambda pick: pick.time,
    )
    found = gathered(network, picks)
    assert 10 <= len(found.pick_x) <= 60
    assert 10 <= len(found.silent_x) <= 100
    first = replace(picks[0])
    assert found.pick_time[0] == first.time - picks[0].time == 0.0


def event(network, travel_times, members=(), time=30.0, magnitude=6.0):
    """One at the first station."""
    place = PLANE.to_degrees(0.0, 0.0)
    origin = Origin(T0 + time, *place, 8.0, 0.3, 3.0, 4.0)
    location = Location(0.0, 0.0, 8.0, 0.0, 3.0, 4.0, 0.3, magnitude, 0.3, 0.0, -10.0)
    arrivals = predict(network, origin, travel_times)
    size = Magnitude(magnitude, 0.2, "Menv", 5)
    found = Event("other", PLANE, location, origin, arrivals, size)
    found.members = {m.pick.id: m for m in members}
    return found


def test_a_station_that_nothing_explains_often_picks_falsely(network):
    for time in (10.0, 20.0, 30.0):
        network.add_pick(made.pick(STATIONS[1], time))
    calm, busy = gathered(network, [made.pick(STATIONS[i], 50.0) for i in (0, 1)]).pick_rate
    assert busy > 10 * calm
    assert 1 / 86_400 < calm < busy < 1 / 60


def test_a_storm_of_false_picks_raises_the_rate_of_every_station(travel_times):
    """Also of those that have not picked yet; an event's P and S are none of them, what its coda
    might be is: a storm does not end for an earthquake.
    """
    stations = made.grid(20.0, 5)
    network = Network(stations)
    made.feed(network, made.calm(stations, 60.0))
    pick = made.pick(stations[0], 50.0)
    (calm,) = gathered(network, [pick]).pick_rate
    false = [made.pick(at, 20.0 + i) for i, at in enumerate(stations[1:13])]
    for each in false:
        network.add_pick(each)
    (storm,) = gathered(network, [pick]).pick_rate
    assert storm > 10.0 * calm
    as_p, as_coda = (
        OtherEvents(
            network, [event(network, travel_times, [Member(p, role, 0.0, 0.0) for p in false])]
        )
        for role in ("P", "coda")
    )
    assert gathered(network, [pick], others=as_p).pick_rate[0] == pytest.approx(calm)
    assert gathered(network, [pick], others=as_coda).pick_rate[0] == pytest.approx(storm)
    earlier = gathered(network, [pick], since=20.0).pick_rate[0]
    assert earlier == pytest.approx(calm)  # none of them came before that source


def test_in_a_coda_or_after_its_own_pick_a_picker_triggers_easily(network, travel_times):
    coda, own, later = (made.pick(STATIONS[i], t) for i, t in ((0, 50.0), (1, 51.0), (1, 58.0)))
    other = event(network, travel_times, [Member(coda, "coda", 0.0, 0.0)])
    rates = gathered(network, [coda, own, later], others=OtherEvents(network, [other])).pick_rate
    assert rates[0] == CODA_RATE
    assert rates[2] == LATER_NOISE / NOISE_SPAN
    assert rates[1] < rates[0]


def test_motion_is_its_own_until_anothers_wave_comes(network, travel_times):
    """Stronger than its P and weaker than its S: what comes with S is taken for it."""
    other = event(network, travel_times)
    slant = envelopes.slant_km(other.arrivals.distance_km[3], other.origin.depth_km)
    of_s = 10.0 ** float(envelopes.log_amplitude(envelopes.S_ZA, other.magnitude.value, slant))
    pick = made.pick(STATIONS[3], other.arrivals.s[3] - T0 - 4.0)
    network.add_pick(pick)
    for since in (1.0, 3.0, 6.0):
        network.add_amplitude(made.amplitude(pick, since, 1.5 * of_s))
    alone = observations.own_peaks(network, pick, {pick.id}, NOBODY)
    beside = observations.own_peaks(network, pick, {pick.id}, OtherEvents(network, [other]))
    assert [a.since_pick for a in alone] == [1.0, 3.0, 6.0]
    assert [a.since_pick for a in beside] == [1.0, 3.0]


def test_growth_is_by_half_seconds_and_goes_on_as_it_was(network):
    pick = made.pick(STATIONS[0], 50.0)
    network.add_pick(pick)
    for since, pa_ms2 in ((1.0, 0.01), (2.0, 0.1)):
        network.add_amplitude(made.amplitude(pick, since, pa_ms2))
    growth = gathered(network, [pick]).pick_growth[0]
    assert growth[:5] == pytest.approx([-2.0, -2.0, -2.0, -1.0, -1.0])
    assert growth[-1] == pytest.approx(-1.0)


def test_a_clipped_sensor_has_no_peak(network):
    """What it felt is only known to be more."""
    pick = made.pick(STATIONS[0], 50.0)
    network.add_pick(pick)
    network.add_amplitude(replace(made.amplitude(pick, 1.0, 9.0), clipped=True))
    found = gathered(network, [pick])
    assert np.isnan([found.pick_log_a[0], found.pick_log_d[0]]).all()
