"""Steps the wall clocks of a cluster's processes while they run, for tests and benchmarks."""

import os
from contextlib import contextmanager
from pathlib import Path

STEPPED = Path(__file__).with_name("stepped")


@contextmanager
def steppable(folder):
    """Processes started meanwhile have a clock that `step` moves. Answers `step(name, seconds)`."""
    folder.mkdir(exist_ok=True)
    before = {name: os.environ.get(name) for name in ("PYTHONPATH", "FOREWAVE_STEPS")}
    paths = [str(STEPPED), *filter(None, [before["PYTHONPATH"]])]
    os.environ |= {"PYTHONPATH": os.pathsep.join(paths), "FOREWAVE_STEPS": str(folder)}

    def step(name, seconds):
        waiting = folder / f"{name}.new"
        waiting.write_text(str(seconds))
        waiting.replace(folder / f"{name}.step")

    try:
        yield step
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
