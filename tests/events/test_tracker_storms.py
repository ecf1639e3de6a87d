"""Hail, gusts or a bad link: every station picks by itself, about equally hard."""

import numpy as np
import pytest

from forewave.events.tracker import Tracker
from forewave.types import Pick
from tests.cases import first_of
from tests.events import made
from tests.events.made import CHEAP, T0, Quake

pytestmark = pytest.mark.slow

STATIONS = made.grid(20.0, 7, 0.3, 12)
BEGINS, LASTS = 20.0, 30.0
HOLD_OFF = 10.0  # s after a pick in which the picker makes no other
SCATTER = 0.2  # log10, of the knocks about one strength
ACTION = 0.8, 4.0  # how likely and how large an event is that makes people act


def knocks(seed, a_minute, strength_ms2, stations=STATIONS):
    """Picks at each station, independent of all others, and the peaks since each."""
    rng = np.random.default_rng(seed)
    said = []
    for at in stations:
        count = rng.poisson(a_minute / 60.0 * LASTS)
        last = -np.inf
        for time in np.sort(rng.uniform(BEGINS, BEGINS + LASTS, count)):
            if time < last + HOLD_OFF:
                continue
            last = time
            onset = made.pick(at, float(time))
            peak = strength_ms2 * 10 ** rng.normal(0.0, SCATTER)
            said.append((onset.time + 0.3 + made.LATENCY, [onset]))
            for since in np.arange(0.5, 3.0, 0.5):
                shaken = made.amplitude(onset, float(since), peak, peak * 1e-4)
                said.append((shaken.time + made.LATENCY, [shaken]))
    return said


def issued(travel_times, *said):
    packets = made.together(made.calm(STATIONS, BEGINS + LASTS + 5.0, CHEAP), *said)
    return made.solutions(made.play(Tracker(STATIONS, travel_times), packets))


@pytest.mark.parametrize(
    ("seed", "a_minute", "strength_ms2"),
    first_of([(0, 2.0, 0.3), (2, 6.0, 0.03), (3, 12.0, 0.3)]),
)
def test_a_storm_of_knocks_causes_no_alert_to_act(travel_times, seed, a_minute, strength_ms2):
    said = knocks(seed, a_minute, strength_ms2)
    assert sum(isinstance(item, Pick) for _, items in said for item in items) > 30
    likelihood, magnitude = ACTION
    found = issued(travel_times, said)
    assert [
        (s.event, round(s.origin.time - T0), s.magnitude.value, len(s.picks))
        for s in found
        if s.likelihood >= likelihood and s.magnitude.value >= magnitude and not s.withdrawn
    ] == []


@pytest.mark.thorough
@pytest.mark.parametrize("a_minute", [2.0, 4.0])
def test_a_true_earthquake_beneath_a_storm_is_found(travel_times, a_minute):
    quake = Quake(8.0, -5.0, 10.0, 5.5, 40.0)
    said = knocks(5, a_minute, 0.03)
    true = made.arrivals(quake, STATIONS, travel_times, 55.0, noise_ms2=CHEAP)
    found = issued(travel_times, said, true)
    near = [s for s in found if made.error_km(s, quake) < 20.0 and not s.withdrawn]
    assert near
    assert abs(near[0].origin.time - T0 - quake.time) < 5.0
