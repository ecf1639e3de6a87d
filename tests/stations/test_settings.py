import numpy as np
import pytest

from forewave.stations.settings import DetectorSettings, configuration, smoothing
from forewave.types import Channel, StreamId

STREAM = StreamId("XX", "MADE", "", "HNZ")


def test_seconds_become_samples():
    conf = configuration(DetectorSettings(), Channel(STREAM, 1.0, "m/s^2", 200.0))
    assert conf["settle"][0] == 1000
    assert conf["hold_off"][0] == 2000
    assert conf["top"][0] == 60
    assert conf["up"][0] == 1
    assert np.isinf(conf["full_scale"][0])


@pytest.mark.parametrize(("rate", "up"), [(20.0, 5), (31.3213, 4), (50.0, 2), (99.5, 1)])
def test_slow_streams_are_interpolated_for_the_intensity(rate, up):
    conf = configuration(DetectorSettings(), Channel(STREAM, 1.0, "m/s", rate))
    assert conf["up"][0] == up
    assert conf["top"][0] == round(0.3 * rate * up)
    assert conf["confirm"][0] >= 6


def test_smoothing_is_never_above_one():
    assert smoothing(0.01, 20.0) == 1.0
    assert smoothing(0.5, 100.0) == pytest.approx(0.02)
