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


@pytest.fixture(scope="session")
def recordings() -> Path:
    """The folder of recorded earthquakes, which is not part of the repository."""
    folder = Path(os.environ.get("FOREWAVE_DATA", TESTS.parent / "../shared/data"))
    if not folder.is_dir():
        pytest.skip(f"no recordings at {folder}: set FOREWAVE_DATA")
    return folder


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
