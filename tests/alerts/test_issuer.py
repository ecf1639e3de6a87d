from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from forewave.alerts.issuer import Issuer
from forewave.alerts.policy import AlertSettings
from forewave.types import Alert, OperatorCancel

START = 1005.0


def _run(issuer: Issuer, items) -> list[Alert]:
    """Feed (time, shaking forecast) pairs as the pipeline does, with the deadlines around them."""
    out = []
    for now, item in items:
        while (due := issuer.deadline()) is not None and due <= now:
            out += issuer.tick(due)
        out += issuer.feed(item, now)
    while (due := issuer.deadline()) is not None:
        out += issuer.tick(due)
    return out


def test_first_alert_says_all_that_is_known(shaking):
    (alert,) = Issuer().feed(shaking(6.2, 6.0), START)
    assert (alert.id, alert.event, alert.version) == ("e1.1", "e1", 1)
    assert (alert.kind, alert.mode, alert.level) == ("new", "actual", "action")
    assert (alert.issued, alert.max_intensity, alert.stations) == (START, 6.2, 5)
    assert alert.why is None
    assert alert.field == ()
    assert alert.issued < alert.expires <= alert.issued + 180
    assert alert.origin == shaking().solution.origin


def test_nobody_is_told_of_a_weak_or_doubtful_event(shaking):
    issuer = Issuer()
    doubtful = [
        shaking(3.0),
        shaking(6.0, 3.5),
        shaking(likelihood=0.2),
        shaking(epicentre_sigma_km=90.0),
        shaking(float("nan")),
        shaking(withdrawn="false", event="other"),
    ]
    assert _run(issuer, [(START + i, item) for i, item in enumerate(doubtful)]) == []


def test_the_same_again_is_not_said_again(shaking):
    alerts = _run(Issuer(), [(START + i, shaking(6.0 + i * 0.01)) for i in range(20)])
    assert [a.kind for a in alerts] == ["new"]


def test_a_change_within_a_second_waits_and_then_says_the_latest(shaking):
    items = [
        (START, shaking(6.0, 6.0)),
        (START + 0.2, shaking(6.2, 6.3)),
        (START + 0.4, shaking(6.4, 6.5)),
    ]
    alerts = _run(Issuer(), items)
    assert [(a.issued, a.magnitude.value) for a in alerts] == [(START, 6.0), (START + 1.0, 6.5)]


def test_a_change_that_is_taken_back_while_it_waits_is_not_said(shaking):
    items = [
        (START, shaking(6.0, 6.0)),
        (START + 0.2, shaking(6.0, 6.3)),
        (START + 0.4, shaking(6.0, 6.0)),
    ]
    assert len(_run(Issuer(), items)) == 1


def test_a_higher_level_goes_at_once(shaking):
    alerts = _run(Issuer(), [(START, shaking(4.0)), (START + 0.1, shaking(5.2))])
    assert [(a.issued, a.level, a.kind) for a in alerts] == [
        (START, "aware", "new"),
        (START + 0.1, "action", "update"),
    ]


def test_a_lower_level_is_an_update(shaking):
    alerts = _run(Issuer(), [(START, shaking(6.0, 6.0)), (START + 2, shaking(4.2, 5.0))])
    assert [(a.kind, a.level, a.why) for a in alerts] == [
        ("new", "action", None),
        ("update", "aware", None),
    ]


def test_below_every_level_it_is_cancelled_as_smaller_with_the_new_source(shaking):
    alerts = _run(Issuer(), [(START, shaking(6.0, 6.0)), (START + 2, shaking(2.5, 4.2))])
    assert [(a.kind, a.why, a.magnitude.value) for a in alerts] == [
        ("new", None, 6.0),
        ("cancel", "smaller", 4.2),
    ]


def test_smaller_and_then_larger_after_all_is_told_again(shaking):
    items = [
        (START, shaking(6.0, 6.0)),
        (START + 2, shaking(2.5, 4.2)),
        (START + 3, shaking(3.4, 5.0)),
        (START + 4, shaking(7.0, 7.0)),
    ]
    alerts = _run(Issuer(), items)
    assert [(a.version, a.kind) for a in alerts] == [(1, "new"), (2, "cancel"), (3, "update")]


