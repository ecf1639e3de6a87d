from collections import Counter

import pytest

from forewave.evaluate.scoring import score
from forewave.evaluate.scoring.catalogue import Quake
from forewave.evaluate.scoring.playback import Run
from forewave.evaluate.scoring.truth import Truth
from tests.evaluate.synthetic import QUAKE, T0, alert, issued_alert, motion, origin

TRUTH = Truth(QUAKE, (), (motion("A", 5.5, III=8.0, IV=9.0, V=11.0), motion("B", 2.5)), ())
NAMES = [
    "id",
    "kind",
    "magnitude",
    "stations",
    "matched",
    "duplicates",
    "false_events",
    "versions",
    "p1_s",
    "p4_s",
    "first_alert_s",
    "first_epicentre_error_km",
    "final_epicentre_error_km",
    "first_depth_error_km",
    "final_depth_error_km",
    "first_magnitude_error",
    "final_magnitude_error",
    "magnitude_error_20s",
    "intensity_within_1_first",
    "intensity_within_1_final",
    "users",
    "compute_s",
    "data_s",
]
TWO = Truth(QUAKE, (Quake(T0 + 60, 0.0, 1.0, 10.0, 5.0),), TRUTH.motions, (), True)


def run_of(*messages):
    return Run([], [], list(messages), Counter(), 1.5, 90.0)


def row(*messages, truth=TRUTH):
    return score.score("x", "earthquake", 2, truth, run_of(*messages), [3.0, 4.0, 5.0, 6.5, 9.0])


MESSAGES = (
    issued_alert(alert(at=7.0, where=origin(0.2, 8.0, 15.0), magnitude=5.9), A=4.8, B=3.6),
    issued_alert(
        alert(version=2, at=15.0, where=origin(0.1, 4.0, 12.0), magnitude=6.2), A=5.2, B=3.4
    ),
    issued_alert(
        alert(version=3, at=25.0, where=origin(0, -2.0, 9.0), magnitude=6.6), A=5.6, B=3.6
    ),
)


def test_the_names_are_those_of_the_design():
    assert list(score.EventScore.__struct_fields__)[: len(NAMES)] == NAMES


def test_a_found_earthquake_worked_out_by_hand():
    actual = row(*MESSAGES)
    assert (actual.matched, actual.versions, actual.duplicates, actual.false_events) == (
        True,
        3,
        0,
        0,
    )
    assert (actual.p1_s, actual.p4_s) == (3.0, 6.5)
    assert actual.first_alert_s == pytest.approx(7.0)
    assert actual.first_epicentre_error_km == pytest.approx(8.0)
    assert actual.final_epicentre_error_km == pytest.approx(2.0)
    assert (actual.first_depth_error_km, actual.final_depth_error_km) == (5.0, -1.0)
    assert actual.first_magnitude_error == pytest.approx(-0.6)
    assert actual.magnitude_error_20s == pytest.approx(-0.3)
    assert actual.final_magnitude_error == pytest.approx(0.1)
    # A observed 5.5, B 2.5. First: 4.8 and 3.6 (1.1 off). Final: 5.6 and 3.6.
    assert (actual.intensity_within_1_first, actual.intensity_within_1_final) == (0.5, 0.5)
    assert actual.users["V"].late == 1  # V forecast at 15 s, reached at 11 s
    assert actual.users["IV"].hit == 1
    assert actual.users["IV"].lead_time_median_s == pytest.approx(2.0)


def test_a_missed_earthquake_has_no_errors_and_counts_as_forecast_ii():
    actual = row()
    assert not actual.matched
    assert (
        actual.first_alert_s is actual.final_magnitude_error is actual.magnitude_error_20s is None
    )
    assert actual.intensity_within_1_final == 0.5
    assert actual.users["IV"].miss == 1


def test_a_cancel_is_no_version():
    assert row(MESSAGES[0], issued_alert(alert(version=2, kind="cancel"))).versions == 1


