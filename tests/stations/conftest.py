from collections.abc import Callable

import pytest

from forewave.stations.detector import Detector, Out
from forewave.stations.settings import DetectorSettings
from forewave.types import Unit
from tests.stations.signals import Floats, cut, feed, make_station

Play = Callable[..., list[Out]]


@pytest.fixture(scope="session")
def play() -> Play:
    """Traces through a new detector: all that it says."""

    def run(
        *traces: Floats,
        rate: float = 100.0,
        unit: Unit = "m/s^2",
        seconds: float = 1.0,
        gain: float = 1.0,
        settings: DetectorSettings | None = None,
    ) -> list[Out]:
        station = make_station(rate, unit, "ZNE"[: len(traces)], gain)
        return feed(Detector(station, settings), cut(station, traces, seconds))

    return run
