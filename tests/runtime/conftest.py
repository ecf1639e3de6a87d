"""A small made earthquake, and the pipeline that listens to it."""

import pytest

from forewave.config import Settings
from forewave.earth import travel_time
from forewave.pipeline import Pipeline
from forewave.runtime.places import places
from forewave.runtime.replay import replay
from forewave.simulate.scenario import load_scenario
from forewave.simulate.simulator import simulate
from forewave.sources.replay import arrivals


@pytest.fixture(scope="session")
def recording():
    return simulate(load_scenario("small"))


@pytest.fixture(scope="session")
def packets(recording):
    return arrivals(recording)


@pytest.fixture(scope="session")
def somewhere(recording):
    return places(recording.stations, Settings().towns)


@pytest.fixture(scope="session")
def new_pipeline(recording, somewhere):
    return lambda: Pipeline(recording.stations, somewhere, travel_time.load())


@pytest.fixture(scope="session")
def words(new_pipeline, packets):
    """All that the pipeline says: (now, word)."""
    said = []
    replay(new_pipeline(), packets, lambda now, word: said.append((now, word)))
    return said


@pytest.fixture(scope="session")
def beginning(recording, packets):
    """The packets until the first alert is out."""
    return [pair for pair in packets if pair[0] < recording.info.origin_time + 8.0]
