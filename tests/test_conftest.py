"""How tests are spread over the cores: what is live, what is alone, and what stays together."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

pytest.importorskip("xdist")
CONFTEST = Path(__file__).with_name("conftest.py")
HEAD = """
import time
from contextlib import contextmanager
from pathlib import Path
import pytest

HERE = Path(__file__).parent

@contextmanager
def running(kind):
    here = Path(__file__).with_suffix(f".{kind}")
    here.touch()
    try:
        yield
    finally:
        here.unlink()

def of(kind):
    return list(HERE.glob(f"*.{kind}"))

def during(seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        yield
"""
OTHER = """
MARKS
@pytest.mark.parametrize("n", range(3))
def test_other(n):
    with running("other"):
        for _ in during(0.2):
            assert not of("live") + of("alone")
"""
LIVE = """
MARKS
def test_live():
    with running("live"):
        for _ in during(20.0):  # until the other one runs too
            assert not of("other") + of("alone")
            if HERE.joinpath("both").exists():
                return
            if len(of("live")) == 2:
                HERE.joinpath("both").touch()
        raise AssertionError("the other one did not come")
"""
ALONE = """
MARKS
def test_alone():
    with running("alone"):
        for _ in during(0.3):
            assert not of("other") + of("live")
"""
FILES = {  # by their names alone those that come last would be the first
    "a": (ALONE, "alone"),
    "b": (LIVE, "live"),
    "c": (LIVE, "live", "xdist_group('night')"),
    "d": (OTHER, "xdist_group('pair')"),
    "e": (OTHER, "xdist_group('pair')"),
    "f": (OTHER,),
    "g": (OTHER + ALONE.replace("MARKS", "@pytest.mark.alone"), "slow"),  # one of it is alone
}


def written(content, *marks):
    """Put together here, or this file itself would be taken for a live one."""
    return HEAD + content.replace("MARKS", "\n".join(f"@pytest.mark.{mark}" for mark in marks))


@pytest.fixture(scope="module")
def passed(tmp_path_factory):
    """(worker, file) of each test of a small set under this conftest, on two workers, in order."""
    folder = tmp_path_factory.mktemp("spread")
    shutil.copy(CONFTEST, folder / "conftest.py")
    for name, parts in FILES.items():
        (folder / f"test_{name}.py").write_text(written(*parts).replace("'", '"'))
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    slow:\n    live:\n    alone:\n")
    spread = ["-n", "2", "-v", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *spread, str(folder)],
        cwd=folder,
        # Not --basetemp, which pytest empties when it may: locks of a worker could be in it.
        env={**os.environ, "PYTEST_DEBUG_TEMPROOT": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "16 passed" in done.stdout, done.stdout
    return re.findall(r"^\[(gw\d)\].* PASSED .*test_(\w)\.py::", done.stdout, re.MULTILINE)


@pytest.mark.thorough
def test_two_live_tests_run_at_once_and_no_other_does(passed):
    """The tests themselves look for each other."""
    assert len({worker for worker, file in passed if file in "bc"}) == 2


def test_slow_files_come_first_then_others_then_live_ones_and_what_is_alone_last(passed):
    # Workers report beside each other, so that one line may overtake another.
    files = [file for _, file in passed]
    assert "g" in files[:2]
    assert {"b", "c"} <= set(files[-6:-2])
    assert set(files[-2:]) == {"a", "g"}


def test_the_tests_of_a_file_and_of_a_group_stay_on_one_worker(passed):
    together = passed[:-2]  # without those alone
    workers = {file: {worker for worker, each in together if each == file} for file in "defg"}
    assert [len(each) for each in workers.values()] == [1, 1, 1, 1]
    assert workers["d"] == workers["e"]
