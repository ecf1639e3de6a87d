import subprocess
import sys

import numpy as np

from forewave.stations.kernel import compile_kernels, run_station


def test_what_is_compiled_is_what_is_called(play):
    compile_kernels()
    compiled = len(run_station.signatures)
    play(np.zeros(200), np.zeros(200))
    assert len(run_station.signatures) == compiled == 1


def test_a_second_start_loads_it_from_the_cache():
    compile_kernels()
    code = (
        "from forewave.stations.kernel import compile_kernels, run_station;"
        "compile_kernels();"
        "print(sum(run_station.stats.cache_hits.values()))"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "1"
