import msgspec
import pytest

from forewave.archive import travel_time
from forewave.evaluate.judge.playback import Run
from forewave.evaluate.report.case import _case, judge
from forewave.evaluate.report.scoreboard import DRILL
from forewave.formats.recordings import event_directory
from forewave.simulate.scenario import load_scenario
from forewave.simulate.simulator import simulate
from forewave.sources.replay import arrivals


@pytest.fixture(scope="session")
def made_set(tmp_path_factory):
    """A folder with a made magnitude 5 under 36 low-cost stations, as `simulate` writes it."""
    folder = tmp_path_factory.mktemp("sets") / "small"
    scenario = load_scenario("small")
    made = simulate(msgspec.structs.replace(scenario, duration=60.0))
    event_directory.write(folder, made.info, made.stations, made.segments)
    return folder


@pytest.fixture(scope="session")
def quiet_set(made_set, tmp_path_factory):
    """The same network before the earthquake: noise."""
    made = event_directory.read(made_set)
    end = made.info.origin_time
    pieces = [
        msgspec.structs.replace(p, samples=p.samples[: int((end - p.start) * p.rate) - 1])
        for p in made.segments
    ]
    folder = tmp_path_factory.mktemp("sets") / "quiet"
    info = event_directory.EventInfo("quiet", event_type="noise")
    event_directory.write(folder, info, made.stations, pieces)
    return folder


@pytest.fixture(scope="session")
def judged(made_set):
    """The made earthquake's case and recording; compute takes no time."""
    return judge(made_set, DRILL, travel_time.load(), clock=lambda: 0.0)


@pytest.fixture(scope="session")
def case(judged):
    return judged[0]


@pytest.fixture(scope="session")
def missed(judged):
    """The same earthquake, had nobody been told."""
    case, recording = judged
    run = Run(case.run.picks, case.run.solutions, [], case.run.dropped)
    return _case(recording, case.truth, run, arrivals(recording), travel_time.load())