def test_a_withdrawn_event_is_cancelled_as_false_and_stays_closed(shaking):
    items = [
        (START, shaking()),
        (START + 2, shaking(withdrawn="no station agrees")),
        (START + 3, shaking(8.0, 8.0)),
        (START + 4, shaking(withdrawn="again")),
    ]
    alerts = _run(Issuer(), items)
    assert [(a.kind, a.why, a.version) for a in alerts] == [
        ("new", None, 1),
        ("cancel", "false", 2),
    ]
    assert alerts[1].expires >= alerts[0].expires


def test_a_withdrawn_event_without_numbers_is_cancelled_with_those_that_were_told(shaking):
    nan = float("nan")
    items = [(START, shaking()), (START + 2, shaking(withdrawn="x", lat=nan, magnitude=nan))]
    alerts = _run(Issuer(), items)
    assert alerts[1].origin == alerts[0].origin


def test_nothing_follows_an_expired_alert(shaking):
    issuer = Issuer()
    (alert,) = issuer.feed(shaking(), START)
    issuer.tick(alert.expires)
    assert issuer.feed(shaking(9.0, 8.0), alert.expires + 1) == []


def test_a_forecast_without_numbers_leaves_the_alert_as_it_is(shaking):
    alerts = _run(Issuer(), [(START, shaking()), (START + 2, shaking(float("nan")))])
    assert len(alerts) == 1


def test_observed_motion_in_cells_becomes_the_field(shaking):
    seen = shaking(6.0, source="plum", site=6.5, cells={"wsp3": 6.7, "wsp9": float("nan")})
    (alert,) = Issuer().feed(seen, START)
    assert alert.field == (("wsp3", 6.7),)
    assert (alert.max_intensity, alert.source) == (6.7, "plum")


def test_the_event_term_is_passed_on_and_its_change_told(shaking):
    biases = [0.4, 0.6, 0.75]
    alerts = _run(Issuer(), [(START + 2 * i, shaking(bias=b)) for i, b in enumerate(biases)])
    assert [a.bias for a in alerts] == [0.4, 0.75]


def test_a_new_cell_is_told_after_a_second(shaking):
    items = [
        (1100.0, shaking(8.0, 6.0)),
        (1100.2, shaking(8.0, 6.0, cells={"wsp3": 5.2})),
    ]
    alerts = _run(Issuer(), items)
    assert [(a.issued, a.field) for a in alerts] == [(1100.0, ()), (1101.0, (("wsp3", 5.2),))]


def test_a_single_station_alert_is_issued_once_and_then_confirmed(shaking):
    alone = {"stations": 1, "epicentre_sigma_km": 70.0}
    items = [
        (START, shaking(6.5, 5.8, site=6.2, **alone)),
        (START + 1.0, shaking(8.5, 6.8, site=7.5, **alone)),
        (START + 2.0, shaking(7.0, 6.4, stations=2, epicentre_sigma_km=61.0)),
        (START + 2.1, shaking(7.0, 6.4, stations=2, epicentre_sigma_km=12.0)),
    ]
    alerts = _run(Issuer(), items)
    assert [(a.version, a.kind, a.stations, a.issued) for a in alerts] == [
        (1, "new", 1, START),
        (2, "update", 2, START + 2.1),
    ]
    assert (alerts[0].area.lat, alerts[0].area.radius_km) == (24.1, 40.0)
    assert alerts[1].area.radius_km > 40.0


def test_a_single_station_alert_that_no_station_confirms_is_false(shaking):
    items = [(START, shaking(site=6.0, stations=1)), (START + 9, shaking(withdrawn="single site"))]
    alerts = _run(Issuer(), items)
    assert [(a.kind, a.why, a.stations) for a in alerts] == [
        ("new", None, 1),
        ("cancel", "false", 1),
    ]


def test_a_single_station_alert_that_more_stations_find_weak_is_smaller(shaking):
    items = [(START, shaking(site=6.0, stations=1)), (START + 9, shaking(2.5, 4.1, stations=3))]
    assert [a.why for a in _run(Issuer(), items)] == [None, "smaller"]


def test_a_single_station_alert_may_be_confirmed_after_it_has_expired(shaking):
    issuer = Issuer()
    (first,) = issuer.feed(shaking(site=6.0, stations=1), START)
    (alert,) = issuer.feed(shaking(7.0, 7.0), first.expires + 1)
    assert (alert.version, alert.kind) == (2, "update")


def test_one_station_changes_nothing_of_what_several_have_said(shaking):
    items = [(START, shaking(6.0)), (START + 5, shaking(8.0, 7.0, site=8.0, stations=1))]
    assert len(_run(Issuer(), items)) == 1


