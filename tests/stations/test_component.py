import numpy as np
import pytest

from forewave.stations.settings import DetectorSettings
from forewave.stations.station_arrays import Memory
from tests.stations.signals import make_station

RATES = [31.3213, 100.0, 200.0]


def run(trace, rate, unit="m/s^2", gain=1.0):
    """The rings of a lone vertical after a trace, in the order of time: a, v, d."""
    memory = Memory(make_station(rate, unit, "Z", gain), DetectorSettings())
    memory.restart(0, 0)
    for i in range(0, len(trace), memory.step):
        memory.run(0, trace[i : i + memory.step] * 1.0)
    order = np.arange(len(trace) - round(5 * rate), len(trace)) % memory.arrays.motion.shape[2]
    a, v = memory.arrays.motion[0][:, order]
    return a, v, memory.arrays.vertical[0, order]


@pytest.mark.parametrize("rate", RATES)
def test_acceleration_becomes_velocity_and_displacement(rate):
    t = np.arange(round(90 * rate)) / rate
    w = 2 * np.pi * 1.0
    a, v, d = run(2.0 * np.sin(w * t), rate)
    assert a.max() == pytest.approx(2.0, rel=0.02)
    assert v.max() == pytest.approx(2.0 / w, rel=0.02)
    assert d.max() == pytest.approx(2.0 / w**2, rel=0.02)


@pytest.mark.parametrize("rate", RATES)
def test_velocity_becomes_acceleration_and_displacement(rate):
    t = np.arange(round(90 * rate)) / rate
    w = 2 * np.pi * 1.0
    a, v, d = run(0.3 * np.sin(w * t), rate, "m/s")
    assert a.max() == pytest.approx(0.3 * w, rel=0.02)
    assert v.max() == pytest.approx(0.3, rel=0.02)
    assert d.max() == pytest.approx(0.3 / w, rel=0.02)


def test_gain_and_offset_do_not_matter():
    t = np.arange(9000) / 100.0
    wave = np.sin(2 * np.pi * t)
    plain = run(wave, 100.0)
    counts = run(np.round(1e6 * wave) + 9_806_650, 100.0, gain=1e6)
    for one, other in zip(plain, counts, strict=True):
        assert other == pytest.approx(one, abs=1e-3 * float(abs(one).max()))


def test_after_a_break_the_rings_say_nothing_until_it_has_settled():
    memory = Memory(make_station(100.0, components="Z"), DetectorSettings())
    memory.restart(0, 0)
    noise = np.random.default_rng(1).standard_normal(1000)
    for i in range(0, 1000, 100):
        memory.run(0, noise[i : i + 100])
    memory.run(0, np.full(50, np.nan))
    memory.run(0, noise[:100])
    assert memory.arrays.components["age"][0] == 100
    assert not memory.arrays.motion[0][:, 1000 % 1024 : 1024].any()
    for i in range(0, 500, 100):
        memory.run(0, noise[i : i + 100])
    assert memory.arrays.motion[0, 0, (memory.arrays.components["head"][0] - 1) % 1024] != 0.0
