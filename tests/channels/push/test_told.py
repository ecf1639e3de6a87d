"""Few versions to a device, and none left out that changes what to do."""

from math import nan

from forewave.channels.push.told import MOST_EVENTS, Told


def cells(told, reason, mmi, level="action"):
    return told.due("e", reason, level, {"wm6n": mmi})


def test_the_first_version_that_reaches_the_cell_is_sent():
    told = Told(3.5)
    assert cells(told, "first", 3.4) == []
    assert cells(told, "update", 3.5) == ["wm6n"]


def test_a_version_is_sent_again_only_where_it_changes_what_to_do():
    told = Told(3.5)
    cells(told, "first", 5.0)
    assert cells(told, "update", 5.4) == []
    assert cells(told, "update", 5.5) == ["wm6n"]
    assert cells(told, "update", 5.5, level="aware") == ["wm6n"]
    assert cells(told, "update", 4.9, level="aware") == ["wm6n"]


def test_a_cell_that_is_no_longer_reached_is_told_once():
    told = Told(3.5)
    cells(told, "first", 3.6)
    assert cells(told, "lower", 3.3) == []
    assert cells(told, "lower", 3.1) == ["wm6n"]
    assert cells(told, "lower", 3.0) == []
    assert cells(told, "higher", 3.5) == ["wm6n"]


def test_a_cancel_and_the_end_go_to_all_that_had_the_alert_and_to_no_others():
    told = Told(3.5)
    told.due("e", "first", "action", {"near": 6.0, "far": 2.0})
    for reason in ("cancel", "final"):
        assert told.due("e", reason, "action", {"near": nan, "far": nan}) == ["near"]


def test_after_a_restart_a_cancel_goes_where_the_alert_must_have_gone():
    mmi = {"near": 3.3, "far": 3.1, "beyond": nan}
    assert Told(3.5).due("e", "cancel", "action", mmi) == ["near"]


def test_events_are_apart_and_the_oldest_are_forgotten():
    told = Told(3.5)
    cells(told, "first", 5.0)
    told.forget("e")
    assert told.due("e", "cancel", "action", {"c": nan}) == []
    for number in range(MOST_EVENTS + 1):
        told.due(str(number), "first", "action", {"c": 6.0})
    assert told.due("0", "cancel", "action", {"c": nan}) == []
    assert told.due("1", "cancel", "action", {"c": nan}) == ["c"]
