"""What agrees with an event adds to it: a pick more never makes an earthquake less likely."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forewave.events.publication import TrackerSettings
from forewave.events.tracker import Tracker
from forewave.thresholds import Thresholds
from forewave.types import Pick
from tests.cases import first_of, further
from tests.events import made
from tests.events.made import T0, Errors, Quake

pytestmark = pytest.mark.slow

# Takes up whatever hangs together, and never takes it back: what is asked is how likely it is.
ALL = (
    TrackerSettings(withdraw_likelihood=0.0, well_located_km=1e9, patience=0.0),
    Thresholds(min_likelihood=0.0, max_epicentre_sigma_km=1e9),
)
SOUND = Errors(0.05, 0.005, 0.1)
CALM_SINCE = 25.0
WITH_MOTION = 1.5  # s after a pick by which its first motion is known
DENSE = made.grid(12.0, 8, 0.3, 4)
COAST = tuple(made.station(f"C{i:02d}", (-1.0) ** i, 15.0 * (i - 14.5)) for i in range(30))


def quakes(across_km, north_km, depth_km, magnitude):
    ranges = (across_km, north_km, depth_km, magnitude)
    return st.builds(Quake, *(st.floats(*each) for each in ranges))


# Networks, and the earthquakes beneath them: where the front is curved, where it is nearly flat
# because the source is deep, and where a line of stations cannot see that it is curved.
CASES = {
    "shallow": (made.grid(20.0, 6, 0.3, 3), quakes((-40, 40), (-40, 40), (5, 20), (4.0, 6.5))),
    "deep and dense": (DENSE, quakes((-30, 30), (-30, 30), (50, 80), (6.0, 7.8))),
    "coast": (COAST, quakes((20, 80), (-80, 80), (10, 30), (5.5, 8.0))),
}

SMALL = ("coast",)


def probability(stations, travel_times, packets):
    """The event with most stations, updated."""
    tracker = Tracker(stations, travel_times, *ALL)
    made.play(tracker, packets)
    event = max(tracker.events, key=lambda e: len(e.stations()))
    look_anew(tracker, packets[-1][0])
    return event.likelihood


def look_anew(tracker, now):
    for event in tracker.events:
        event.updated = event.weighed = -np.inf
        event.placed_by = 0
    tracker.tick(now)


@pytest.mark.parametrize(
    "name",
    [*SMALL, *(further(n) for n in CASES if n not in SMALL)],
)
@settings(max_examples=12, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_station_more_that_agrees_never_makes_it_less_likely(travel_times, name, data):
    """In time, motion and place; the others, and their silence, are the same with and without."""
    stations, drawn = CASES[name]
    quake = data.draw(drawn)
    said = made.arrivals(quake, stations, travel_times, 70.0, SOUND)
    picks = sorted((i.time, i.station) for _, items in said for i in items if isinstance(i, Pick))
    count = data.draw(st.integers(3, min(len(picks), 30)))
    until = picks[count - 1][0] + WITH_MOTION + made.LATENCY
    more = picks[data.draw(st.integers(1, count - 1))][1]
    whole = made.together(made.calm(stations, until - T0, since=CALM_SINCE), said)
    whole = [packet for packet in whole if packet[0] <= until]
    without = [(now, [i for i in items if i.station != more]) for now, items in whole]
    with_it, before = (probability(stations, travel_times, each) for each in (whole, without))
    assert with_it >= before - 1e-4


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("seed", first_of(range(3)))
def test_picks_that_come_before_their_motion_do_not_undo_what_is_known(travel_times, name, seed):
    """Under dense networks ten picks come within a second, and the motion of each a second later.

    None may take more from the odds than one that could as well be another source's does: e.
    """
    stations, _ = CASES[name]
    rng = np.random.default_rng(seed)
    quake = {
        "shallow": Quake(*rng.uniform(-40, 40, 2), 12.0, 5.5),
        "deep and dense": Quake(*rng.uniform(-30, 30, 2), 70.0, 7.0),
        "coast": Quake(rng.uniform(20, 80), rng.uniform(-80, 80), 20.0, 7.0),
    }[name]
    fallen = falls(stations, travel_times, quake, Errors(0.05, 0.005, 0.1, seed))
    assert len(fallen) > 10
    assert max(fallen) < 1.0


def falls(stations, travel_times, quake, errors):
    """By how much each pick alone lowers the log of the odds, where 8 stations have spoken."""
    tracker, found = Tracker(stations, travel_times, *ALL), []
    for now, items in made.whole(quake, stations, travel_times, 60.0, errors):
        while (deadline := tracker.deadline()) is not None and deadline < now:
            tracker.tick(deadline)
        if not any(isinstance(item, Pick) for item in items):
            made.play(tracker, [(now, items)])
            continue
        look_anew(tracker, now)
        before = [(e, log_odds(e.likelihood)) for e in tracker.events if len(e.stations()) >= 8]
        for item in items:
            tracker.feed(item, now)
        look_anew(tracker, now)
        found += [odds - log_odds(event.likelihood) for event, odds in before]
    return found


def log_odds(probability):
    """Above a million to one all is the same."""
    share = np.clip(probability, 1e-6, 1.0 - 1e-6)
    return float(np.log(share / (1.0 - share)))
