import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data():
    """The folder of recordings; skips where there is none."""
    folder = Path(os.environ.get("FOREWAVE_DATA", Path(__file__).parents[2] / "../shared/data"))
    if not folder.is_dir():
        pytest.skip(f"no recordings at {folder}: set FOREWAVE_DATA")
    return folder