def test_without_a_version_by_20_s_there_is_no_magnitude_then():
    assert row(issued_alert(alert(at=21.0), A=5.0)).magnitude_error_20s is None


def test_no_depth_in_the_catalogue_no_depth_error():
    truth = Truth(Quake(T0, 0.0, 0.0, None, 6.5), (), (), ())
    actual = row(*MESSAGES, truth=truth)
    assert actual.first_depth_error_km is actual.final_depth_error_km is None
    assert actual.intensity_within_1_first is None


def test_noise_counts_false_events_only():
    actual = score.score("n", "noise", 2, Truth(None, (), (), ()), run_of(MESSAGES[0]))
    assert (actual.magnitude, actual.matched, actual.false_events) == (None, False, 1)
    assert actual.first_alert_s is actual.p1_s is actual.intensity_within_1_first is None


def test_errors_within_and_beyond_sigma_are_distinguished():
    actual = row(*MESSAGES)  # sigmas 5 km and 0.3; errors 8 and 2 km, 0.6 and 0.1
    assert (actual.first_epicentre_covered, actual.final_epicentre_covered) == (False, True)
    assert (actual.first_magnitude_covered, actual.final_magnitude_covered) == (False, True)


def test_the_magnitude_three_seconds_after_the_first_alert():
    assert row(*MESSAGES).magnitude_error_3s == pytest.approx(-0.6)
    soon = issued_alert(alert(version=2, at=9.9, magnitude=6.3), A=5.0)
    assert row(MESSAGES[0], soon).magnitude_error_3s == pytest.approx(-0.2)


def test_a_single_station_alert_is_not_the_first_alert():
    notice = issued_alert(alert(version=1, at=3.0, magnitude=5.0, stations=1), A=5.0)
    actual = row(notice, *MESSAGES)
    assert actual.notice_s == pytest.approx(3.0)
    assert actual.first_alert_s == pytest.approx(7.0)
    assert actual.first_magnitude_error == pytest.approx(-0.6)
    assert actual.versions == 3
    assert not row(notice).matched


def test_a_single_station_alert_without_earthquake_is_false():
    far = issued_alert(alert("n", at=3.0, where=origin(0, 900.0), stations=1), A=5.0)
    assert row(far, *MESSAGES).false_events == 1


def test_every_earthquake_has_a_row_with_its_own_figures():
    second = issued_alert(alert("b", at=66.0, where=origin(61.0, 115.0), magnitude=5.2), A=3.0)
    again = issued_alert(alert("c", at=70.0, where=origin(64.0, 118.0), magnitude=5.2), A=3.0)
    run = run_of(*MESSAGES, second, again)
    main = score.score("x", "earthquake", 2, TWO, run)
    (other,) = score.further(main, TWO, run)
    assert (main.matched, main.duplicates, main.false_events) == (True, 0, 0)
    assert (other.id, other.of, other.magnitude) == ("x#2", "x", 5.0)
    assert (other.matched, other.duplicates) == (True, 1)
    assert other.first_alert_s == pytest.approx(6.0)
    assert other.first_magnitude_error == pytest.approx(0.2)
    assert other.users == {}


def test_a_missed_second_earthquake_is_missed():
    main = row(*MESSAGES, truth=TWO)
    (other,) = score.further(main, TWO, run_of(*MESSAGES))
    assert main.matched
    assert not other.matched


def test_an_algorithm_without_magnitude_has_no_magnitude_error():
    actual = score.reference_score(TRUTH, [issued_alert(alert(magnitude=float("nan")), A=5.5)])
    assert actual.matched
    assert actual.first_magnitude_error is actual.final_magnitude_error is None


def test_a_lucky_false_alert_is_no_first_alert():
    lucky = issued_alert(alert(at=-4.0, where=origin(-3.0, 5.0), magnitude=4.5), A=3.0)
    actual = row(lucky, *MESSAGES)
    assert (actual.first_alert_s, actual.false_events) == (pytest.approx(7.0), 1)
    assert actual.versions == len(MESSAGES)
