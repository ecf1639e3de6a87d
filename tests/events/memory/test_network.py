import numpy as np
import pytest
from msgspec.structs import replace

from forewave.events.memory.network import Network
from forewave.types import PickWithdrawn
from tests.events import made
from tests.events.made import T0

A, B = made.station("A", 0.0, 0.0), made.station("B", 20.0, 0.0)


@pytest.fixture
def network():
    return Network((A, B))


def test_picks_are_kept_by_time_and_forgotten_after_minutes(network):
    for time in (100.0, 90.0, 110.0, 400.0):
        network.add_pick(made.pick(A, time))
    assert [p.time - T0 for p in network.recent_picks(-np.inf)] == [400.0]
    assert list(network.recent_picks(T0 + 401.0)) == []


def test_a_repeated_pick_is_kept_once(network):
    pick = made.pick(A, 10.0)
    network.add_pick(pick)
    network.add_pick(replace(pick))
    assert list(network.recent_picks(T0)) == [pick]


def test_only_the_healthy_and_current_are_able(network):
    network.add_state(made.state(A, 100.0))
    assert network.able().tolist() == [True, False]  # no state of B was received
    network.add_state(made.state(B, 100.0, health="clipped"))
    assert network.able().tolist() == [True, False]
    network.add_state(made.state(B, 101.0, health="noisy"))
    assert network.able().tolist() == [True, True]
    network.add_state(made.state(B, 102.0, noise_ms2=np.nan))
    assert network.able().tolist() == [True, False]
    network.add_state(made.state(B, 130.0))
    assert network.able().tolist() == [False, True]  # A's feed has stopped


def test_an_old_state_does_not_turn_the_clock_back(network):
    network.add_state(made.state(A, 100.0))
    network.add_state(made.state(A, 50.0))
    assert network.latest[0] == network.newest == T0 + 100.0


def test_peaks_go_on_over_later_picks_of_the_same_event(network):
    first, second = made.pick(A, 10.0), made.pick(A, 20.0)
    network.add_pick(first)
    network.add_amplitude(made.amplitude(first, 1.0, 0.5, 3e-5))
    network.add_pick(second)
    network.add_amplitude(made.amplitude(second, 1.0, 0.2))
    network.add_amplitude(made.amplitude(second, 2.0, 0.9))
    alone = network.peaks(first)
    assert [a.pa_ms2 for a in alone] == [0.5]  # what follows may be another earthquake
    joined = network.peaks(first, {first.id, second.id})
    assert [a.pa_ms2 for a in joined] == [0.5, 0.5, 0.9]
    assert [a.since_pick for a in joined] == [1.0, 11.0, 12.0]
    assert {a.pick for a in joined} == {first.id}
    assert [a.pd3_m for a in joined] == [3e-5, 3e-5, 3e-5]  # displacement too
    assert [a.pa_ms2 for a in network.peaks(second)] == [0.2, 0.9]


def test_motion_without_a_pick_is_not_a_peak(network):
    pick = made.pick(A, 10.0)
    network.add_pick(pick)
    network.add_amplitude(replace(made.amplitude(pick, 1.0, 0.5), pick=None, since_pick=None))
    assert network.peaks(pick) == []


def test_loudness_is_the_noise_or_the_motion_that_goes_on(network):
    network.add_state(made.state(A, 12.0))
    network.add_state(made.state(B, 12.0))
    pick = made.pick(A, 10.0)
    network.add_pick(pick)
    network.add_amplitude(made.amplitude(pick, 2.0, 0.5))
    assert network.loudness() == pytest.approx(np.log10([0.5, made.QUIET]))
    network.add_state(made.state(A, 20.0))  # its peaks have ended
    assert network.loudness() == pytest.approx(np.log10([made.QUIET, made.QUIET]))


