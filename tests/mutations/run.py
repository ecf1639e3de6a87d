"""Plants one defect at a time in a copy of the tree and runs the tests nearest to it.

A copy shares nothing that could hide a change: byte code is compared by content and not by time,
compiled kernels are looked up by the content of their folder, and what is imported is checked to
be the copy's.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal, TypeAlias

from msgspec import Struct

from tests.mutations.table import ROOT, Defect, planted

Outcome: TypeAlias = Literal["caught", "survived", "equivalent"]
Done: TypeAlias = "subprocess.CompletedProcess[str]"
TIME_LIMIT = 120.0  # seconds for the tests of one defect; tests that hang have noticed it
ONE_TEST = 40  # seconds for one test, after which it has failed
_SKIPPED = (".git", ".venv*", "node_modules", "__pycache__", ".*_cache", ".hypothesis", "out")
_FAILED = (1, 2)  # pytest: a test failed; a file could not be imported
_FIRST = re.compile(r"^\s*(?:FAILED|ERROR|FAIL)\s+(tests/.+?)(?: - .*)?$", re.MULTILINE)


class RunError(Exception):
    """The tests could not be run, or they fail without any defect."""


class Result(Struct, frozen=True):
    """What the tests say of a defect, and the first test that fails (empty where none does)."""

    outcome: Outcome
    by: str = ""


class Copy:
    """A copy of the tree below `folder`, ready to run its tests in."""

    def __init__(self, folder: Path, source: Path = ROOT) -> None:
        self.root = folder / "tree"
        shutil.copytree(source, self.root, ignore=shutil.ignore_patterns(*_SKIPPED))
        self._modules = source / "web" / "node_modules"
        if self._modules.is_dir():
            (self.root / "web" / "node_modules").symlink_to(self._modules)
        self._python(
            "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "src", "tests"
        )
        where = self._python("-c", "import forewave; print(forewave.__file__)").stdout.strip()
        if not Path(where).is_relative_to(self.root):
            raise RunError(f"the tests would import {where}, not the copy")

    def failure(self, tests: Sequence[str]) -> str | None:
        """The first of these tests that fails in the copy as it is, or None."""
        try:
            done = self._vitest(tests) if tests[0].startswith("web/") else self._pytest(tests)
        except subprocess.TimeoutExpired:
            return "the time limit"
        if done.returncode == 0:
            return None
        if done.returncode not in _FAILED:
            raise RunError(f"{' '.join(tests)}: exit code {done.returncode}\n{done.stdout[-2000:]}")
        first = _FIRST.search(done.stdout)
        return first.group(1) if first else "a test"

    def result(self, defect: Defect) -> Result:
        """What the tests say of a defect; the copy is as before afterwards."""
        if defect.equivalent is not None:
            return Result("equivalent")
        with self._planted(defect):
            failed = self.failure(defect.tests)
        return Result("survived") if failed is None else Result("caught", failed)

    @contextmanager
    def _planted(self, defect: Defect) -> Iterator[None]:
        file = self.root / defect.file
        whole = file.read_text("utf-8")
        file.write_text(planted(defect, self.root), "utf-8")
        try:
            yield
        finally:
            file.write_text(whole, "utf-8")

    def _pytest(self, tests: Sequence[str]) -> Done:
        options = ("-x", "-q", "-p", "no:cacheprovider", f"--timeout={ONE_TEST}")
        return self._python("-m", "pytest", *options, *tests)

    def _vitest(self, tests: Sequence[str]) -> Done:
        vitest = self._modules / ".bin" / "vitest"
        if not (vitest.exists() and shutil.which("node")):
            raise RunError("the pages' tests need node on the PATH, and `npm --prefix web ci`")
        names = [test.removeprefix("web/") for test in tests]
        return self._run([str(vitest), "run", "--bail=1", *names], "web")

    def _python(self, *arguments: str) -> Done:
        return self._run([sys.executable, *arguments], ".")

    def _run(self, command: Sequence[str], folder: str) -> Done:
        """The command's end. One that is over its limit is killed with all that it started."""
        environment = {**os.environ, "PYTHONPATH": str(self.root / "src"), "NO_COLOR": "1"}
        environment.pop("NUMBA_CACHE_DIR", None)
        with subprocess.Popen(
            command,
            cwd=self.root / folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        ) as process:
            try:
                output, _ = process.communicate(timeout=TIME_LIMIT)
            except BaseException:
                os.killpg(process.pid, signal.SIGKILL)
                raise
        return subprocess.CompletedProcess(command, process.returncode, output)
