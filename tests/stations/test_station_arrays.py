import numpy as np

from forewave.stations.settings import DetectorSettings
from forewave.stations.station_arrays import Memory
from tests.stations.signals import make_station


def test_a_component_that_begins_anew_remembers_nothing():
    memory = Memory(make_station(), DetectorSettings())
    for component in range(3):
        memory.restart(component, 0)
    noise = np.random.default_rng(1).standard_normal((6, 3, 100))
    for second in noise:
        for component, samples in enumerate(second):
            memory.run(component, samples)
    assert all(np.any(memory.arrays.motion[component]) for component in range(3))
    memory.restart(0, 10_000)
    assert not np.any(memory.arrays.motion[0])
    assert not np.any(memory.arrays.vertical)
    assert np.any(memory.arrays.motion[1])
    assert memory.arrays.components["head"].tolist() == [10_000, 600, 600]
    assert memory.arrays.components["gain"].tolist() == [1.0, 1.0, 1.0]


def test_small_enough_for_ten_thousand_stations():
    memory = Memory(make_station(), DetectorSettings())
    # displacement is kept twice, of periods up to 13 s and up to 3 s, and so is the picker's band
    assert sum(a.nbytes for a in memory.arrays) < 68_000
