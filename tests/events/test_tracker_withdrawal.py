"""What was issued falls only by evidence that stays."""

import numpy as np
import pytest

from forewave.events.publication import TrackerSettings
from forewave.events.tracker import UPDATE_EVERY, Tracker
from forewave.thresholds import Thresholds
from forewave.types import Pick
from tests.cases import first_of
from tests.events import made
from tests.events.made import LATENCY, T0, Quake

STATIONS = made.grid(20.0, 5, 0.3, 3)
QUAKE = Quake(4.0, 5.0, 12.0, 5.0)
UNLIKELY, LIKELY = 0.01, 0.99
DOUBTED_FOR = TrackerSettings().doubted_for


@pytest.fixture(scope="module")
def packets(travel_times):
    return made.whole(QUAKE, STATIONS, travel_times, 60.0)


def doubted(travel_times, packets, monkeypatch, probability):
    """Play an earthquake whose event has the given probability, by s after its first solution;
    return (s after the first solution, solution).
    """
    tracker, first = Tracker(STATIONS, travel_times), []
    update = tracker._solver.update

    def scripted(event, picks, others):
        update(event, picks, others)
        event.likelihood = probability(tracker.now - first[0])

    monkeypatch.setattr(tracker._solver, "update", scripted)
    issued = []
    for now, items in packets:
        for moment, words in steps(tracker, now, items):
            for solution in words:
                first.append(moment)
                issued.append((moment - first[0], solution))
    return issued


def steps(tracker, now, items):
    """The time of every update of the room, and the solutions it emits."""
    while (deadline := tracker.deadline()) is not None and deadline < now:
        tracker.now = deadline
        yield deadline, tracker.tick(deadline)
    for item in items:
        tracker.feed(item, now)
    if (deadline := tracker.deadline()) is not None and deadline <= now:
        tracker.now = now
        yield now, tracker.tick(now)


def withdrawals(issued):
    return [after for after, solution in issued if solution.withdrawn]


@pytest.mark.parametrize("from_s", [0.5, 2.0, 7.0])
def test_it_is_withdrawn_after_three_seconds_of_low_probability_and_not_before(
    travel_times, packets, monkeypatch, from_s
):
    issued = doubted(
        travel_times, packets, monkeypatch, lambda after: UNLIKELY if after >= from_s else LIKELY
    )
    first, *_ = withdrawals(issued)
    assert from_s + DOUBTED_FOR <= first <= from_s + DOUBTED_FOR + 2.0 * UPDATE_EVERY
    assert DOUBTED_FOR == 3.0


@pytest.mark.parametrize("lasts_s", [0.1, 1.0, 2.9])
def test_a_doubt_that_passes_withdraws_nothing(travel_times, packets, monkeypatch, lasts_s):
    """However often it comes: on one pick, or for less than three seconds at a time."""
    issued = doubted(
        travel_times,
        packets,
        monkeypatch,
        lambda after: UNLIKELY if after % (lasts_s + 1.5) < lasts_s else LIKELY,
    )
    assert len({solution.event for _, solution in issued}) == 1
    assert withdrawals(issued) == []


def test_one_pick_that_contradicts_it_withdraws_nothing(travel_times, packets):
    """Any one, at any time, however wrong."""
    picks = sorted((i.time, i) for _, items in packets for i in items if isinstance(i, Pick))
    begun = picks[3][0] - T0
    for k, late in ((5, 3.0), (8, -4.0), (15, 8.0)):
        wrong = made.pick(STATIONS[k], begun + 1.0 + late / 10.0, 9)
        peak = made.amplitude(wrong, 1.0, 5.0 if late > 0 else 1e-4)
        more = [(wrong.time + 0.8, [wrong]), (peak.time + LATENCY, [peak])]
        tracker = Tracker(STATIONS, travel_times)
        found = made.solutions(made.play(tracker, made.together(packets, more)))
        assert [s.event for s in found if s.withdrawn] == []
        assert len({s.event for s in found}) == 1


def knock(at, times, peak_ms2=0.05):
    picks = [made.pick(s, time) for s, time in zip(at, times, strict=True)]
    return [(p.time + 0.9, [p, made.amplitude(p, 0.4, peak_ms2)]) for p in picks]


@pytest.mark.parametrize("apart_s", [1.0, 3.0])
def test_the_picks_of_a_withdrawn_event_begin_no_other(travel_times, apart_s):
    """A hasty tracker issues two knocks; their neighbours deny it, and go on denying it."""
    hasty = TrackerSettings(withdraw_likelihood=0.01, patience=0.0)
    said = knock((STATIONS[6], STATIONS[7]), (30.0, 30.0 + apart_s))
    tracker = Tracker(STATIONS, travel_times, hasty, Thresholds(min_likelihood=0.02))
    found = made.play(tracker, made.together(made.calm(STATIONS, 90.0), said))
    issued = made.solutions(found)
    assert [bool(s.withdrawn) for s in issued].count(True) == 1
    assert issued[-1].withdrawn
    assert len({s.event for s in issued}) == 1
    first, last = found[0][0], found[-1][0]
    assert last - first >= DOUBTED_FOR


@pytest.mark.parametrize("more", first_of([1, 0, 6]))
def test_nor_do_those_that_still_look_like_an_earthquake(travel_times, packets, monkeypatch, more):
    """Withdrawn, it may be issued again on evidence of its own: two stations more."""
    times = sorted(i.time for _, items in packets for i in items if isinstance(i, Pick))
    known, doubt = 8, 1.0
    last = times[known - 1]
    pause = max(0.0, DOUBTED_FOR + 4.0)  # the others come after the withdrawal

    def said(now, item):
        if isinstance(item, Pick):
            return now if item.time <= last else now + pause
        return now

    moved = made.together(
        *[[(said(now, item), [item])] for now, items in packets for item in items
          if not isinstance(item, Pick) or item.time <= times[known - 1 + more]]
    )  # fmt: skip
    issued = doubted(
        travel_times, moved, monkeypatch, lambda after: UNLIKELY if after >= doubt else LIKELY
    )
    assert withdrawals(issued)
    assert len({solution.event for _, solution in issued}) == (1 if more < 2 else 2)


@pytest.mark.thorough
def test_under_a_very_dense_network_it_is_not_begun_over_and_over(travel_times):
    stations = made.grid(5.0, 14, 0.3, 7)
    quake = Quake(3.0, -4.0, 8.0, 6.5)
    packets = made.together(
        made.calm(stations, 45.0, since=24.0), made.arrivals(quake, stations, travel_times, 45.0)
    )
    found = made.solutions(made.play(Tracker(stations, travel_times), packets))
    assert {s.event for s in found} == {found[0].event}
    assert not any(s.withdrawn for s in found)
    assert np.max([made.error_km(s, quake) for s in found[3:]]) < 5.0
