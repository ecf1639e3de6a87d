"""What holds for every test."""

import csv
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from forewave.earth import travel_time
from forewave.earth.travel_time import TravelTimes

# Examples are found in a fixed order and without a time limit: a test that failed once fails
# again, and a busy machine is no reason to fail.
settings.load_profile("ci")

TESTS = Path(__file__).parent


SHIPPED = TESTS / "data"


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