@pytest.mark.parametrize(("later", "level"), [(0.5, 0.05), (0.8, 0.8)])
def test_what_has_grown_since_a_knock_shows_at_its_own_level(network, later, level):
    """A wave that came behind the knock and was not picked is no silence."""
    network.add_state(made.state(A, 14.0))
    pick = made.pick(A, 10.0)
    network.add_pick(pick)
    for since, peak in ((0.5, 0.4), (1.0, 0.5), (3.0, later)):
        network.add_amplitude(made.amplitude(pick, since, peak))
    assert network.loudness(shows=1.0)[0] == pytest.approx(np.log10(level))


def test_without_its_first_second_a_pick_has_not_grown_beyond_an_earlier_one(network):
    network.add_state(made.state(A, 44.0))
    for number, (time, since, peak) in enumerate(((10.0, 1.0, 0.1), (40.0, 3.0, 0.5))):
        pick = made.pick(A, time, number)
        network.add_pick(pick)
        network.add_amplitude(made.amplitude(pick, since, peak))
    assert network.loudness(shows=1.0)[0] == pytest.approx(np.log10(0.05))


def test_growth_is_from_the_first_second_to_the_fourth(network):
    pick = made.pick(A, 10.0)
    network.add_pick(pick)
    grown = []
    for since, peak in ((0.5, 0.1), (1.0, 0.2), (1.5, 0.4), (4.0, 0.8), (6.0, 5.0)):
        network.add_amplitude(made.amplitude(pick, since, peak))
        grown.append(network.grown(pick))
    assert np.isnan(grown[:2]).all()
    assert grown[2:] == pytest.approx(np.log10([2.0, 4.0, 4.0]))


def test_strays_are_earlier_picks_that_nothing_explains(network):
    for number, time in enumerate((100.0, 150.0, 200.0)):
        network.add_pick(made.pick(A, time, number))
    first, second, _ = network.recent_picks(-np.inf)
    assert network.unassociated(A.code, T0 + 200.0, ()) == [first, second]
    assert network.unassociated(A.code, T0 + 200.0, {first.id}) == [second]
    assert len(network.unassociated(A.code, T0 + 290.0, ())) == 2  # older than the memory
    assert network.unassociated(B.code, T0 + 200.0, ()) == []


def kept(network):
    watches = network.watches.values()
    amplitudes = sum(len(series) for watch in watches for series in watch.amplitudes.values())
    return sum(len(watch.picks) for watch in watches), amplitudes


def test_a_station_that_is_never_picked_again_forgets_picks_and_peaks(network):
    pick = made.pick(A, 10.0)
    network.add_pick(pick)
    for second in range(1, 121):
        network.add_amplitude(made.amplitude(pick, float(second), 0.5))
        network.add_state(made.state(A, 10.0 + second))
    assert kept(network) == (1, 120)
    network.add_state(made.state(A, 310.0))
    assert kept(network) == (1, 120)  # three minutes after the last of its peaks
    network.add_state(made.state(A, 311.0))
    assert kept(network) == (1, 0)
    assert network.peaks(pick) == []
    network.add_state(made.state(A, 411.0))
    assert kept(network) == (0, 0)


def test_peaks_of_a_pick_that_was_never_received_are_forgotten_too(network):
    network.add_amplitude(made.amplitude(made.pick(A, 10.0), 1.0, 0.5))
    network.add_state(made.state(A, 300.0))
    assert kept(network) == (0, 0)


def test_what_an_event_under_way_asks_for_is_still_there(network):
    early, first = made.pick(A, 10.0), made.pick(A, 185.0)
    network.add_pick(early)
    network.add_pick(first)
    network.add_state(made.state(A, 305.0))  # it is followed for 120 s
    assert network.unassociated(A.code, first.time, ()) == [early]


def test_a_pick_that_is_withdrawn_is_forgotten_with_its_peaks(network):
    pick = made.pick(A, 10.0)
    network.add_pick(pick)
    network.withdraw_pick(PickWithdrawn(pick.station, pick.id, pick.time))
    network.add_amplitude(made.amplitude(pick, 2.5, 0.5))  # still on its way then
    assert network.recent_picks(T0) == []
    assert network.watches[pick.station].picks == []
    assert network.watches[pick.station].amplitudes == {}
