import multiprocessing
import os
import signal
import threading

import pytest

from forewave.evaluate.suite.pool import spread
from forewave.simulate.earthquake import Earthquake
from forewave.simulate.network import Grid
from forewave.simulate.scenario import Scenario

SCENARIO = Scenario(
    name="simulated-1",
    duration=50.0,
    network=Grid(lat=10.0, lon=20.0, spacing_km=15.0, count=9, jitter=0.0, rate=50.0),
    earthquake=(
        Earthquake(after=15.0, lat=10.0, lon=20.0, depth_km=10.0, magnitude=5.0),
        Earthquake(after=30.0, lat=10.1, lon=20.1, depth_km=12.0, magnitude=4.5),
    ),
)


def act(job):
    """A job that answers, raises, dies or hangs, as its name says."""
    if job == "raise":
        raise ValueError("no such thing")
    if job == "die":
        os._exit(3)
    if job == "hang":
        threading.Event().wait()
    return job.upper(), os.environ["OMP_NUM_THREADS"]


@pytest.mark.parametrize("workers", [1, 2])
def test_failed_jobs_are_reported_and_the_others_run(workers):
    jobs = ["a", "raise", "b", "die", "c"]
    outcomes = {o.job: o for o in spread(jobs, act, workers, limit=60.0)}
    assert {job: outcomes[job].answer for job in "abc"} == {c: (c.upper(), "1") for c in "abc"}
    assert outcomes["raise"].failure == "ValueError: no such thing"
    assert outcomes["die"].failure == "worker process exited with code 3"


def test_a_job_over_the_time_limit_is_killed():
    outcomes = {o.job: o for o in spread(["hang"], act, 1, limit=0.1)}
    assert "exceeded the time limit of 0.1 s" in outcomes["hang"].failure


def test_the_running_jobs_are_reported():
    seen = []
    list(spread(["a"], act, 4, limit=60.0, on_running=seen.append))
    assert seen[0] == ["a"]


def test_ctrl_c_ends_every_process():
    """Also where this process itself ignores Ctrl-C, as one started in the background does."""
    crew, before = [], signal.getsignal(signal.SIGINT)

    def interrupt(running):
        crew.append(running)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(spread(["hang", "hang"], act, 2, limit=60.0, on_running=interrupt))
    assert crew == [["hang", "hang"]]
    assert signal.getsignal(signal.SIGINT) is before
    assert multiprocessing.active_children() == []


def test_no_jobs_no_processes():
    assert list(spread([], act, 2, limit=1.0)) == []
