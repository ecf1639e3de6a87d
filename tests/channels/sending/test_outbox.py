from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forewave.channels.sending.outbox import AFTER_REAL, CANCEL_SHOWN, FINAL_FOR, MOST_EVENTS
from tests.channels.made import Delivered, version

CANCEL = {"kind": "cancel", "cancelled": True, "mmi": nan}


def test_by_default_first_higher_level_cancel_are_sent_and_nothing_else():
    told = Delivered()
    told.take(1, mmi=4.2)
    assert told.send() == [("first", "e1", 1)]
    told.take(2, mmi=4.4)
    assert told.send() == []
    told.take(3, mmi=5.6)
    assert told.send() == [("higher", "e1", 3)]
    told.take(4, mmi=5.1)
    assert told.send() == []
    told.take(5, **CANCEL)
    assert told.send() == [("cancel", "e1", 5)]
    told.wait(1000.0)
    assert told.send() == []


def test_the_last_version_is_sent_as_final_when_it_expires_and_then_removed():
    told = Delivered()
    told.take(1)
    told.send()
    told.take(2)
    told.wait(99.0)
    assert told.send() == []
    assert told.expire() == []
    told.wait(1.0)
    assert told.send() == [("final", "e1", 2)]
    assert not told.log[-1].active
    assert told.expire() == ["actual e1"]
    assert told.expire() == []


def test_a_later_version_extends_an_alert():
    told = Delivered()
    told.take(1, lasts=10.0)
    told.send()
    told.wait(9.0)
    told.take(2, lasts=10.0)
    told.wait(9.0)
    assert told.send() == []
    told.wait(1.0)
    assert told.send() == [("final", "e1", 2)]


def test_every_version_is_sent_where_all_are_wanted():
    told = Delivered(all_versions=True)
    sent = []
    for number, mmi in enumerate((4.2, 4.3, 6.0, 5.0), 1):
        told.take(number, mmi=mmi)
        sent += [reason for reason, _, _ in told.send()]
    assert sent == ["first", "update", "higher", "lower"]


def test_a_place_below_its_threshold_gets_nothing_not_even_the_cancel():
    told = Delivered(min_mmi=6.0)
    assert told.take(1, mmi=5.9) == "below threshold"
    assert told.send() == []
    told.take(2, **CANCEL)
    assert told.send() == []
    told.wait(100.0)
    assert told.send() == told.expire() == []


def test_an_alert_that_falls_below_the_threshold_ends_there_with_hysteresis():
    told = Delivered(min_mmi=5.0)
    told.take(1, mmi=5.1)
    told.send()
    told.take(2, mmi=4.8)
    assert told.send() == []
    told.take(3, mmi=4.6)
    assert told.send() == [("lower", "e1", 3)]
    assert not told.log[-1].active
    told.take(4, mmi=5.5)
    assert told.send() == [("higher", "e1", 4)]
    told.take(5, mmi=3.0)
    told.send()
    told.wait(100.0)
    assert told.send() == []
    assert told.expire() == ["actual e1"]


def test_a_cancel_because_it_is_smaller_ends_the_alert_only_where_little_is_left():
    smaller = {"kind": "cancel", "cancelled": False}
    told = Delivered(min_mmi=5.0)
    told.take(1, mmi=6.0)
    told.send()
    told.take(2, mmi=5.5, **smaller)
    assert told.send() == []
    told.take(3, mmi=3.0, **smaller)
    assert told.send() == [("cancel", "e1", 3)]


def test_advice_of_a_single_station_is_sent_only_where_it_is_wanted():
    advice = {"single_station": True, "level": "aware"}
    told = Delivered()
    told.take(1, **advice)
    assert told.send() == []
    told = Delivered(unconfirmed=True)
    told.take(1, **advice)
    assert told.send() == [("first", "e1", 1)]


def test_a_version_is_sent_once():
    told = Delivered(all_versions=True)
    assert told.take(2) == ""
    assert told.take(2) == told.take(1) == "known"
    assert told.send() == [("first", "e1", 2)]
    assert told.take(2) == "known"
    assert told.send() == []


def test_an_expired_version_is_refused():
    told = Delivered()
    assert told.take(1, lasts=0.0) == "expired"
    assert told.send() == []