STORY = st.lists(
    st.tuples(
        st.floats(0.0, 3.0),  # seconds until it
        st.sampled_from(["a", "b"]),
        st.floats(2.0, 9.0),  # intensity
        st.floats(3.0, 8.0),  # magnitude
        st.floats(0.5, 1.0),  # likelihood
        st.integers(0, 15).map(lambda i: "false" if i == 0 else None),
        st.sampled_from([1, 2, 5]),  # stations
    ),
    max_size=60,
)


def _items(shaking, story):
    now = START
    for wait, event, intensity, magnitude, likelihood, withdrawn, stations in story:
        now += wait
        how = {"event": event, "likelihood": likelihood, "withdrawn": withdrawn}
        yield now, shaking(intensity, magnitude, stations=stations, site=intensity, **how)


def _urgent(before: Alert, after: Alert) -> bool:
    """Higher levels, confirmations of single-station alerts and false-alert cancels do not wait."""
    confirmed = before.stations == 1 and after.kind == "update"
    return confirmed or after.why == "false" or (before.level, after.level) == ("aware", "action")


@given(STORY, st.sampled_from(["actual", "drill", "test"]))
@settings(max_examples=300, deadline=None)
def test_whatever_comes_each_event_is_told_in_order(shaking, story, mode):
    alerts = _run(Issuer(AlertSettings(mode=mode)), _items(shaking, story))
    for event in ("a", "b"):
        issued = [a for a in alerts if a.event == event]
        assert [a.version for a in issued] == list(range(1, len(issued) + 1))
        assert [a.kind for a in issued].count("new") == (1 if issued else 0)
        assert not issued or issued[0].kind == "new"
        falsified = [i for i, a in enumerate(issued) if a.why == "false"]
        assert falsified in ([], [len(issued) - 1])
        for before, after in pairwise(issued):
            assert before.issued <= after.issued
            if before.kind == "cancel":
                assert (before.why, after.kind) == ("smaller", "update")
            elif not _urgent(before, after):
                assert after.issued - before.issued >= 1.0 - 1e-6
        assert all(a.stations > 1 or a.why == "false" for a in issued[1:])
    assert {a.mode for a in alerts} <= {mode}
    assert all((a.kind == "cancel") == (a.why is not None) for a in alerts)
    assert all(a.issued < a.expires for a in alerts)
    assert len({a.id for a in alerts}) == len(alerts)


@given(STORY)
@settings(max_examples=50, deadline=None)
def test_the_same_story_gives_the_same_alerts(shaking, story):
    first, second = (_run(Issuer(), _items(shaking, story)) for _ in range(2))
    assert first == second


GROWTH = st.tuples(
    st.floats(4.5, 6.5),  # magnitude when it is first known
    st.floats(0.0, 3.0),  # by how much it grows
    st.floats(5.0, 150.0),  # seconds that it takes
    st.floats(0.1, 1.0),  # seconds between two solutions
    st.lists(st.floats(-0.15, 0.15), min_size=1, max_size=20),  # doubts of the solutions, in turn
)


@given(GROWTH)
@settings(max_examples=60, deadline=None)
def test_a_growing_earthquake_is_followed_closely_and_without_a_flood(shaking, growth):
    first, by, lasts, step, doubts = growth
    times = [START + i * step for i in range(int(200 / step))]
    known = [
        first + by * min(1.0, (now - START) / lasts) + doubts[i % len(doubts)]
        for i, now in enumerate(times)
    ]
    items = [
        (now, shaking(2.0 + 0.8 * m, m, bias=0.0)) for now, m in zip(times, known, strict=True)
    ]
    alerts = _run(Issuer(), items)
    for (now, shaking_then), following in zip(items, times[1:], strict=False):
        latest = [a for a in alerts if a.issued <= now][-1]
        behind = shaking_then.solution.magnitude.value - latest.magnitude.value
        most = max(a.magnitude.value for a in alerts if a.issued <= now)
        newly = shaking_then.solution.magnitude.value - most >= 0.29  # not what only wavers
        waits = 1.0 if newly else min(max(1.0, 0.1 * (now - 1000.0)), 10.0)
        closed = now >= latest.expires  # nothing follows what has lapsed
        assert closed or behind < 0.1 or following - latest.issued < waits + step + 1e-6
    # by the clock: 5 in the first five seconds, then each a tenth later than the one before it
    # (24 more until 100 s), then one in ten seconds (11 more); and 0.29 in magnitude each beside
    assert len(alerts) <= 1 + 5 + 24 + 11 + (by + 0.3) / 0.29


