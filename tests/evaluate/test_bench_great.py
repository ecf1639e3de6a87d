import pytest

from forewave.evaluate import bench_great
from forewave.types import Solution

STATIONS = bench_great.stations_of(25)


def test_the_great_earthquake_is_followed_until_so_many_picks():
    solutions = []

    def step(answer):
        solutions.extend(word for word in answer() if isinstance(word, Solution))

    _, now, picks = bench_great.great(STATIONS, step, most_picks=12)
    assert picks >= 12
    assert bench_great.QUIET_S < now < bench_great.QUIET_S + 30
    assert solutions
    assert solutions[-1].origin.lat == pytest.approx(bench_great.CENTRE[0], abs=0.3)


def test_the_hour_counts_words_and_memory():
    seconds = []
    made = bench_great.hour(
        STATIONS, lambda answer: answer(), seconds.append, lasts=6.0, settled=3.0
    )
    assert made.stations == len(STATIONS)
    assert made.words >= len(STATIONS) * 66
    assert len(seconds) == 66
    assert made.memory_growth_mb == pytest.approx(made.memory_end_mb - made.memory_settled_mb)


def test_aftershocks_are_the_same_every_time_and_fewer_later():
    quakes = bench_great.aftershocks()
    assert quakes == bench_great.aftershocks()
    half = bench_great.QUIET_S + bench_great.HOUR_S / 2
    assert sum(q.time < half for q in quakes) > 0.7 * len(quakes)
    assert all(bench_great.LEAST_M <= q.magnitude <= bench_great.MOST_M for q in quakes)
