import io

import pytest
from msgspec.structs import replace
from rich.console import Console

from forewave.evaluate.report.table import NONE
from forewave.evaluate.suite.goals import goals
from forewave.evaluate.suite.table import GROUP_HEAD, by_group, group_cells, show, wrongs
from tests.evaluate.scoring.test_score import row
from tests.evaluate.suite.test_result_store import DONE
from tests.evaluate.synthetic import RED

WRONG = replace(
    DONE,
    name="simulated-2",
    group="other",
    miss="no event found",
    false=("fw1",),
    cancelled=("fw1",),
    rows=(
        replace(row(), duplicates=2, false_events=1, cancelled=1),
        replace(row(), id="simulated-2#2", of="simulated-2"),
    ),
)


def test_everything_wrong_is_a_sentence():
    assert wrongs(DONE) == []
    assert wrongs(WRONG) == [
        "missed: no event found",
        "missed simulated-2#2",
        "false event fw1",
        "2 duplicates",
        "cancelled event fw1",
    ]


def test_groups_keep_their_order():
    assert list(by_group([WRONG, DONE, WRONG])) == ["other", "simulated"]


def test_a_group_has_a_cell_for_every_head():
    cells = group_cells("simulated", [DONE])
    assert len(cells) == len(GROUP_HEAD)
    assert cells[:4] == ["simulated", "1", "1", "1"]


def test_the_terminal_lists_misses_and_failures():
    out = io.StringIO()
    found = goals([*DONE.rows, *WRONG.rows], [])
    show(Console(file=out, width=200), [DONE, WRONG], found, [("bad", "because")])
    text = out.getvalue()
    assert "simulated-2: missed: no event found" in text
    assert "not evaluated bad: because" in text
    assert "missed, M 5 or more in network" in text
    assert "1 false events, 2 duplicates, 1 cancelled." in text


def test_what_should_be_zero_is_red_where_it_is_not():
    out = io.StringIO()
    show(Console(file=out, width=250, force_terminal=True), [DONE, WRONG], [], [])
    assert RED + "1 false events" in out.getvalue()
    assert RED + "2 duplicates" in out.getvalue()
    out = io.StringIO()
    show(Console(file=out, width=250, force_terminal=True), [DONE], [], [])
    assert RED not in out.getvalue()


@pytest.mark.parametrize("group", ["simulated", "recorded"])
def test_only_recorded_groups_have_a_count_of_unproven_events(group):
    here = replace(DONE, rows=(replace(DONE.rows[0], later=3),))
    cell = group_cells(group, [here])[GROUP_HEAD.index("unproven, in coda")]
    assert cell == ("3" if group == "recorded" else NONE)
