"""The table of what follows of a shaking forecast, row by row."""

import inspect
import re

import pytest
from msgspec.structs import replace

from forewave.alerts.decision import Decision, decide
from forewave.alerts.issuer import Issuer
from forewave.alerts.policy import AlertSettings

START, SOON, LATER = 1005.0, 1005.2, 1040.0
NAN = float("nan")


@pytest.fixture
def issued(shaking):
    """The last message of each kind."""

    def last(first, *then):
        issuer = Issuer()
        alerts = issuer.feed(first, START)
        for each in then:
            alerts += issuer.feed(each, LATER - 10.0)
        return alerts[-1]

    return {
        "nothing": None,
        "a level": last(shaking(6.0, 6.0)),
        "cancel": last(shaking(6.0, 6.0), shaking(2.0, 3.0)),
        "one station's": last(shaking(6.0, 6.0, stations=1, site=6.0)),
    }


# The cells of each row of the docstring, and forecasts with the time that make it.
ROWS = {
    ("nothing or cancel", "withdrawn", "close"): ({"withdrawn": "x"}, LATER),
    ("a level", "withdrawn", "issue cancel, false"): ({"withdrawn": "x"}, SOON),
    ("nothing", "a level, and trusted", "issue new"): ({}, START),
    ("nothing", "anything else", "ignore"): ({"likelihood": 0.2}, START),
    ("anything", "of one station", "ignore"): ({"stations": 1, "site": 7.0}, LATER),
    ("one station's", "without a pick, as after a restart", "ignore"): ({"stations": 0}, LATER),
    ("anything", "with a number missing", "nothing"): ({"magnitude": NAN}, LATER),
    ("cancel", "a level, and trusted", "issue update"): ({}, LATER),
    ("cancel", "anything else", "nothing"): ({"likelihood": 0.2}, LATER),
    ("one station's", "a level, and trusted", "issue update"): ({}, SOON),
    ("one station's", "a level, and not trusted", "nothing"): ({"likelihood": 0.2}, LATER),
    ("a level", "a higher level, and probable", "issue update"): ({"intensity": 6.0}, SOON),
    ("a level", "a higher level, and not probable", "nothing"): (
        {"intensity": 6.0, "likelihood": 0.79},
        SOON,
    ),
    ("a level", "the same, and no difference that counts", "nothing"): ({}, LATER),
    ("a level", "a change, too soon after the last", "wait"): ({"magnitude": 6.5}, SOON),
    ("a level", "below every level", "issue cancel, smaller"): (
        {"intensity": 2.0, "magnitude": 3.0},
        LATER,
    ),
    ("a level", "a change", "issue update"): ({"magnitude": 6.5}, LATER),
}
WHO = {"nothing or cancel": ("nothing", "cancel"), "anything": ("a level", "one station's")}


def said(decision: Decision) -> str:
    if decision.act != "issue":
        return decision.act
    return f"issue {decision.kind}" + (f", {decision.why}" if decision.why else "")


@pytest.mark.parametrize(("who", "what", "so"), ROWS)
def test_a_row_holds(shaking, issued, who, what, so):
    how, now = ROWS[who, what, so]
    made = shaking(**{"intensity": 6.0, "magnitude": 6.0} | how)
    for name in WHO.get(who, (who,)):
        last = issued[name]
        if what.startswith("a higher level"):
            last = replace(last, level="aware")
        decision = decide(last, made, now, AlertSettings())
        assert said(decision) == so, name
        assert (decision.level is not None) == (decision.act == "issue")


def test_the_table_has_no_other_rows():
    text = inspect.getdoc(decide) or ""
    rows = [
        tuple(map(str.strip, r.strip("|").split("|"))) for r in re.findall(r"^\|.*\|$", text, re.M)
    ]
    assert rows[2:] == list(ROWS)


def test_deciding_changes_nothing(shaking, issued):
    made = shaking(6.0, 6.5)
    first = decide(issued["a level"], made, SOON, AlertSettings())
    assert decide(issued["a level"], made, SOON, AlertSettings()) == first
