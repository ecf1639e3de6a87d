from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from forewave.alerts.issuer import Issuer
from forewave.alerts.policy import AlertSettings
from forewave.types import Alert

START = 1005.0


def _run(issuer: Issuer, items) -> list[Alert]:
    """Feed (time, outlook) pairs as the pipeline does: deadlines first, and what is due after."""
    out = []
    for now, item in items:
        while (due := issuer.deadline()) is not None and due <= now:
            out += issuer.tick(due)
        out += issuer.feed(item, now)
    while (due := issuer.deadline()) is not None:
        out += issuer.tick(due)
    return out


def test_first_alert_says_all_that_is_known(outlook):
    (alert,) = Issuer().feed(outlook(6.2, 6.0), START)
    assert (alert.id, alert.event, alert.version) == ("e1.1", "e1", 1)
    assert (alert.kind, alert.mode, alert.level) == ("new", "actual", "action")
    assert (alert.issued, alert.max_intensity, alert.stations) == (START, 6.2, 5)
    assert alert.why is None
    assert alert.field == ()
    assert alert.issued < alert.expires <= alert.issued + 180
    assert alert.origin == outlook().solution.origin


def test_nobody_is_told_of_a_weak_or_doubtful_event(outlook):
    issuer = Issuer()
    doubtful = [
        outlook(3.0),
        outlook(6.0, 3.5),
        outlook(likelihood=0.2),
        outlook(epicentre_sigma_km=90.0),
        outlook(float("nan")),
        outlook(withdrawn="false", event="other"),
    ]
    assert _run(issuer, [(START + i, item) for i, item in enumerate(doubtful)]) == []


def test_the_same_again_is_not_said_again(outlook):
    alerts = _run(Issuer(), [(START + i, outlook(6.0 + i * 0.01)) for i in range(20)])
    assert [a.kind for a in alerts] == ["new"]


def test_a_change_within_a_second_waits_and_then_says_the_latest(outlook):
    items = [
        (START, outlook(6.0, 6.0)),
        (START + 0.2, outlook(6.2, 6.3)),
        (START + 0.4, outlook(6.4, 6.5)),
    ]
    alerts = _run(Issuer(), items)
    assert [(a.issued, a.magnitude.value) for a in alerts] == [(START, 6.0), (START + 1.0, 6.5)]


def test_a_change_that_is_taken_back_while_it_waits_is_not_said(outlook):
    items = [
        (START, outlook(6.0, 6.0)),
        (START + 0.2, outlook(6.0, 6.3)),
        (START + 0.4, outlook(6.0, 6.0)),
    ]
    assert len(_run(Issuer(), items)) == 1


def test_a_higher_level_goes_at_once(outlook):
    alerts = _run(Issuer(), [(START, outlook(4.0)), (START + 0.1, outlook(5.2))])
    assert [(a.issued, a.level, a.kind) for a in alerts] == [
        (START, "aware", "new"),
        (START + 0.1, "action", "update"),
    ]


def test_a_lower_level_is_an_update(outlook):
    alerts = _run(Issuer(), [(START, outlook(6.0, 6.0)), (START + 2, outlook(4.2, 5.0))])
    assert [(a.kind, a.level, a.why) for a in alerts] == [
        ("new", "action", None),
        ("update", "aware", None),
    ]


def test_below_every_level_it_is_cancelled_as_smaller_with_the_new_source(outlook):
    alerts = _run(Issuer(), [(START, outlook(6.0, 6.0)), (START + 2, outlook(2.5, 4.2))])
    assert [(a.kind, a.why, a.magnitude.value) for a in alerts] == [
        ("new", None, 6.0),
        ("cancel", "smaller", 4.2),
    ]


def test_smaller_and_then_larger_after_all_is_told_again(outlook):
    items = [
        (START, outlook(6.0, 6.0)),
        (START + 2, outlook(2.5, 4.2)),
        (START + 3, outlook(3.4, 5.0)),
        (START + 4, outlook(7.0, 7.0)),
    ]
    alerts = _run(Issuer(), items)
    assert [(a.version, a.kind) for a in alerts] == [(1, "new"), (2, "cancel"), (3, "update")]


