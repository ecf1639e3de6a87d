import math

import pytest

from forewave.delivery.signing import generate
from forewave.evaluate.bench import decide
from forewave.evaluate.bench.great import Hour
from forewave.simulate.earthquake import Earthquake
from tests.evaluate.synthetic import alert, pick, solution

NEAR = Earthquake(after=15.0, lat=30.0, lon=104.0, depth_km=10.0, magnitude=6.5)


def test_a_small_network_is_measured():
    actual = decide.measure(stations=25, quakes=(NEAR,), duration_s=40.0)
    assert actual.stations == 25
    assert actual.packets >= 25 * 3 * 40
    assert actual.solutions >= actual.alerts >= actual.first_alerts >= 1
    assert 0 < actual.p50_ms <= actual.p99_ms <= actual.worst_ms
    assert "25 stations" in str(actual)
    assert actual.machine in str(actual)


def test_only_what_was_waited_for_counts():
    moments = iter([1.0, 2.0, 3.0, 3.5, 4.0, 4.25, 5.0, 5.5])
    timer = decide.Timer(generate(), lambda: next(moments))
    timer.step(lambda: [pick()])
    timer.step(lambda: [solution()])
    timer.step(lambda: [pick(), solution(), alert()])
    timer.step(lambda: [alert()])  # an update that the policy had held back
    assert timer.solutions_ms == pytest.approx([500.0, 250.0])
    assert timer.alerts_ms == pytest.approx([250.0])
    assert timer.first_alerts == 1


def test_nothing_timed_is_not_a_number():
    assert all(math.isnan(value) for value in decide._percentiles([]))


def test_the_great_earthquake_and_its_hour_stand_beside(monkeypatch):
    small = decide.Decided("here", 25, 1, 1, 1, 2.0, 3.0, 4.0, 1, 5.0, 6.0)
    monkeypatch.setattr(decide, "measure", lambda stations, clock: small)
    monkeypatch.setattr(decide.great, "hour", lambda *_: Hour(9, 100, 200.0, 201.5, 1.5))
    actual = decide.measure_all(25, great_stations=25)
    assert (actual.stations, actual.p50_ms, actual.p99_ms) == (25, 2.0, 3.0)
    assert actual.great_picks == 25
    assert 0 < actual.great_p50_ms <= actual.great_p99_ms
    assert "memory 200 MB after 10 minutes, +1.5 MB at the end" in str(actual)
    assert "hour of aftershocks" not in str(small)
