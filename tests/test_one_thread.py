"""The number of cores changes nothing: linear algebra runs on one thread."""

import os
import subprocess
import sys
from hashlib import sha256

import pytest
from msgspec.structs import replace

from forewave.evaluate.scoring.playback import places
from forewave.pipeline import Pipeline, run
from forewave.simulate.scenario import load_scenario
from forewave.simulate.simulator import simulate
from forewave.sources.replay import arrivals
from forewave.types import Alert, ShakingForecast, Solution


def digest(travel_times):
    """Of all that a magnitude 7 under 144 stations brings, to the last bit.

    With this many stations that move, OpenBLAS uses all the threads that it may.
    """
    small = load_scenario("small")
    quake = replace(small.earthquake[0], magnitude=7.0)
    network = replace(small.network, count=144, spacing_km=12.0)
    made = simulate(replace(small, duration=38.0, earthquake=(quake,), network=network))
    pipeline = Pipeline(made.stations, places(made), travel_times)
    code = sha256()
    for _, word in run(pipeline, arrivals(made)):
        if isinstance(word, Alert | ShakingForecast | Solution):
            code.update(repr(word).encode())
    return code.hexdigest()


SCRIPT = """
from forewave.archive import travel_time
from tests.test_one_thread import digest
print(digest(travel_time.load()))
"""


@pytest.fixture(scope="module")
def here(travel_times):
    """The digest as this process has it, whatever its environment says."""
    return digest(travel_times)


@pytest.mark.thorough
@pytest.mark.parametrize("threads", ["1", "2"])
def test_a_replay_is_the_same_to_the_last_bit_on_any_number_of_cores(threads, here):
    variables = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    there = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env=os.environ
        | dict.fromkeys(variables, threads)
        | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert there.stdout.strip() == here
