from forewave.evaluate.report.rows import picks_table, stations_table, versions_table
from forewave.evaluate.report.section import traces


def test_a_row_for_every_version(case):
    text = versions_table(case)
    assert text.count('<th scope="row">') == case.score.versions
    assert f"<td>{case.score.first_alert_s:.2f}</td><td>new</td>" in text


def test_a_row_for_every_station_with_its_lead_times(case):
    text = stations_table(case)
    assert text.count('<th scope="row">') == case.score.stations
    hits = sum(users.hit for users in case.score.users.values())
    assert text.count("<td>hit +") == hits > 0


def test_a_missed_earthquake_has_stations_and_no_versions(missed):
    assert versions_table(missed).count('<th scope="row">') == 0
    assert stations_table(missed).count('<th scope="row">') == missed.score.stations


def test_a_row_for_every_trace(evaluated):
    actual = traces(*evaluated)
    text = picks_table(actual)
    assert text.count('<th scope="row">') == len(actual)
    assert all(f"{pick:.2f}" in text for t in actual for pick in t.picks)
