"""A small made earthquake, and the pipeline that listens to it."""

import pytest

from forewave.config import Settings
from forewave.earth import travel_time
from forewave.pipeline import Pipeline
from forewave.runtime.places import places
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


@pytest.fixture
def new_pipeline(recording, somewhere):
    return lambda: Pipeline(recording.stations, somewhere, travel_time.load())