def test_an_alert_that_expires_unsent_is_never_sent_and_is_counted():
    told = Delivered()
    told.take(1)
    told.now = 100.0
    assert told.send() == []
    assert told.box.swept(told.now) == 1
    assert told.box.swept(told.now) == 0
    assert told.send() == told.expire() == []


def test_the_newest_version_replaces_the_unsent_older_one():
    told = Delivered()
    for number in range(1, 9):
        told.take(number)
    assert told.send() == [("first", "e1", 8)]


def test_a_cancel_is_not_sent_to_a_receiver_that_has_nothing():
    told = Delivered()
    told.take(1)
    told.take(2, **CANCEL)
    assert told.send() == []


def test_a_cancel_is_sent_to_a_receiver_that_may_have_the_alert():
    told = Delivered()
    told.take(1)
    told.fail()
    assert told.box.next(0.0).reason == "first"
    told.take(2, **CANCEL)
    assert told.send() == [("cancel", "e1", 2)]


@pytest.mark.parametrize(
    ("received", "sent"),
    [
        ([False], []),
        ([True, False], [("cancel", "e1", 2)]),  # the later failure does not remove the doubt
    ],
)
def test_no_cancel_is_sent_where_nothing_can_have_been_received(received, sent):
    told = Delivered()
    told.take(1)
    for each in received:
        told.fail(received=each)
    told.take(2, **CANCEL)
    assert told.send() == sent


def test_what_is_under_way_counts_as_received_until_it_is_known_not_to_be():
    told = Delivered()
    told.take(1)
    told.box.begin(told.box.next(0.0), 0.0)
    assert [entry.delivered.version for entry in told.box.delivered()] == [0]


def test_the_end_of_a_drill_is_sent_although_a_real_alert_has_begun():
    told = Delivered(drills=True)
    told.take(1, event="drill", drill=True)
    told.send()
    told.take(1, event="real")
    told.send()
    told.take(2, event="drill", drill=True, **CANCEL)
    assert told.send() == [("cancel", "drill", 2)]


def test_what_is_under_way_does_not_give_way():
    told = Delivered()
    for n in range(MOST_EVENTS):
        told.take(1, event=f"e{n}", mmi=6.0)
    sending = told.box.next(0.0)
    told.box.begin(sending, 0.0)
    told.box.failed(sending, received=False, again=True)
    told.box.begin(sending, 0.0)
    told.take(1, event="more", mmi=7.0)
    told.box.sent(sending, 0.0)
    assert [entry.alert.event for entry in told.box.delivered()] == [sending.alert.event]


def test_the_same_version_signed_by_another_key_takes_the_place_of_the_first():
    told = Delivered()
    told.take(1)
    alert, _, now, ends = version(1)
    assert told.box.take(alert, b"again", now, ends) == "known"
    assert told.box.next(0.0).message == b"again"


def test_a_cancel_reaches_who_was_told_even_after_the_end():
    told = Delivered()
    told.take(1)
    told.send()
    told.wait(100.0)
    told.send()
    told.expire()
    told.take(2, lasts=1000.0, **CANCEL)
    assert told.send() == [("cancel", "e1", 2)]
    assert told.expire() == []
    told.wait(CANCEL_SHOWN)
    assert told.expire() == ["actual e1"]


def test_a_cancel_is_removed_after_some_minutes_although_it_is_valid_for_a_day():
    told = Delivered()
    told.take(1)
    told.send()
    told.take(2, lasts=86_400.0, **CANCEL)
    told.send()
    told.wait(CANCEL_SHOWN - 1.0)
    assert told.expire() == []
    told.wait(1.0)
    assert told.expire() == ["actual e1"]


def test_a_final_that_cannot_be_sent_does_not_keep_the_receiver_from_being_cleared():
    told = Delivered()
    told.take(1)
    told.send()
    told.wait(100.0 + FINAL_FOR)
    assert told.send() == []
    assert told.expire() == ["actual e1"]


def test_what_cannot_be_sent_is_not_tried_again_but_a_later_version_is():
    told = Delivered()
    told.take(1)
    told.fail(received=False, again=False)
    assert told.send() == []
    told.take(2)
    assert told.send() == [("first", "e1", 2)]


