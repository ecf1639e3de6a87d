"""Few versions to a device, and none left out that changes what to do."""

from math import nan

from forewave.channels.push.versions import MOST_EVENTS, Versions


def cells(sent, reason, mmi, level="action"):
    return sent.due("e", reason, level, {"wm6n": mmi})


def test_the_first_version_that_reaches_the_cell_is_sent():
    sent = Versions(3.5)
    assert cells(sent, "first", 3.4) == []
    assert cells(sent, "update", 3.5) == ["wm6n"]


def test_a_version_is_sent_again_only_where_it_changes_what_to_do():
    sent = Versions(3.5)
    cells(sent, "first", 5.0)
    assert cells(sent, "update", 5.4) == []
    assert cells(sent, "update", 5.5) == ["wm6n"]
    assert cells(sent, "update", 5.5, level="aware") == ["wm6n"]
    assert cells(sent, "update", 4.9, level="aware") == ["wm6n"]


def test_a_cell_that_is_no_longer_reached_is_told_once():
    sent = Versions(3.5)
    cells(sent, "first", 3.6)
    assert cells(sent, "lower", 3.3) == []
    assert cells(sent, "lower", 3.1) == ["wm6n"]
    assert cells(sent, "lower", 3.0) == []
    assert cells(sent, "higher", 3.5) == ["wm6n"]


def test_a_cancel_and_the_end_go_to_all_that_had_the_alert_and_to_no_others():
    sent = Versions(3.5)
    sent.due("e", "first", "action", {"near": 6.0, "far": 2.0})
    for reason in ("cancel", "final"):
        assert sent.due("e", reason, "action", {"near": nan, "far": nan}) == ["near"]


def test_after_a_restart_a_cancel_goes_where_the_alert_must_have_gone():
    mmi = {"near": 3.3, "far": 3.1, "beyond": nan}
    assert Versions(3.5).due("e", "cancel", "action", mmi) == ["near"]


def test_events_are_apart_and_the_oldest_are_forgotten():
    sent = Versions(3.5)
    cells(sent, "first", 5.0)
    sent.forget("e")
    assert sent.due("e", "cancel", "action", {"c": nan}) == []
    for number in range(MOST_EVENTS + 1):
        sent.due(str(number), "first", "action", {"c": 6.0})
    assert sent.due("0", "cancel", "action", {"c": nan}) == []
    assert sent.due("1", "cancel", "action", {"c": nan}) == ["c"]
