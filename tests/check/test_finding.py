from typing import get_args

from forewave.check.finding import ORDER, Finding, errors_first
from forewave.formats.faults import Severity


def made(severity, subject="a"):
    return Finding(severity, subject, "what", "remedy")


def test_the_worst_comes_first_and_equals_stay_in_order():
    found = [made("note"), made("warning", "b"), made("error"), made("warning", "a")]
    told = [(f.severity, f.subject) for f in errors_first(found)]
    assert told == [("error", "a"), ("warning", "b"), ("warning", "a"), ("note", "a")]


def test_every_severity_has_its_rank():
    assert set(ORDER) == set(get_args(Severity))