def test_a_withdrawn_event_is_cancelled_as_false_and_stays_closed(outlook):
    items = [
        (START, outlook()),
        (START + 2, outlook(withdrawn="no station agrees")),
        (START + 3, outlook(8.0, 8.0)),
        (START + 4, outlook(withdrawn="again")),
    ]
    alerts = _run(Issuer(), items)
    assert [(a.kind, a.why, a.version) for a in alerts] == [
        ("new", None, 1),
        ("cancel", "false", 2),
    ]
    assert alerts[1].expires >= alerts[0].expires


def test_a_withdrawn_event_without_numbers_is_cancelled_with_those_that_were_told(outlook):
    nan = float("nan")
    items = [(START, outlook()), (START + 2, outlook(withdrawn="x", lat=nan, magnitude=nan))]
    alerts = _run(Issuer(), items)
    assert alerts[1].origin == alerts[0].origin


def test_nothing_follows_an_expired_alert(outlook):
    issuer = Issuer()
    (alert,) = issuer.feed(outlook(), START)
    issuer.tick(alert.expires)
    assert issuer.feed(outlook(9.0, 8.0), alert.expires + 1) == []


def test_a_forecast_without_numbers_leaves_the_alert_as_it_is(outlook):
    alerts = _run(Issuer(), [(START, outlook()), (START + 2, outlook(float("nan")))])
    assert len(alerts) == 1


def test_observed_motion_becomes_the_field(outlook):
    (alert,) = Issuer().feed(outlook(6.0, source="plum"), START)
    assert alert.field == (("epicentre", 6.0),)
    assert alert.source == "plum"


STORY = st.lists(
    st.tuples(
        st.floats(0.0, 3.0),  # seconds until it
        st.sampled_from(["a", "b"]),
        st.floats(2.0, 9.0),  # intensity
        st.floats(3.0, 8.0),  # magnitude
        st.floats(0.5, 1.0),  # likelihood
        st.integers(0, 15).map(lambda i: "false" if i == 0 else None),
    ),
    max_size=60,
)


def _items(outlook, story):
    now = START
    for wait, event, intensity, magnitude, likelihood, withdrawn in story:
        now += wait
        yield (
            now,
            outlook(intensity, magnitude, event=event, likelihood=likelihood, withdrawn=withdrawn),
        )


@given(STORY, st.sampled_from(["actual", "drill", "test"]))
@settings(max_examples=300, deadline=None)
def test_whatever_comes_each_event_is_told_in_order(outlook, story, mode):
    alerts = _run(Issuer(AlertSettings(mode=mode)), _items(outlook, story))
    for event in ("a", "b"):
        told = [a for a in alerts if a.event == event]
        assert [a.version for a in told] == list(range(1, len(told) + 1))
        assert [a.kind for a in told].count("new") == (1 if told else 0)
        assert not told or told[0].kind == "new"
        falsified = [i for i, a in enumerate(told) if a.why == "false"]
        assert falsified in ([], [len(told) - 1])
        for before, after in pairwise(told):
            assert before.issued <= after.issued
            if before.kind == "cancel":
                assert (before.why, after.kind) == ("smaller", "update")
            elif after.why != "false" and (before.level, after.level) != ("aware", "action"):
                assert after.issued - before.issued >= 1.0 - 1e-6
    assert {a.mode for a in alerts} <= {mode}
    assert all((a.kind == "cancel") == (a.why is not None) for a in alerts)
    assert all(a.issued < a.expires for a in alerts)
    assert len({a.id for a in alerts}) == len(alerts)


@given(STORY)
@settings(max_examples=50, deadline=None)
def test_the_same_story_gives_the_same_alerts(outlook, story):
    first, second = (_run(Issuer(), _items(outlook, story)) for _ in range(2))
    assert first == second
