"""Who may bring an event to which level: stations that are vouched for, others, and phones."""

import pytest

from forewave.alerts import trust
from forewave.alerts.issuer import Issuer
from forewave.alerts.policy import AlertSettings, level

CASES = [  # stations, of them not vouched for, phones, may speak, highest level
    (2, 0, False, True, "action"),
    (5, 3, False, True, "action"),
    (5, 4, False, True, "aware"),
    (2, 1, False, True, "aware"),
    (1, 0, False, True, "action"),
    (1, 0, True, True, "aware"),
    (2, 0, True, True, "action"),
    (2, 2, False, True, "aware"),
    (9, 9, True, True, "aware"),
    (1, 1, False, False, "aware"),
    (1, 1, True, False, "aware"),
    (0, 0, True, True, "aware"),
]


@pytest.mark.parametrize(("stations", "unvouched", "phones", "speaks", "highest"), CASES)
def test_the_table(shaking, stations, unvouched, phones, speaks, highest):
    solution = shaking(stations=stations, unvouched=unvouched, phones=phones).solution
    assert trust.may_speak(solution) is speaks
    assert trust.highest(solution, None) == highest


@pytest.mark.parametrize("unvouched", [3, 2])
def test_a_first_alert_of_stations_that_anybody_may_be_is_aware_at_most(shaking, unvouched):
    (issued,) = Issuer().feed(shaking(8.0, 6.5, stations=3, unvouched=unvouched), 1010.0)
    assert issued.level == "aware"


def test_one_station_that_anybody_may_be_gives_no_single_station_alert(shaking):
    one = {"stations": 1, "site": 8.0}
    assert Issuer().feed(shaking(8.0, 6.5, **one, unvouched=1), 1010.0) == []
    (issued,) = Issuer().feed(shaking(8.0, 6.5, **one), 1010.0)
    assert issued.level == "action"


def test_phones_lift_no_station_to_action(shaking):
    (issued,) = Issuer().feed(shaking(8.0, 6.5, stations=1, site=8.0, phones=True), 1010.0)
    assert issued.level == "aware"


def test_the_second_station_that_is_vouched_for_brings_action_at_once(shaking):
    issuer = Issuer()
    issuer.feed(shaking(8.0, 6.5, stations=3, unvouched=2), 1010.0)
    (issued,) = issuer.feed(shaking(8.0, 6.5, stations=4, unvouched=2), 1010.1)
    assert (issued.kind, issued.level) == ("update", "action")


def test_a_level_that_was_reached_holds(shaking):
    doubted = shaking(8.0, 6.5, stations=3, unvouched=2)
    assert level(doubted, AlertSettings(), "action") == "action"
    assert level(doubted, AlertSettings(), "aware") == "aware"


def test_an_event_whose_picks_stand_no_more_says_nothing_new(shaking):
    """Nor after a restart, before its picks are known again; what was told before holds."""
    solution = shaking(stations=0).solution
    assert not trust.may_speak(solution)
    assert trust.highest(solution, None) == "aware"
    assert trust.highest(solution, "action") == "action"
