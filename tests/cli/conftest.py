import shutil

import pytest
from msgspec.structs import replace

from forewave.formats.recordings import event_directory
from forewave.simulate.scenario import load_scenario
from forewave.simulate.simulator import simulate


@pytest.fixture(scope="package")
def made(tmp_path_factory):
    """The event directory of a simulated earthquake."""
    scenario = load_scenario("small")
    network = replace(scenario.network, count=16, spacing_km=18.0)
    played = simulate(replace(scenario, duration=50.0, network=network))
    folder = tmp_path_factory.mktemp("made") / "small"
    event_directory.write(folder, played.info, played.stations, played.segments)
    return folder


@pytest.fixture
def damaged(made, tmp_path):
    """A copy of it to damage."""
    return shutil.copytree(made, tmp_path / "damaged")
