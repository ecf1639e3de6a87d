"""How tests are spread over the cores: those marked live are alone on the machine."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("xdist")
CONFTEST = Path(__file__).with_name("conftest.py")
BUSY = """
import time
from pathlib import Path
import pytest

@pytest.mark.parametrize("n", range(3))
def test_busy(n):
    here = Path(__file__).with_suffix(f".{n}.running")
    here.touch()
    until = time.monotonic() + 0.2
    while time.monotonic() < until:
        pass
    here.unlink()
"""
LIVE = """
import time
from pathlib import Path
import pytest

@pytest.mark.live
def test_alone():
    until = time.monotonic() + 0.3
    while time.monotonic() < until:
        assert not list(Path(__file__).parent.glob("*.running"))
"""


@pytest.fixture
def played(tmp_path):
    """The output of a small set of tests under this conftest, on two workers."""
    shutil.copy(CONFTEST, tmp_path / "conftest.py")
    for name in "bcd":
        (tmp_path / f"test_{name}.py").write_text(BUSY)
    (tmp_path / "test_a.py").write_text(LIVE)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    live: alone\n")
    spread = ["-n", "2", "-v", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *spread, "--basetemp", "base", str(tmp_path)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def test_a_live_test_comes_late_and_runs_while_no_other_does(played):
    """By its name it would be the first."""
    assert "10 passed" in played, played
    passed = [line for line in played.splitlines() if "PASSED" in line]
    assert not any("test_a.py" in line for line in passed[:4])


def test_the_tests_of_a_file_stay_on_one_worker(played):
    workers = {}
    for line in played.splitlines():
        if "PASSED" in line and "test_busy" in line:
            worker, _, rest = line.partition("]")
            workers.setdefault(rest.partition("::")[0].split()[-1], set()).add(worker)
    assert len(workers) == 3
    assert all(len(each) == 1 for each in workers.values())
