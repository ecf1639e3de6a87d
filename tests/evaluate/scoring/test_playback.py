from collections import Counter

import pytest

from forewave.evaluate.scoring import playback
from forewave.types import Dropped, ShakingForecast
from tests.evaluate.synthetic import QUAKE, T0, alert, pick, record, recording, solution, station


class Clock:
    """A clock that advances by hand only."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


def packets(*arrivals):
    piece = record(station(components="Z"), lambda t: 0 * t)[0]
    return [(T0 + at, piece) for at in arrivals]


def test_an_answer_is_out_after_arrival_plus_compute():
    clock = Clock()
    watch = playback.Stopwatch(packets(1.0), clock)
    for now, _ in watch:
        clock.now += 0.25
        assert watch.issued(now) == pytest.approx(T0 + 1.25)
    assert watch.compute_s == pytest.approx(0.25)


def test_a_packet_waits_for_the_one_before_it():
    clock = Clock()
    watch = playback.Stopwatch(packets(1.0, 1.1, 9.0), clock)
    out = []
    for now, _ in watch:
        clock.now += 0.5
        out.append(watch.issued(now) - T0)
    assert out == pytest.approx([1.5, 2.0, 9.5])


def test_a_deadline_between_packets_is_out_at_its_own_time():
    clock = Clock()
    watch = playback.Stopwatch(packets(1.0, 9.0), clock)
    for now, _ in watch:
        if now == T0 + 9.0:
            assert watch.issued(T0 + 4.0) == pytest.approx(T0 + 4.0)


def test_an_alert_carries_the_latest_forecasts_of_its_event(monkeypatch):
    shaking = ShakingForecast(solution(), ())
    words = [pick(), solution(), shaking, alert(at=3.0), Dropped("x", "late"), Dropped("y", "late")]
    monkeypatch.setattr(playback, "run", lambda pipeline, arrivals: [(T0 + 3.0, w) for w in words])
    kept = playback.play(None, [], Clock())
    assert len(kept.picks) == len(kept.solutions) == len(kept.alerts) == 1
    assert kept.dropped == Counter(late=2)
    assert kept.alerts[0].issued == T0 + 3.0


def test_a_cancel_has_no_forecasts():
    from tests.evaluate.synthetic import issued_alert

    shaking = ShakingForecast(solution(), tuple(issued_alert(alert(), A=4.0).forecasts.values()))
    assert set(playback.forecasts_of(alert(), shaking)) == {"A"}
    assert playback.forecasts_of(alert(kind="cancel"), shaking) == {}
    assert playback.forecasts_of(alert(), None) == {}


def test_stations_are_places():
    (place,) = playback.places(recording([station()], []))
    assert (place.name, place.kind) == ("XX.AAA", "station")


def test_data_seconds_are_from_first_to_last():
    actual = station()
    assert playback.data_seconds(
        recording([actual], record(actual, lambda t: 0 * t))
    ) == pytest.approx(90)
    assert playback.data_seconds(recording([actual], [])) == 0.0


def test_floors_are_when_the_packets_with_p_were_in_hand():
    segments = [record(station(f"XX.{c}", components="Z"), lambda t: 0 * t, s, 1.0)[0]
              for c, s in (("AAA", 4.0), ("BBB", 6.0), ("CCC", 8.0))]  # fmt: skip
    arrivals = [(p.start + 1.5, p) for p in segments]
    p_times = {"XX.AAA": T0 + 4.2, "XX.BBB": T0 + 6.9, "XX.CCC": T0 + 3.0}  # C's P is not in it
    assert playback.floors(arrivals, p_times, QUAKE) == pytest.approx([5.5, 7.5])
