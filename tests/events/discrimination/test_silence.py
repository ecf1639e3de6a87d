"""Which stations have not picked a source, up to when, and above what it had to stand."""

import numpy as np
import pytest
from msgspec.structs import replace

from forewave.events.discrimination.silence import MOST, SHOWS, silent
from forewave.events.memory.network import Network
from tests.events import made
from tests.events.made import PLANE, QUIET, T0

STATIONS = tuple(made.station(f"S{i}", 20.0 * i, 0.0) for i in range(5))
SINCE = T0 + 40.0


@pytest.fixture
def network():
    network = Network(STATIONS)
    made.feed(network, made.calm(STATIONS, 60.0))
    return network


def heard(network, *picks):
    for pick in picks:
        network.add_pick(pick)
    return picks


def test_those_without_the_sources_picks_are_silent_the_nearest_first(network):
    own = {pick.id for pick in heard(network, made.pick(STATIONS[1], 50.0))}
    found = silent(network, PLANE, (90.0, 0.0), SINCE, own)
    assert found.index.tolist() == [4, 3, 2, 0]
    assert (found.until == T0 + 60.0).all()
    assert found.log_level == pytest.approx(np.log10(QUIET))


def test_another_pick_ends_the_silence_and_does_not_undo_it(network):
    heard(network, made.pick(STATIONS[2], 52.0), made.pick(STATIONS[2], 45.0))
    heard(network, made.pick(STATIONS[3], 30.0))  # too early to be evidence
    found = silent(network, PLANE, (0.0, 0.0), SINCE)
    assert found.index.tolist() == [0, 1, 2, 3, 4]
    assert (found.until - T0).tolist() == [60.0, 60.0, 45.0, 60.0, 60.0]


def test_until_another_pick_a_wave_had_to_rise_above_what_moved_before_it(network):
    """And not above what came with the pick."""
    for number, before in ((1, 0.1), (2, 1e-9)):
        pick = replace(made.pick(STATIONS[number], 50.0), noise_pa_ms2=before)
        heard(network, pick)
        network.add_amplitude(made.amplitude(pick, 9.0, 3.0))
    found = silent(network, PLANE, (0.0, 0.0), SINCE)
    assert found.log_level[1] == pytest.approx(-1.0)
    assert found.log_level[2] == pytest.approx(np.log10(QUIET))


def test_in_a_storm_other_picks_end_no_silence(network):
    """A wave shows a little below what moves there."""
    pick = made.pick(STATIONS[2], 50.0)
    heard(network, pick)
    network.add_amplitude(made.amplitude(pick, 1.0, 3.0))
    network.add_amplitude(made.amplitude(pick, 9.0, 3.0))
    found = silent(network, PLANE, (0.0, 0.0), SINCE, in_storm=True)
    assert (found.until == T0 + 60.0).all()
    assert found.log_level[2] == pytest.approx(np.log10(3.0) - SHOWS)


def test_there_is_a_bound_to_what_is_asked():
    stations = made.grid(5.0, 20, 0.3)
    network = Network(stations)
    made.feed(network, made.calm(stations, 60.0))
    assert len(silent(network, PLANE, (0.0, 0.0), SINCE).index) == MOST