def test_what_was_told_before_a_restart_is_updated_and_not_told_anew(shaking):
    (first,) = Issuer().feed(shaking(6.2, 6.0), START)
    issuer = Issuer()
    issuer.resume(first, START + 3.0)
    assert _run(issuer, [(START + 4.0, shaking(6.2, 6.0))]) == []
    (second,) = _run(issuer, [(START + 9.0, shaking(7.4, 7.0))])
    assert (second.kind, second.version) == ("update", 2)


def test_what_was_taken_back_before_a_restart_stays_closed(shaking):
    before = Issuer()
    before.feed(shaking(6.2, 6.0), START)
    (cancel,) = before.feed(shaking(withdrawn="false"), START + 5.0)
    issuer = Issuer()
    issuer.resume(cancel, START + 6.0)
    assert _run(issuer, [(START + 7.0, shaking(7.0, 7.0))]) == []


def test_what_expired_before_a_restart_is_closed(shaking):
    (first,) = Issuer().feed(shaking(6.2, 6.0), START)
    issuer = Issuer()
    issuer.resume(first, first.expires + 1.0)
    assert _run(issuer, [(first.expires + 2.0, shaking(7.0, 7.0))]) == []


@given(
    st.floats(3.0, 12.0),
    st.floats(4.0, 9.0),
    st.dictionaries(st.sampled_from(["wsq3", "wsqj", "wsqh"]), st.floats(1, 12)),
)
def test_phones_alone_never_ask_to_act(shaking, intensity, magnitude, cells):
    seen = shaking(intensity, magnitude, stations=0, phones=True, cells=cells)
    for alert in Issuer().feed(seen, START):
        assert (alert.level, alert.stations, alert.only_phones) == ("aware", 1, True)
        assert alert.area.radius_km <= 40.0


def test_phones_alone_are_told_once_and_then_confirmed_by_a_station(shaking):
    seen = shaking(4.6, 4.5, stations=0, phones=True)
    items = [(START, seen), (START + 1, seen), (START + 4, shaking(6.0, 6.0, phones=True))]
    first, second = _run(Issuer(), items)
    assert (first.kind, first.level, first.only_phones) == ("new", "aware", True)
    assert (second.kind, second.level, second.only_phones) == ("update", "action", False)
    assert second.issued == START + 4


def test_phones_alone_that_stations_deny_are_taken_back(shaking):
    seen = shaking(4.6, 4.5, stations=0, phones=True)
    issuer = Issuer()
    (issued,) = issuer.feed(seen, START)
    (back,) = issuer.feed(shaking(4.6, 4.5, stations=0, withdrawn="denied"), START + 9)
    assert (back.kind, back.why, back.only_phones) == ("cancel", "false", True)
    assert Issuer(AlertSettings(single_station=False)).feed(seen, START) == []
    assert issued.expires > START


def test_a_cancel_is_valid_for_a_day_so_that_devices_that_were_away_learn_of_it(shaking):
    false = _run(Issuer(), [(START, shaking()), (START + 2, shaking(withdrawn="false"))])[1]
    smaller = _run(Issuer(), [(START, shaking(6.0, 6.0)), (START + 2, shaking(2.5, 4.2))])[1]
    for cancel in (false, smaller):
        assert (cancel.kind, cancel.expires) == ("cancel", cancel.issued + 86_400.0)


def test_what_was_cancelled_as_smaller_may_grow_for_three_minutes_only(shaking):
    items = [(START, shaking(6.0, 6.0)), (START + 2, shaking(2.5, 4.2))]
    soon, late = Issuer(), Issuer()
    for issuer in (soon, late):
        _run(issuer, items)
    assert [a.kind for a in soon.feed(shaking(7.0, 7.0), START + 180)] == ["update"]
    assert late.feed(shaking(7.0, 7.0), START + 183) == []


def test_a_solution_without_picks_confirms_no_single_station_alert(shaking):
    items = [
        (START, shaking(site=6.0, stations=1)),
        (START + 2, shaking(7.0, 7.0, stations=0)),
        (START + 4, shaking(7.0, 7.0, stations=3)),
    ]
    alerts = _run(Issuer(), items)
    assert [(a.kind, a.stations, a.issued) for a in alerts] == [
        ("new", 1, START),
        ("update", 3, START + 4),
    ]


