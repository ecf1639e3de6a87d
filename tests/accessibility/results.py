"""What became of the tests of each check."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.accessibility.checks import CHECKS, Check

Outcome = Literal["passed", "failed", "skipped", "not run"]


@dataclass(frozen=True)
class Result:
    """count: of the cases of its tests that ran."""

    check: Check
    outcome: Outcome
    count: int
    failed: tuple[str, ...] = ()
    figures: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True)
class Case:
    """A test with its parameters, as it was run. name: as the table has it, with more behind it."""

    name: str
    outcome: str
    figures: tuple[tuple[str, object], ...] = ()


def of_vitest(file: Path, root: Path) -> list[Case]:
    """The cases in vitest's own report; none where it was not run."""
    if not file.is_file():
        return []
    return [
        Case(f"{Path(suite['name']).relative_to(root)}: {case['fullName']}", case["status"])
        for suite in json.loads(file.read_text("utf-8"))["testResults"]
        for case in suite["assertionResults"]
    ]


def results(cases: Iterable[Case]) -> list[Result]:
    """One for each check, in order."""
    by_test: dict[str, list[Case]] = {}
    names = {test for check in CHECKS for test in check.tests}
    for case in cases:
        for test in names:
            if is_case_of(case.name, test):
                by_test.setdefault(test, []).append(case)
    return [result(check, by_test) for check in CHECKS]


def is_case_of(name: str, test: str) -> bool:
    """Whether a case is one of that test, not of another that begins alike."""
    if "::" in test:
        return name == test or name.startswith(f"{test}[")
    file, _, words = test.partition(": ")
    return name.startswith(f"{file}: ") and words in name


def result(check: Check, by_test: Mapping[str, list[Case]]) -> Result:
    """Failed where a case has failed; not run where any of its tests was not."""
    cases = [case for test in check.tests for case in by_test.get(test, [])]
    failed = tuple(case.name for case in cases if case.outcome == "failed")
    passed = [case for case in cases if case.outcome == "passed"]
    figures = tuple(figure for case in cases for figure in case.figures)
    missing = any(test not in by_test for test in check.tests)
    outcome: Outcome = (
        "failed" if failed
        else "not run" if missing or not cases
        else "passed" if passed
        else "skipped"
    )  # fmt: skip
    return Result(check, outcome, len(passed), failed, figures)
