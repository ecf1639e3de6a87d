import io

import pytest
from msgspec.structs import replace
from rich.console import Console

from forewave.evaluate.report import table
from forewave.evaluate.scoring.users import Users
from tests.evaluate.synthetic import RED


@pytest.mark.parametrize(
    ("value", "digits", "signed", "text"),
    [(None, 1, False, "–"), (1.25, 1, False, "1.2"), (0.5, 2, True, "+0.50"), (-3, 0, True, "-3")],
)
def test_numbers_are_formatted(value, digits, signed, text):
    assert table.number(value, digits, signed) == text


def test_shares_and_pairs():
    assert (table.percent(0.954), table.percent(None)) == ("95", "–")
    assert (table.pair(1.0, 2.0), table.pair(None, None)) == ("1.0 → 2.0", "–")
    assert table.counts(Users(1, 2, 3, 4, None, None)) == "1/2/3/4"


def test_results(case, missed):
    assert table.result(case) == "found"
    assert table.result(missed) == "not issued"
    row = replace(case.score, duplicates=1, false_events=2, cancelled=3, later=4)
    assert table.result(replace(case, score=row)) == (
        "found, 1 duplicate, 2 false, 3 cancelled, 4 unproven in the coda"
    )


def shown(*cases, failed=(), **how):
    out = io.StringIO()
    table.show(Console(file=out, width=200, **how), list(cases), list(failed))
    return out.getvalue()


def test_misses_failures_and_counts_are_printed(case, missed):
    text = shown(case, missed, failed=[("broken", "broken/event.json: no such file")])
    assert "found as M" in text
    assert "not evaluated broken: broken/event.json: no such file" in text
    assert (
        "1 of 2 earthquakes found in 2 recordings; 0 false events, 0 duplicates, 0 cancelled."
    ) in text


def with_extra(case, **counts):
    return replace(case, score=replace(case.score, **counts))


@pytest.mark.parametrize("name", ["false_events", "duplicates", "cancelled"])
def test_errors_are_red_on_a_terminal_only(case, name, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    wrong = with_extra(case, **{name: 3})
    assert shown(wrong, force_terminal=True).count(RED + "3") == 2  # the line and the summary
    assert RED not in shown(case, force_terminal=True)
    assert "\x1b" not in shown(wrong)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[1;31m" not in shown(wrong, force_terminal=True)


def test_only_recordings_have_a_column_of_unproven_events(case):
    def columns(complete):
        known = replace(case, truth=replace(case.truth, complete=complete))
        return "unproven," in shown(known)

    assert columns(complete=False)
    assert not columns(complete=True)


def test_every_earthquake_of_a_recording_has_a_line_and_is_counted(case):
    second = replace(case.score, id="x#2", of=case.score.id, matched=False, first_alert_s=None)
    text = shown(replace(case, further=(second,)))
    assert "1 of 2 earthquakes found in 1 recordings" in text
    assert any("x#2" in line and "missed" in line for line in text.splitlines())