def test_a_solution_that_was_carried_over_stands_on_the_stations_it_stood_on(shaking):
    (first,) = Issuer().feed(shaking(6.2, 6.0, stations=5), START)
    issuer = Issuer()
    issuer.resume(first, START + 3.0)
    (second,) = _run(issuer, [(START + 9.0, shaking(7.4, 7.0, stations=0))])
    assert (second.kind, second.stations) == ("update", 5)


def test_of_several_events_that_wait_the_first_is_due_first(shaking):
    issuer = Issuer()
    for event, now in (("a", START), ("b", START + 0.5)):
        issuer.feed(shaking(6.0, 6.0, event=event), now)
        issuer.feed(shaking(6.3, 6.4, event=event), now + 0.1)
    assert issuer.deadline() == START + 1.0
    assert [(a.event, a.issued) for a in issuer.tick(START + 1.0)] == [("a", START + 1.0)]
    assert issuer.deadline() == START + 1.5


def test_one_station_says_nothing_of_places_far_from_it(shaking):
    assert Issuer().feed(shaking(3.0, stations=1, site=3.0, cells={"wt00": 7.0}), START) == []
    near = shaking(4.0, stations=1, site=4.0, cells={"wt00": 7.0})
    (alert,) = Issuer().feed(near, START)
    assert (alert.max_intensity, alert.field) == (4.0, ())


def test_a_magnitude_that_only_wavers_keeps_nobody_busy(shaking):
    items = [
        (1050.0, shaking(6.0, 6.3)),
        (1056.0, shaking(6.0, 5.9)),
        (1057.5, shaking(6.0, 6.3)),
    ]
    alerts = _run(Issuer(), items)
    assert [a.magnitude.value for a in alerts] == [6.3, 5.9, 6.3]
    assert alerts[2].issued == 1056.0 + 5.6  # a tenth of its age: nobody is newly threatened


def test_a_closed_event_stays_closed_for_an_hour(shaking):
    issuer = Issuer()
    issuer.feed(shaking(), START)
    issuer.feed(shaking(withdrawn="false"), START + 2)
    assert issuer.feed(shaking(8.0, 8.0), START + 3590) == []
    assert [a.kind for a in issuer.feed(shaking(8.0, 8.0), START + 3610)] == ["new"]


def test_a_change_that_waited_when_the_process_ended_is_issued_after_the_restart(shaking):
    (first,) = Issuer().feed(shaking(6.2, 6.0), START)
    issuer = Issuer()
    issuer.resume(first, START + 0.6)
    issuer.wait(shaking(6.8, 6.3))
    assert issuer.deadline() == START + 1.0
    (second,) = issuer.tick(START + 1.0)
    assert (second.kind, second.version, second.magnitude.value) == ("update", 2, 6.3)
    assert issuer.deadline() is None


def test_nothing_waits_for_an_event_that_is_over(shaking):
    issuer = Issuer()
    issuer.wait(shaking(6.8, 6.3))
    assert issuer.deadline() is None


def test_what_two_operators_cancel_is_withdrawn_in_the_next_tick_and_stays_so(shaking):
    issuer = Issuer()
    (alert,) = issuer.feed(shaking(6.2, 6.0), START)
    assert issuer.cancel(OperatorCancel("e1", ("anna", "bob")), START + 3.0) == []
    assert issuer.deadline() == START + 3.0
    (cancel,) = issuer.tick(START + 3.0)
    assert (cancel.kind, cancel.why, cancel.version) == ("cancel", "false", 2)
    assert (cancel.event, cancel.issued) == (alert.event, START + 3.0)
    assert issuer.deadline() is None
    assert issuer.feed(shaking(8.0, 7.5), START + 5.0) == []


def test_operators_cancel_only_what_is_in_force(shaking):
    issuer = Issuer()
    wanted = OperatorCancel("e1", ("anna", "bob"))
    (dropped,) = issuer.cancel(wanted, START)
    assert "not in force" in dropped.reason
    issuer.feed(shaking(6.2, 6.0), START)
    assert issuer.cancel(wanted, START + 1.0) == []
    issuer.tick(START + 1.0)
    (dropped,) = issuer.cancel(wanted, START + 2.0)
    assert "not in force" in dropped.reason
    assert issuer.tick(START + 2.0) == []
