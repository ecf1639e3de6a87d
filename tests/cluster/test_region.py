"""Two regions on the same steps, and one that takes over from another with other input."""

import random
from functools import cache

import pytest

from forewave.archive import travel_time
from forewave.cluster.ledger import Ledger
from forewave.cluster.region import FRESH, GRACE, Region
from forewave.cluster.wire import Published
from forewave.pipeline import Decider, Pipeline
from forewave.simulate.scenario import load_scenario
from forewave.simulate.simulator import simulate
from forewave.sources.replay import arrivals
from forewave.types import Alert, Dropped, Pick

pytestmark = pytest.mark.slow


@cache
def played():
    """Stations and steps of a simulated earthquake: (now, observations) as an ingest sends them."""
    recording = simulate(load_scenario("small"))
    pipeline = Pipeline(recording.stations, (), travel_time.load())
    steps = []
    for now, packet in arrivals(recording):
        observed = [o for o in pipeline.sense(packet, now) if not isinstance(o, Dropped)]
        if observed:
            steps.append((now, observed))
    return recording.stations, steps


def region():
    stations, _ = played()
    return Region(lambda: Decider(stations, (), travel_time.load()))


def run(made, steps):
    return [a for now, seen in steps for a in made.step(now, seen) if isinstance(a, Alert)]


def record(made, alert):
    return Published(1, "a", alert, made.solution(alert.event), b"")


def test_the_same_steps_give_the_same_alerts_to_the_last_digit():
    _, steps = played()
    first, second = run(region(), steps), run(region(), steps)
    assert first == second
    assert len(first) >= 3
    assert len({alert.event for alert in first}) == 1


@pytest.mark.thorough
def test_time_that_passes_between_the_steps_changes_nothing():
    """Marks come at other moments to other processes."""
    _, steps = played()
    plain, marked, out = region(), region(), []
    expected = run(plain, steps)
    chance = random.Random(3)
    for (now, seen), (following, _) in zip(steps, [*steps[1:], steps[-1]], strict=True):
        out += [a for a in marked.step(now, seen) if isinstance(a, Alert)]
        between = now + chance.random() * (following - now)
        out += [a for a in marked.pass_time(between) if isinstance(a, Alert)]
    assert [(a.event, a.version) for a in out] == [(a.event, a.version) for a in expected]
    assert out == expected


@pytest.mark.parametrize("number", range(4))
def test_one_that_takes_over_goes_on_with_the_event_and_its_versions(number):
    """It missed the first pick, so that it would call the event by another name."""
    _, steps = played()
    leader, standby = region(), region()
    first = next(n for n, (_, seen) in enumerate(steps) if any(isinstance(o, Pick) for o in seen))
    ledger, own, taken_over = Ledger(), [], None
    for n, (now, seen) in enumerate(steps):
        without = [o for o in seen if not isinstance(o, Pick)] if n <= first else seen
        found = [a for a in standby.step(now, without) if isinstance(a, Alert)]
        if taken_over is not None:
            own += [a for a in found if ledger.is_new(a)]
            continue
        for alert in leader.step(now, seen):
            if isinstance(alert, Alert):
                ledger.add(record(leader, alert), now)
                if alert.version == 1 + number:
                    taken_over = alert
        if taken_over is not None and standby.lacks_any(ledger.valid(now)):
            standby.remake(ledger.records())
    assert taken_over is not None
    assert standby.remade > 0 or number > 1, "it had the same event: nothing to take over"
    assert {alert.event for alert in own} <= {taken_over.event}
    versions = [alert.version for alert in own]
    assert versions == list(range(taken_over.version + 1, taken_over.version + 1 + len(own)))
    if number < 2:
        assert own, "the earthquake goes on growing"


def test_what_was_published_a_moment_ago_may_still_come_here():
    _, steps = played()
    leader, standby, ledger = region(), region(), Ledger()
    for now, seen in steps:
        alerts = [a for a in leader.step(now, seen) if isinstance(a, Alert)]
        if alerts:
            ledger.add(record(leader, alerts[0]), 100.0)
            break
        standby.step(now, seen)
    assert not standby.differs(ledger, 100.0 + GRACE - 0.01)
    assert standby.differs(ledger, 100.0 + GRACE)
    run(standby, [(now, seen)])
    assert not standby.differs(ledger, 100.0 + GRACE)


def test_a_region_that_begins_late_remembers_what_it_is_given():
    _, steps = played()
    leader, late = region(), region()
    ledger = Ledger()
    half = next(
        n
        for n, (now, seen) in enumerate(steps)
        for a in leader.step(now, seen)
        if isinstance(a, Alert) and ledger.add(record(leader, a), now)
    )
    for now, seen in steps[: half + 1]:
        late.remember(now, seen)
    late.remake(ledger.records())
    (published,) = ledger.records()
    later = run(late, steps[half + 1 :])
    assert {a.event for a in later} == {published.alert.event}
    assert next(a.version for a in later) == published.alert.version + 1


def test_after_the_clock_was_set_back_alerts_of_the_future_are_not_resumed():
    _, steps = played()
    made, ledger = region(), Ledger()
    for now, seen in steps:
        for alert in made.step(now, seen):
            if isinstance(alert, Alert):
                ledger.add(record(made, alert), 0.0)
    made.begin_anew()
    made.step(steps[0][0] - 3600.0, steps[0][1])
    assert not made.differs(ledger, 1e9)
    made.remake(ledger.records())
    assert made.unpublished(Ledger(), 0.0) == ([], False)


def test_one_who_takes_over_publishes_what_is_fresh_and_does_not_bring_up_the_past():
    _, steps = played()
    made, alerts = region(), []
    for now, seen in steps:
        alerts += [a for a in made.step(now, seen) if isinstance(a, Alert)]
        if len(alerts) == 3:
            break
    last = alerts[-1]
    assert made.unpublished(Ledger(), last.issued + 60.0) == ([last], False)  # nobody has the event
    ledger = Ledger()
    ledger.add(record(made, alerts[0]), 0.0)
    assert made.unpublished(ledger, last.issued + 0.5) == ([last], False)
    assert made.unpublished(ledger, last.issued + FRESH) == ([], True)
    ledger.add(record(made, last), 0.0)
    assert made.unpublished(ledger, last.issued + 0.5) == ([], False)
    assert made.unpublished(Ledger(), last.expires) == ([], False)
