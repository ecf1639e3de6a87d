"""The table of checks is whole, and each names tests that there are."""

import re
from pathlib import Path

import pytest

from tests.accessibility.checks import CHECKS, Check
from tests.accessibility.results import Case, is_case_of, results

ROOT = Path(__file__).parents[2]


def test_it_has_every_check_once_in_order():
    assert [check.id for check in CHECKS] == [f"A{n:02}" for n in range(1, 43)]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_each_has_its_tests_or_is_for_people(check: Check):
    assert bool(check.tests) == (check.kind != "H")
    for test in check.tests:
        assert is_there(test), f"{check.id}: there is no {test}"


def is_there(test: str) -> bool:
    """Whether a file has a test of that name."""
    if "::" in test:
        file, _, name = test.partition("::")
        return f"def {name}(" in (ROOT / file).read_text("utf-8")
    file, _, begin = test.partition(": ")
    titles = re.findall(
        r'(?:describe|it)(?:\.each\([^"`]*\))?\(\s*["`]([^"`]+)', (ROOT / file).read_text("utf-8")
    )
    return any(begin.startswith(title) or title.startswith(begin) for title in titles)


def test_a_name_that_is_not_there_is_found_out():
    assert not is_there("tests/accessibility/test_checks.py::test_nothing")
    assert not is_there("web/tests/output/sound.test.ts: A99")


def test_what_people_test_is_described():
    page = (ROOT / "docs" / "reference" / "accessibility.md").read_text("utf-8")
    for check in CHECKS:
        assert f"| {check.id} |" in page, "python scripts/accessibility_checks.py --write"
        if check.kind == "H":
            assert re.search(rf"^### .*\b{check.id}\b", page, re.M), f"{check.id} has no protocol"


def test_a_check_is_as_good_as_its_worst_test():
    two = next(check for check in CHECKS if len(check.tests) == 2 and "::" in check.tests[0])
    first, second = two.tests

    def outcome(*cases: tuple[str, str]) -> str:
        return {one.check.id: one.outcome for one in results(Case(*case) for case in cases)}[two.id]

    assert outcome((first, "passed"), (second, "passed")) == "passed"
    assert outcome((f"{first}[a]", "failed"), (second, "passed")) == "failed"
    assert outcome((first, "passed")) == "not run"
    assert outcome((first, "skipped"), (second, "skipped")) == "skipped"


def test_a_name_that_begins_alike_is_another_test():
    assert is_case_of("tests/x.py::test_a[b]", "tests/x.py::test_a")
    assert not is_case_of("tests/x.py::test_ab", "tests/x.py::test_a")
    assert is_case_of("web/tests/x.test.ts: en A08: has it", "web/tests/x.test.ts: A08")
    assert not is_case_of("web/tests/y.test.ts: A08: has it", "web/tests/x.test.ts: A08")
