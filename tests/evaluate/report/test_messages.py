from msgspec.structs import replace

from forewave.evaluate.report import messages
from forewave.evaluate.report.messages import alerts_table, further_table, reference_table


def test_every_alert_is_a_row(case):
    text = alerts_table(case)
    assert text.count('<th scope="row">') >= len(case.run.alerts)
    assert "the earthquake" in text
    assert f"{len(case.truth.motions)} places" in text


def test_single_station_alerts_and_false_events_are_labelled(case):
    first = case.run.alerts[0]
    single_station = replace(first, alert=replace(first.alert, event="other", stations=1))
    run = with_alerts(case, [single_station])
    false = replace(case, run=run, matching=replace(case.matching, false=("other",)))
    assert "false (single-station)" in alerts_table(false)


def with_alerts(case, alerts):
    return case.run.__class__([], [], alerts, case.run.dropped)


def test_a_recording_without_alerts_has_a_sentence_instead_of_a_table(missed):
    assert alerts_table(missed) == "<p>No alert was issued.</p>"


def test_reference_algorithms_follow_forewave(case):
    text = reference_table(case)
    assert text.index("forewave") < text.index("EPIC") < text.index("PLUM 60 km")


def test_other_earthquakes_have_a_result(case):
    row = replace(case.score, id="small#2", matched=False)
    text = further_table(replace(case, further=(row,)))
    assert "small#2" in text
    assert "missed" in text


def test_heads_and_cells_go_together(case):
    alerts = case.run.alerts[0]
    assert len(messages._alert(alerts, "x", None, case)) == len(messages.HEAD)
