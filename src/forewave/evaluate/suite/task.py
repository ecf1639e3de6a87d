"""The tasks of the suite: recordings of a data folder, and simulated cases."""

import os
from fnmatch import fnmatch
from pathlib import Path

from msgspec import Struct

from forewave.evaluate.suite.cases import SuiteCase, cases
from forewave.evaluate.suite.random_cases import random_cases
from forewave.formats.recordings import event_info, knet
from forewave.simulate.scenario import Scenario

DATA_VARIABLE, USUAL_DATA = "FOREWAVE_DATA", Path("../shared/data")
RECORDED, FEW, NOISE = "recorded", "recorded, few stations", "recorded noise"
LEAST_STATIONS = 3  # recordings with fewer are a group of their own


class Task(Struct, frozen=True):
    """One case: a folder to read, or a scenario to simulate. in_network None: to be determined."""

    name: str
    group: str
    folder: Path | None = None
    scenario: Scenario | None = None
    in_network: bool | None = None


def tasks(data: Path | None, only: str | None = None) -> list[Task]:
    """Recordings, then simulated cases. only: a name or a group, with * and ?."""
    every = [*(recorded(data) if data else []), *simulated()]
    if only is None:
        return every
    return [t for t in every if fnmatch(t.name, only) or fnmatch(t.group, only)]


def data_folder(asked: Path | None) -> Path | None:
    """Folder of recordings: as given, else $FOREWAVE_DATA, else ../shared/data; None if missing."""
    named = os.environ.get(DATA_VARIABLE)
    folder = asked or (Path(named) if named else USUAL_DATA)
    return folder if folder.is_dir() else None


def recorded(data: Path) -> list[Task]:
    """Every event directory of the folder that holds records."""
    found = [f for f in sorted(data.iterdir()) if (f / "event.json").is_file() and _records(f)]
    return [Task(f.name, _group(f), folder=f) for f in found]


def simulated() -> list[Task]:
    """The simulated cases."""
    return [_simulated(case) for case in cases()]


def drawn(count: int, seed: int) -> list[Task]:
    """Random large earthquakes."""
    return [_simulated(case) for case in random_cases(count, seed)]


def _simulated(case: SuiteCase) -> Task:
    return Task(case.name, case.group, scenario=case.scenario, in_network=case.in_network)


def group_of(task: Task, stations: int) -> str:
    """The group, once it is known how many stations a recording has."""
    return FEW if task.group == RECORDED and stations < LEAST_STATIONS else task.group


def _records(folder: Path) -> bool:
    return any(folder.glob("*.mseed")) or bool(knet.files(folder))


def _group(folder: Path) -> str:
    kind = event_info.read(folder / "event.json").event_type
    return RECORDED if kind == "earthquake" else NOISE
