from msgspec.structs import replace

from forewave.evaluate.report import messages
from forewave.evaluate.report.messages import alerts_table, further_table, reference_table


def test_every_alert_is_a_row(case):
    text = alerts_table(case)
    assert text.count('<th scope="row">') >= len(case.run.alerts)
    assert "the earthquake" in text
    assert f"{len(case.truth.motions)} places" in text


def test_notices_and_false_events_are_labelled(case):
    first = case.run.alerts[0]
    notice = replace(first, alert=replace(first.alert, event="other", stations=1))
    run = replace_told(case, [notice])
    false = replace(case, run=run, matching=replace(case.matching, false=("other",)))
    assert "false (single-station)" in alerts_table(false)


def replace_told(case, alerts):
    return case.run.__class__([], [], alerts, case.run.dropped)


def test_nothing_told_is_said(missed):
    assert alerts_table(missed) == "<p>No alert was issued.</p>"


def test_peers_stand_below_ours(case):
    text = reference_table(case)
    assert text.index("forewave") < text.index("EPIC") < text.index("PLUM 60 km")


def test_other_earthquakes_have_a_verdict(case):
    row = replace(case.score, id="small#2", matched=False)
    text = further_table(replace(case, further=(row,)))
    assert "small#2" in text
    assert "missed" in text


def test_heads_and_cells_go_together(case):
    alerts = case.run.alerts[0]
    assert len(messages._alert(alerts, "x", None, case)) == len(messages.HEAD)
