"""Runs the checks of accessibility as part of pytest, and writes the page about them.

    python -m pytest -p tests.accessibility.plugin --accessibility=FOLDER [--only-accessibility]

FOLDER gets index.html, with every picture. Without --only-accessibility all tests run.
"""

import os
import shutil
from pathlib import Path

import pytest

from tests.accessibility import checks, report
from tests.accessibility.evidence import VARIABLE
from tests.accessibility.results import Case, Result, is_case_of, of_vitest, results

ROOT = Path(__file__).parents[2]
PAGES_OWN = "tests/test_web.py::test_the_pages_pass_their_own"
MARKS = {"passed": "pass", "failed": "FAIL", "skipped": "skipped", "not run": "NOT RUN"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where the page goes, and whether other tests run."""
    parser.addoption("--accessibility", metavar="FOLDER", help="keep pictures, and write the page")
    parser.addoption("--only-accessibility", action="store_true", help="run no other tests")


def pytest_configure(config: pytest.Config) -> None:
    """Workers keep their evidence in the same folder."""
    if hasattr(config, "workerinput") or not config.option.accessibility:
        return
    folder = Path(config.option.accessibility).resolve()
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.environ[VARIABLE] = str(folder)
    config.pluginmanager.register(Collector(folder, config.option.only_accessibility))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave only the tests of the table, where that was asked."""
    if not config.option.only_accessibility:
        return
    wanted = checks.tests()
    keep = [item for item in items if _is_wanted(item.nodeid, wanted)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(keep)])
    items[:] = keep


def _is_wanted(name: str, wanted: set[str]) -> bool:
    return name == PAGES_OWN or any(is_case_of(name, test) for test in wanted)


class Collector:
    """What became of the tests, in the process that collects it."""

    def __init__(self, folder: Path, only: bool) -> None:
        self._folder = folder
        self._only = only
        self._cases: dict[str, Case] = {}
        self._results: list[Result] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """The last phase of a test that says anything."""
        if report.when == "call" or report.outcome != "passed":
            figures = tuple(report.user_properties)
            self._cases[report.nodeid] = Case(report.nodeid, report.outcome, figures)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Write the page; a check that failed, or was to run and did not, fails the session."""
        pages = of_vitest(self._folder / "vitest.json", ROOT)
        self._results = results([*self._cases.values(), *pages])
        report.write(self._folder, self._results)
        bad = ["failed", *["not run"] * self._only]
        if any(one.outcome in bad and one.check.kind != "H" for one in self._results):
            session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """A line for each check."""
        terminalreporter.section("accessibility")
        for one in self._results:
            check = one.check
            mark = "people" if check.kind == "H" else MARKS[one.outcome]
            terminalreporter.write_line(f"{check.id}  {mark:<8} {one.count:>4}  {check.sentence}")
        terminalreporter.write_line(f"{self._folder / 'index.html'}")
