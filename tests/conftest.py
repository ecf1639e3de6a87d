"""What holds for every test, and how they are spread over the cores (`make test`).

There are two workers for each core, since tests in a browser and with processes mostly wait. The
tests of a file stay together on one worker, so that what they share is made once; so do those of
files with the same `xdist_group`. Files that are marked `slow` come first, so that no worker is
left with a long one in the end; those in a browser, which has processes of its own, are spread
among the others. Those that are marked `live` wait for the clock, or for processes
that do: their files come later, groups first, and run beside each other only. A test that is marked
`alone` measures times: nothing else runs while it does, and it comes last, away from its file.
"""

import csv
import os
import re
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from forewave.archive import travel_time
from forewave.earth.travel_time import TravelTimes
from forewave.formats.recordings.event_directory import Recording
from forewave.formats.storage.log_blocks import Step
from forewave.types import Dropped, Message, Packet, Place, ShakingForecast

Arrival = tuple[float, Packet]

# Examples are found in a fixed order and without a time limit: a test that failed once fails
# again, and a busy machine is no reason to fail.
settings.load_profile("ci")

TESTS = Path(__file__).parent


SHIPPED = TESTS / "data"
IS_WORKER = "PYTEST_XDIST_WORKER" in os.environ


def pytest_sessionstart(session: pytest.Session) -> None:
    """Make once what every worker would make: compiled kernels and the travel-time table."""
    if session.config.getoption("numprocesses", None) and not IS_WORKER:
        from forewave import pipeline  # noqa: F401 (compiles what the events room needs)
        from forewave.stations.kernel import compile_kernels

        compile_kernels()
        travel_time.load()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests first, then those with live ones, then what is alone."""
    place = spread({item.path for item in items})
    items.sort(key=lambda item: (order(item.path, item.name), place[item.path]))


def spread(files: Iterable[Path]) -> dict[Path, float]:
    """Where each file comes among its like, 0 to 1: those in a browser and others by turns."""
    alike: dict[tuple[int, bool], list[Path]] = {}
    for file in sorted(files):
        alike.setdefault((kind(file), file.parent.name == "browser"), []).append(file)
    return {
        file: (n + 0.5) / len(group) for group in alike.values() for n, file in enumerate(group)
    }


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """How many `-n auto` starts."""
    return 2 * len(os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else [0])


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Each file for itself, but those of a group together, in the order above."""
    from xdist.scheduler import LoadScopeScheduling

    class ByFile(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return scope(config.rootpath, nodeid)

    config.option.loadscopereorder = False
    return ByFile(config, log)


MARK = re.compile(r"pytest\.mark\.(slow|live)\b")
GROUP = re.compile(r'xdist_group\("(\w+)"\)')
ALL_ALONE = re.compile(r"^pytestmark = \[?pytest\.mark\.alone\b", re.MULTILINE)
ALONE = re.compile(r"^@pytest\.mark\.alone\n(?:[@ )].*\n)*def (\w+)", re.MULTILINE)
ORDER = {"slow": 0, "live": 2, "alone": 3}  # all others between: 1


def order(file: Path, test: str) -> tuple[int, bool]:
    """Of a test among the others: that of its file, which is that of the last mark in it."""
    if is_alone(file, test):
        return ORDER["alone"], False
    return kind(file), GROUP.search(text(file)) is None


def kind(file: Path) -> int:
    """The value of ORDER for a file."""
    return max((ORDER[mark] for mark in MARK.findall(text(file))), default=1)


def is_alone(file: Path, test: str) -> bool:
    """Whether a test, or its whole file, is marked so. test: its name, with parameters."""
    found = text(file)
    return bool(ALL_ALONE.search(found)) or test.partition("[")[0] in ALONE.findall(found)


def scope(root: Path, nodeid: str) -> str:
    """The name of what a test stays together with: its group or file, or those alone in it."""
    file, _, test = nodeid.partition("::")
    if is_alone(root / file, test):
        return f"{file} alone"
    found = GROUP.search(text(root / file))
    return found[1] if found else file


@cache
def text(file: Path) -> str:
    """Of a file with tests; who spreads them sees no marks."""
    return file.read_text("utf-8")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Live tests and others wait for each other, and one that is to be alone for all."""
    if not IS_WORKER:
        return (yield)
    marks = {mark.name for mark in item.iter_markers()}
    if kind(item.path) == ORDER["live"]:  # the small ones of such a file run among its live ones
        marks.add("live")
    with turn(Path(item.config.option.basetemp).parent, marks):
        return (yield)


@contextmanager
def turn(folder: Path, marks: set[str]) -> Iterator[None]:
    """A test's turn among all workers. folder: where they have their locks.

    Who stands at the gate waits for those under way, and nobody overtakes them.
    """
    from fcntl import LOCK_EX, LOCK_SH, LOCK_UN, flock

    with ExitStack() as stack:
        gate, live, others = (
            stack.enter_context((folder / f"{name}.lock").open("w"))
            for name in ("gate", "live", "others")
        )
        mine, theirs = (live, others) if "live" in marks else (others, live)
        flock(gate, LOCK_EX)
        flock(theirs, LOCK_EX)
        flock(mine, LOCK_EX if "alone" in marks else LOCK_SH)
        if "alone" not in marks:
            flock(theirs, LOCK_UN)
        flock(gate, LOCK_UN)
        yield


class Recordings:
    """Recorded sets by name: `recordings / name` is its folder, and skips where there is none.

    They are those of FOREWAVE_DATA (default ../shared/data), and the few of tests/data.
    """

    def __init__(self, *folders: Path) -> None:
        self._folders = [folder for folder in folders if folder.is_dir()]

    def __truediv__(self, name: str) -> Path:
        known = {folder.name: folder for folder in self.glob("*")}
        first, *rest = Path(name).parts
        if first not in known:
            pytest.skip(f"no recording {first}: set FOREWAVE_DATA to a folder that has it")
        return known[first].joinpath(*rest)

    def glob(self, pattern: str) -> list[Path]:
        """The folders of the sets so named, each once, by name."""
        found = [f for folder in reversed(self._folders) for f in folder.glob(pattern)]
        return sorted({f.name: f for f in found if f.is_dir()}.values(), key=lambda f: f.name)


@pytest.fixture(scope="session")
def recordings() -> Recordings:
    """Recorded earthquakes and noise."""
    usual = TESTS.parent / "../shared/data"
    return Recordings(Path(os.environ.get("FOREWAVE_DATA", usual)), SHIPPED)


@pytest.fixture(scope="session")
def reference() -> Callable[[str], list[dict[str, str]]]:
    """Rows of a file of tests/reference."""

    def rows(name: str) -> list[dict[str, str]]:
        with (TESTS / "reference" / name).open(newline="") as file:
            return list(csv.DictReader(file))

    return rows


@pytest.fixture(scope="session")
def travel_times() -> TravelTimes:
    """The table of iasp91."""
    return travel_time.load()


@pytest.fixture(scope="session")
def recording() -> Recording:
    """A simulated M5.0 under 36 stations: what most tests of shells play."""
    from forewave.simulate.scenario import load_scenario
    from forewave.simulate.simulator import simulate

    return simulate(load_scenario("small"))


@pytest.fixture(scope="session")
def packets(recording: Recording) -> list[Arrival]:
    """Its packets with their arrival times."""
    from forewave.sources.replay import arrivals

    return arrivals(recording)


@pytest.fixture(scope="session")
def somewhere(recording: Recording) -> tuple[Place, ...]:
    """The places around it that get a forecast."""
    from forewave.config import Settings
    from forewave.live.places import places

    return places(recording.stations, Settings().towns)


@pytest.fixture(scope="session")
def new_pipeline(recording: Recording, somewhere: tuple[Place, ...]) -> Callable[[], Any]:
    """Makes a pipeline that has received nothing."""
    from forewave.pipeline import Pipeline

    return lambda: Pipeline(recording.stations, somewhere, travel_time.load())


@pytest.fixture(scope="session")
def words(new_pipeline: Callable[[], Any], packets: list[Arrival]) -> list[tuple[float, Message]]:
    """All that a pipeline emits, with the times."""
    from forewave.replay.player import replay

    emitted: list[tuple[float, Message]] = []
    replay(new_pipeline(), packets, lambda now, word: emitted.append((now, word)))
    return emitted


@pytest.fixture(scope="session")
def beginning(recording: Recording, packets: list[Arrival]) -> list[Arrival]:
    """The packets until the first alert is out."""
    origin = recording.info.origin_time
    assert origin is not None
    return [pair for pair in packets if pair[0] < origin + 8.0]


@pytest.fixture(scope="session")
def steps(new_pipeline: Callable[[], Any], packets: list[Arrival]) -> list[Step]:
    """What a live machine that receives the packets in time has to record."""
    from forewave.live.loop import Loop
    from forewave.sources.intake.inbox import Inbox, ReceivedPacket

    received: list[Any] = []
    loop = Loop(Inbox(), new_pipeline(), lambda *step: received.append(step))
    for arrival, packet in packets:
        loop.take(ReceivedPacket(arrival, "a", packet))
    kept = (
        (now, tuple(w for w in words if not isinstance(w, Dropped)), updated)
        for now, words, updated in received
    )
    return [Step(now, words) for now, words, updated in kept if words or updated]


@pytest.fixture(scope="session")
def shaking() -> Callable[..., ShakingForecast]:
    """Makes a shaking forecast."""
    from tests import shaking_forecasts

    return shaking_forecasts.shaking
