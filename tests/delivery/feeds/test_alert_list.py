import msgspec

from forewave.delivery import signing
from forewave.delivery.feeds.alert_list import alert_list
from forewave.delivery.feeds.parameters import AlertQuery
from tests.delivery.conftest import NOW


def found(history, **query):
    answer = alert_list(history.entries, AlertQuery(**query))
    return [(record.event, record.version) for record in answer.alerts]


def test_the_newest_comes_first_and_drills_and_tests_only_where_asked_for(filled):
    actual = [("b", 2), ("b", 1), ("a", 2), ("a", 1)]
    assert found(filled) == actual
    assert found(filled, mode="drill") == [("c", 1)]
    assert found(filled, mode="test") == [("d", 1)]
    assert found(filled, mode="all") == [("d", 1), ("c", 1), *actual]


def test_every_record_says_its_mode(filled):
    answer = alert_list(filled.entries, AlertQuery(mode="all"))
    assert [record.mode for record in answer.alerts][:3] == ["test", "drill", "actual"]


def test_the_message_can_be_verified_as_if_it_had_just_come(filled, keys):
    for record in alert_list(filled.entries, AlertQuery(mode="all")).alerts:
        message = signing.unseal(record.message, keys.trusted)
        assert (message.id, message.n, message.m) == (
            record.event,
            record.version,
            record.magnitude,
        )


def test_since_and_before_page_through_all_of_them_without_repetition(filled):
    seen, before = [], float("inf")
    while True:
        answer = alert_list(filled.entries, AlertQuery(limit=1, before=before))
        seen += [(record.event, record.version) for record in answer.alerts]
        if not answer.more:
            break
        before = signing.unseal(answer.alerts[-1].message, filled._trusted).iss / 1000.0
    assert seen == found(filled)
    assert found(filled, since=NOW - 40.0) == [("b", 2), ("b", 1)]
    assert found(filled, since=NOW) == []


def test_the_last_version_of_each_event_is_marked_and_can_be_asked_for(filled):
    answer = alert_list(filled.entries, AlertQuery())
    assert [record.latest for record in answer.alerts] == [True, False, True, False]
    assert found(filled, versions="latest") == [("b", 2), ("a", 2)]
    assert found(filled, event="a") == [("a", 2), ("a", 1)]


def test_the_limit_is_kept_and_more_says_whether_there_are_others(filled):
    assert alert_list(filled.entries, AlertQuery(limit=3)).more
    assert not alert_list(filled.entries, AlertQuery(limit=4)).more
    assert msgspec.json.encode(alert_list((), AlertQuery())) == b'{"alerts":[],"more":false}'