def test_drills_go_only_where_they_are_wanted():
    told = Delivered()
    assert told.take(1, drill=True) == "drill"
    assert told.send() == []
    told = Delivered(drills=True)
    told.take(1, drill=True)
    assert told.send() == [("first", "e1", 1)]


def test_no_drill_is_sent_within_ten_minutes_of_a_real_alert():
    told = Delivered(drills=True)
    told.take(1)
    told.send()
    told.wait(AFTER_REAL - 1.0)
    assert told.take(1, event="d", drill=True) == "drill"
    told.wait(1.0)
    assert told.take(1, event="d", drill=True) == ""


def test_a_drill_and_an_earthquake_of_the_same_name_are_two_events():
    told = Delivered(drills=True)
    told.take(5, drill=True)
    told.take(1)
    assert sorted(told.send()) == [("first", "e1", 1), ("first", "e1", 5)]


def test_thirty_light_earthquakes_are_three_notifications_and_one_summary():
    told = Delivered(people=True)
    for number in range(30):
        told.take(1, event=f"e{number}", mmi=4.2, lasts=1000.0)
        told.send()
        told.wait(10.0)
    assert [n.alert.event for n in told.log] == ["e0", "e1", "e2", "e3"]
    assert told.log[3].swarm == ("e0", "e1", "e2")


def test_the_next_summary_of_a_swarm_comes_after_ten_minutes_and_names_all():
    told = Delivered(people=True)
    for number in range(100):
        told.take(1, event=f"e{number}", mmi=4.2, lasts=5000.0)
        told.send()
        told.wait(10.0)
    summaries = [n for n in told.log if n.swarm]
    assert len(summaries) == 2
    assert len(summaries[1].swarm) > 50


def test_a_stronger_earthquake_is_sent_during_a_swarm():
    told = Delivered(people=True)
    for number in range(10):
        told.take(1, event=f"e{number}", mmi=4.2)
        told.send()
    told.take(1, event="stronger", mmi=4.7)
    assert told.send() == [("first", "stronger", 1)]
    told.take(1, event="strong", mmi=5.0)
    assert told.send() == [("first", "strong", 1)]
    told.take(2, event="e9", mmi=4.6)
    assert told.send() == []
    told.take(3, event="e9", mmi=4.7)
    assert told.send() == [("first", "e9", 3)]


def test_what_was_left_to_a_summary_is_not_sent_late():
    told = Delivered(people=True)
    for number in range(10):
        told.take(1, event=f"e{number}", mmi=4.2, lasts=5000.0)
        told.send()
    told.wait(1000.0)
    assert told.send() == []


def test_programs_get_every_earthquake_of_a_swarm():
    told = Delivered(people=False)
    for number in range(10):
        told.take(1, event=f"e{number}", mmi=4.2)
    assert len(told.send()) == 10


def test_the_strongest_is_sent_first():
    told = Delivered()
    for event, mmi in (("weak", 4.0), ("strong", 8.0), ("medium", 6.0)):
        told.take(1, event=event, mmi=mmi)
    assert [event for _, event, _ in told.send()] == ["strong", "medium", "weak"]


def test_the_number_of_events_is_bounded_and_the_weakest_unsent_gives_way():
    told = Delivered()
    for number in range(MOST_EVENTS):
        told.take(1, event=f"e{number}", mmi=5.0)
    assert told.take(1, event="strong", mmi=8.0) == ""
    sent = told.send()
    assert len(sent) == MOST_EVENTS
    assert sent[0] == ("first", "strong", 1)
    assert told.take(1, event="one more") == "too many events"


def test_a_replay_that_begins_again_ends_what_was_sent_and_is_sent_again():
    told = Delivered(drills=True)
    told.now = 1000.0
    told.take(3, drill=True)
    told.send()
    told.now = 0.0
    told.box.end_all(told.now)
    assert told.send() == []
    assert told.expire() == ["drill e1"]
    told.take(1, drill=True)
    assert told.send() == [("first", "e1", 1)]


def test_what_ended_an_hour_ago_is_forgotten():
    told = Delivered()
    told.take(1)
    told.send()
    told.wait(100.0)
    told.send()
    told.expire()
    told.wait(3600.0)
    assert told.box._entries == {}


