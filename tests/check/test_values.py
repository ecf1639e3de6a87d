import numpy as np
import pytest

from forewave.check.values import symptoms
from forewave.types import Channel, Packet, StreamId

STREAM = StreamId("XX", "S1", "", "HNZ")
CHANNEL = Channel(STREAM, 1e5, "m/s^2", 100.0)
NOISE = np.random.default_rng(1).integers(-1000, 1000, 500).astype(np.int32)


def found(*pieces, gain=1e5):
    channel = Channel(STREAM, gain, "m/s^2", 100.0)
    return [what for what, _ in symptoms(channel, [Packet(STREAM, 0.0, 100.0, p) for p in pieces])]


def test_noise_is_nothing():
    assert found(NOISE, NOISE) == []


@pytest.mark.parametrize(
    ("samples", "gain", "what"),
    [
        (np.full(500, 7, np.int32), 1e5, "same value"),
        (np.where(NOISE > 0, 2**23 - 1, -(2**23)).astype(np.int32), 1e7, "reaches full scale"),
        (NOISE, 10.0, "the gain is wrong"),
        (NOISE, 4e14, "is below background noise"),
        (NOISE // 500, 1.0194, "one count is 0.981 m/s^2: the gain is wrong"),
        (np.where(NOISE > 900, np.nan, NOISE), 1e5, "samples are not a number"),
        (np.full(9, np.nan), 1e5, "9 samples are not a number"),
    ],
)
def test_each_symptom_is_reported_alone(samples, gain, what):
    (told,) = found(samples, gain=gain)
    assert what in told


def test_motion_itself_has_a_gain_of_one():
    assert found(NOISE * 1e-6, gain=1.0) == []


@pytest.mark.filterwarnings("error")
def test_a_gain_near_zero_is_wrong_without_a_warning_of_numpy():
    assert found(NOISE, gain=1e-320) == ["peak of inf m/s^2: the gain is wrong"]
