import pytest

from forewave.evaluate.bench import great
from forewave.types import Solution

STATIONS = great.stations_of(25)


def test_the_great_earthquake_is_followed_until_so_many_picks():
    solutions = []

    def step(answer):
        solutions.extend(word for word in answer() if isinstance(word, Solution))

    _, now, picks = great.great(STATIONS, step, most_picks=12)
    assert picks >= 12
    assert great.QUIET_S < now < great.QUIET_S + 30
    assert solutions
    assert solutions[-1].origin.lat == pytest.approx(great.CENTRE[0], abs=0.3)


def test_the_hour_counts_messages_and_memory():
    seconds = []
    actual = great.hour(STATIONS, lambda answer: answer(), seconds.append, lasts=6.0, settled=3.0)
    assert actual.stations == len(STATIONS)
    assert actual.words >= len(STATIONS) * 66
    assert len(seconds) == 66
    assert actual.memory_growth_mb == pytest.approx(actual.memory_end_mb - actual.memory_settled_mb)


def test_aftershocks_are_the_same_every_time_and_fewer_later():
    quakes = great.aftershocks()
    assert quakes == great.aftershocks()
    half = great.QUIET_S + great.HOUR_S / 2
    assert sum(q.time < half for q in quakes) > 0.7 * len(quakes)
    assert all(great.LEAST_M <= q.magnitude <= great.MOST_M for q in quakes)
