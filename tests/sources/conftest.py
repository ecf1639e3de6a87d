import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def recordings():
    """The folder of recorded earthquakes, which is not part of the repository."""
    default = Path(__file__).parents[2] / "../shared/data"
    folder = Path(os.environ.get("FOREWAVE_DATA", default))
    if not folder.is_dir():
        pytest.skip(f"no recordings at {folder}: set FOREWAVE_DATA")
    return folder
