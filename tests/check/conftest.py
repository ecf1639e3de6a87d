"""A recording to plant faults in."""

import pytest

from tests.check.bench import Bench


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path / "made")
