import msgspec
import pytest

from forewave.archive import travel_time
from forewave.evaluate.report.case import _case, evaluate_folder
from forewave.evaluate.report.scoreboard import DRILL
from forewave.evaluate.scoring.playback import Run
from forewave.formats.recordings import event_directory
from forewave.simulate.scenario import load_scenario
from forewave.simulate.simulator import simulate
from forewave.sources.replay import arrivals


@pytest.fixture(scope="session")
def simulated_set(tmp_path_factory):
    """An event directory of a simulated magnitude 5 and 36 low-cost stations."""
    folder = tmp_path_factory.mktemp("sets") / "small"
    scenario = load_scenario("small")
    actual = simulate(msgspec.structs.replace(scenario, duration=60.0))
    event_directory.write(folder, actual.info, actual.stations, actual.segments)
    return folder


@pytest.fixture(scope="session")
def quiet_set(simulated_set, tmp_path_factory):
    """The same network before the earthquake: noise."""
    actual = event_directory.read(simulated_set)
    end = actual.info.origin_time
    segments = [
        msgspec.structs.replace(p, samples=p.samples[: int((end - p.start) * p.rate) - 1])
        for p in actual.segments
    ]
    folder = tmp_path_factory.mktemp("sets") / "quiet"
    info = event_directory.EventInfo("quiet", event_type="noise")
    event_directory.write(folder, info, actual.stations, segments)
    return folder


@pytest.fixture(scope="session")
def evaluated(simulated_set):
    """The case and recording of the simulated earthquake, without compute time."""
    return evaluate_folder(simulated_set, DRILL, travel_time.load(), clock=lambda: 0.0)


@pytest.fixture(scope="session")
def case(evaluated):
    return evaluated[0]


@pytest.fixture(scope="session")
def missed(evaluated):
    """The same earthquake without any alert."""
    case, recording = evaluated
    run = Run(case.run.picks, case.run.solutions, [], case.run.dropped)
    return _case(recording, case.truth, run, arrivals(recording), travel_time.load())
