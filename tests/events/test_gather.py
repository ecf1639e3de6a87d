import numpy as np
import pytest
from msgspec.structs import replace

from forewave.events import gather
from forewave.events.network import Network
from tests.events import made
from tests.events.made import NOBODY, PLANE, T0

STATIONS = tuple(made.station(f"S{i}", 20.0 * i, 0.0) for i in range(5))


@pytest.fixture
def network():
    network = Network(STATIONS)
    made.hear(network, made.calm(STATIONS, 60.0))
    return network


def gathered(network, picks, since=40.0, own=None):
    for pick in picks:
        network.hear_pick(pick)
    own = {pick.id for pick in picks} if own is None else own
    return gather.evidence(network, PLANE, picks, own, (0.0, 0.0), T0 + since, NOBODY)


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


def test_one_that_has_picked_anything_of_late_is_not_silent(network):
    network.hear_pick(made.pick(STATIONS[2], 45.0))
    network.hear_pick(made.pick(STATIONS[3], 30.0))
    found = gathered(network, [made.pick(STATIONS[0], 50.0)])
    assert found.silent_x == pytest.approx([20.0, 60.0, 80.0])


def test_one_whose_noise_or_health_is_not_known_is_not_silent(network):
    network.hear_state(made.state(STATIONS[1], 61.0, health="gappy"))
    network.hear_state(made.state(STATIONS[2], 61.0, noise_ms2=np.nan))
    found = gathered(network, [made.pick(STATIONS[0], 50.0)])
    assert found.silent_x == pytest.approx([60.0, 80.0])


def test_the_newest_peak_counts_and_a_later_pick_has_none_of_its_own(network):
    first, other, later = (
        made.pick(STATIONS[0], 50.0),
        made.pick(STATIONS[1], 53.0),
        made.pick(STATIONS[0], 58.0),
    )
    for each in (first, other, later):
        network.hear_pick(each)
    for since, pa_ms2 in ((0.5, 0.01), (1.0, 0.1)):
        network.hear_amplitude(made.amplitude(first, since, pa_ms2))
    network.hear_amplitude(made.amplitude(later, 1.0, 0.5))
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
    made.hear(network, made.calm(stations, 60.0))
    picks = sorted(
        (made.pick(at, 50.0 + i / 100) for i, at in enumerate(stations[:200])),
        key=lambda pick: pick.time,
    )
    found = gathered(network, picks)
    assert 10 <= len(found.pick_x) <= 60
    assert 10 <= len(found.silent_x) <= 100
    first = replace(picks[0])
    assert found.pick_time[0] == first.time - picks[0].time == 0.0
