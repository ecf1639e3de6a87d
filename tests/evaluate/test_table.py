import io

import pytest
from rich.console import Console

from forewave.evaluate import table
from forewave.evaluate.users import Users


@pytest.mark.parametrize(
    ("value", "digits", "signed", "text"),
    [(None, 1, False, "–"), (1.25, 1, False, "1.2"), (0.5, 2, True, "+0.50"), (-3, 0, True, "-3")],
)
def test_numbers_for_people(value, digits, signed, text):
    assert table.number(value, digits, signed) == text


def test_shares_and_pairs():
    assert (table.percent(0.954), table.percent(None)) == ("95", "–")
    assert (table.pair(1.0, 2.0), table.pair(None, None)) == ("1.0 → 2.0", "–")
    assert table.counts(Users(1, 2, 3, 4, None, None)) == "1/2/3/4"


def test_verdicts(case, missed):
    assert table.verdict(case) == "found"
    assert table.verdict(missed) == "not told"


def test_everything_is_said(case, missed):
    out = io.StringIO()
    console = Console(file=out, width=160)
    table.show(console, [case, missed], [("broken", "broken/event.json: no such file")])
    text = out.getvalue()
    assert "found as M" in text
    assert "not judged broken: broken/event.json: no such file" in text
    assert "1 of 2 earthquakes told; 0 false events, 0 duplicates, 0 later" in text
