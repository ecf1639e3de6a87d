from collections import Counter

from forewave.evaluate.scoring.explain import why_missed
from forewave.evaluate.scoring.playback import Run
from tests.evaluate.synthetic import QUAKE, T0, origin, pick, solution

P_TIMES = {"XX.AAA": T0 + 8.0, "XX.BBB": T0 + 12.0}


def run_of(picks=(), solutions=(), **dropped):
    return Run(list(picks), [(T0 + 9, s) for s in solutions], [], Counter(dropped))


def test_nothing_found():
    miss = why_missed(QUAKE, run_of([pick(at=8.5), pick("XX.BBB", at=40)], gap=3), P_TIMES)
    assert str(miss) == "no event found; 1 P picks at 2 stations; 3 x gap"


def test_a_solution_that_was_not_issued_is_the_likeliest_one():
    solutions = [solution(likelihood=0.4), solution(version=2, likelihood=0.7, magnitude=4.2)]
    text = str(why_missed(QUAKE, run_of(solutions=solutions), P_TIMES))
    assert text.startswith("found as M4.2 from 1 stations, likelihood 0.70, but not issued")


def test_found_elsewhere():
    miss = why_missed(QUAKE, run_of(solutions=[solution(where=origin(0, 250))]), P_TIMES)
    assert miss.best is None
    assert str(miss).startswith("only 1 events elsewhere")