def test_the_next_deadline_is_the_end_of_the_alert():
    told = Delivered()
    assert told.box.deadline(0.0) is None
    told.take(1)
    assert told.box.deadline(0.0) == 100.0


def test_a_restored_event_gets_its_cancel_and_not_a_second_first():
    before = Delivered()
    before.take(1)
    before.send()
    (entry,) = before.box.delivered()
    after = Delivered()
    after.box.restore(entry.alert, entry.message, 50.0, entry.delivered, 0.0)
    assert after.take(1) == "known"
    assert after.send() == []
    after.take(2, **CANCEL)
    assert after.send() == [("cancel", "e1", 2)]


def test_after_a_restart_a_channel_that_holds_what_it_sends_gets_it_again():
    before = Delivered(holds=True)
    before.take(1)
    before.send()
    (entry,) = before.box.delivered()
    after = Delivered(holds=True)
    after.box.restore(entry.alert, entry.message, 50.0, entry.delivered, 0.0)
    assert after.send() == [("first", "e1", 1)]
    after.wait(50.0)
    assert after.send() == [("final", "e1", 1)]
    assert after.expire() == ["actual e1"]


def test_what_is_sent_says_whether_another_alert_is_in_force():
    told = Delivered()
    told.take(1, event="one")
    told.take(1, event="two")
    told.send()
    told.take(2, event="one", **CANCEL)
    told.send()
    told.take(2, event="two", **CANCEL)
    told.send()
    assert [n.concurrent for n in told.log] == [False, True, True, False]


def test_people_get_no_final_of_a_light_earthquake_nor_while_another_is_in_force():
    told = Delivered(people=True)
    told.take(1, event="light", mmi=4.2)
    told.take(1, event="strong", lasts=200.0, mmi=6.0)
    told.take(1, event="short", lasts=50.0, mmi=6.0)
    told.send()
    told.wait(50.0)
    assert told.send() == []
    told.wait(50.0)
    assert told.send() == []
    told.wait(100.0)
    assert told.send() == [("final", "strong", 1)]
    assert sorted(told.expire()) == ["actual light", "actual short", "actual strong"]


STEPS = st.lists(
    st.one_of(
        st.tuples(
            st.just("take"),
            st.sampled_from(["a", "b"]),
            st.integers(1, 12),
            st.floats(1.0, 10.0),
            st.booleans(),
            st.floats(1.0, 200.0),
        ),
        st.tuples(st.just("send")),
        st.tuples(st.just("fail")),
        st.tuples(st.just("wait"), st.floats(0.1, 300.0)),
    ),
    max_size=40,
)


@given(STEPS, st.booleans(), st.booleans())
def test_whatever_happens_the_receiver_is_told_in_order_and_ends_with_nothing(
    steps, people, all_versions
):
    told = Delivered(people=people, all_versions=all_versions)
    for what, *values in steps:
        if what == "take":
            event, number, mmi, false, lasts = values
            change = CANCEL if false else {"mmi": mmi}
            told.take(number, event=event, lasts=lasts, **change)
        elif what == "wait":
            told.wait(*values)
        elif what == "fail" and told.box.next(told.now):
            told.fail()
        else:
            told.send()
        told.expire()
    for _ in range(3):
        told.wait(500.0)
        told.send()
        told.expire()
    assert told.box.delivered() == []
    assert told.box.next(told.now) is None
    for event in ("a", "b"):
        mine = [n for n in told.log if n.alert.event == event]
        versions = [n.alert.version for n in mine if n.reason != "final"]
        assert versions == sorted(set(versions))
        shown = False
        for each in mine:
            assert each.active == (each.reason not in ("cancel", "final")) or each.reason == "lower"
            assert each.reason == "first" or shown or each.reason in ("cancel", "higher")
            shown = each.active


@pytest.mark.parametrize("mmi", [nan, 3.9])
def test_a_place_without_a_valid_forecast_gets_nothing(mmi):
    alert, message, now, ends = version(1, mmi=mmi)
    told = Delivered()
    assert told.box.take(alert, message, now, ends) == "below threshold"
    assert told.send() == []
