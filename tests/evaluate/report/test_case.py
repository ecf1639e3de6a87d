import pytest

from forewave.evaluate.scoring.score import errors, versions_of


def test_a_simulated_earthquake_is_found(case):
    assert case.score.matched
    assert (case.score.stations, case.score.duplicates, case.score.false_events) == (36, 0, 0)
    assert case.score.p1_s < case.score.p4_s <= case.score.first_alert_s + 3
    assert case.score.data_s == pytest.approx(60.0, abs=0.1)
    assert case.score.compute_s == 0.0
    assert case.miss is None


def test_every_station_has_predicted_arrivals(case):
    assert set(case.p_times) == set(case.s_times) == {s.code for s in case.stations}
    assert all(case.p_times[code] < case.s_times[code] for code in case.p_times)


def test_the_worst_epicentre_is_of_all_versions(case):
    versions = versions_of(case.matching.found, case.run.alerts)
    every = [errors(m, case.truth.quake).epicentre_km for m in versions]
    assert case.worst_epicentre_km == max(every) >= case.score.final_epicentre_error_km


def test_a_miss_is_explained(missed):
    assert not missed.score.matched
    assert missed.worst_epicentre_km is None
    assert "not issued" in str(missed.miss)
    assert missed.miss.p_picks > 3
