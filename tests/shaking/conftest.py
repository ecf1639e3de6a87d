import csv
from collections.abc import Callable
from pathlib import Path

import pytest

REFERENCE = Path(__file__).parent.parent / "reference"


@pytest.fixture(scope="session")
def reference() -> Callable[[str], list[dict[str, str]]]:
    """Rows of a file of tests/reference."""

    def rows(name: str) -> list[dict[str, str]]:
        with (REFERENCE / name).open(newline="") as file:
            return list(csv.DictReader(file))

    return rows
