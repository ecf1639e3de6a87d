import numpy as np

from forewave.stations.settings import DetectorSettings
from forewave.stations.station_arrays import Memory
from tests.stations.signals import make_station


def test_a_lane_that_begins_anew_remembers_nothing():
    memory = Memory(make_station(), DetectorSettings())
    for lane in range(3):
        memory.restart(lane, 0)
    noise = np.random.default_rng(1).standard_normal((6, 3, 100))
    for second in noise:
        for lane, samples in enumerate(second):
            memory.run(lane, samples)
    assert all(np.any(memory.motion[lane]) for lane in range(3))
    memory.restart(0, 10_000)
    assert not np.any(memory.motion[0])
    assert not np.any(memory.vertical)
    assert np.any(memory.motion[1])
    assert memory.lanes["head"].tolist() == [10_000, 600, 600]
    assert memory.lanes["gain"].tolist() == [1.0, 1.0, 1.0]


def test_small_enough_for_ten_thousand_stations():
    memory = Memory(make_station(), DetectorSettings())
    arrays = [a for a in vars(memory).values() if isinstance(a, np.ndarray)]
    # displacement is kept twice, of periods up to 13 s and up to 3 s, and so is the picker's band
    assert sum(a.nbytes for a in arrays) < 68_000
