import pytest

from forewave.evaluate.scoring import users
from forewave.evaluate.scoring.truth import Truth
from tests.evaluate.synthetic import QUAKE, T0, alert, issued_alert, motion

STATIONS = (
    motion("A", 4.4, III=10.0, IV=12.0),
    motion("B", 3.2, III=20.0),
    motion("C", 2.0),
)
TOLD = [
    issued_alert(alert(at=5.0), A=3.5, B=3.0, C=4.6),
    issued_alert(alert(version=2, at=11.0), A=4.2, B=3.0, C=3.0),
]


def test_every_user_worked_out_by_hand():
    table = users.table(users.outcomes(Truth(QUAKE, (), STATIONS, ()), TOLD))
    # III: lead times A 5 s, B 15 s; C observed 2.0. IV: A forecast 11 s, reached 12 s; C false.
    assert table["III"] == users.Users(2, 0, 0, 1, 10.0, pytest.approx(14.0))
    assert table["IV"] == users.Users(1, 0, 0, 1, 1.0, 1.0)
    assert table["V"] == table["VI"] == users.Users(0, 0, 0, 0, None, None)


def test_a_forecast_after_the_level_is_late_with_negative_lead_time():
    late = users.outcome(STATIONS[0], "IV", 4.0, T0 + 13.0)
    assert (late.kind, late.lead_s) == ("late", pytest.approx(-1.0))


def test_a_forecast_at_the_time_of_the_level_is_late():
    assert users.outcome(STATIONS[0], "IV", 4.0, T0 + 12.0).kind == "late"


def test_no_forecast_of_a_reached_level_is_a_miss():
    assert users.outcome(STATIONS[0], "IV", 4.0, None).kind == "miss"


def test_half_a_unit_short_is_not_false():
    assert users.outcome(motion("D", 3.6), "IV", 4.0, T0).kind == "none"
    assert users.outcome(motion("D", 3.4), "IV", 4.0, T0).kind == "false"


def test_false_goes_by_what_the_levels_go_by():
    assert users.outcome(motion("D", 3.0, pga_mmi=3.8), "IV", 4.0, T0).kind == "none"


def test_forecasts_of_all_events_count():
    other = issued_alert(alert("b", at=2.0), A=5.0)
    assert users.first_issued("A", 4.0, [*TOLD, other]) == T0 + 2.0


def test_a_place_without_forecast_has_no_issue_time():
    assert users.first_issued("Z", 3.0, TOLD) is None
