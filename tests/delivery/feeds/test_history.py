from msgspec.structs import replace

from forewave.delivery import signing
from forewave.delivery.feeds import history as module
from forewave.delivery.feeds.history import AlertHistory, first_issued, latest
from tests.delivery.conftest import NOW


def versions(history):
    return [(e.message.id, e.message.n) for e in history.entries]


def test_it_is_ordered_by_time_of_issue_whatever_the_order_it_came_in(history, sealed):
    for event, issued in (("b", NOW + 2), ("a", NOW), ("c", NOW + 1)):
        history.add(sealed(event=event, issued=issued))
    assert versions(history) == [("a", 1), ("c", 1), ("b", 1)]
    assert history.changes == 3


def test_the_bytes_are_those_that_were_signed_and_each_new_one_is_kept(keys, sealed):
    kept = []
    old, new = sealed(event="old"), sealed(event="new", issued=NOW + 1)
    history = AlertHistory(keys.trusted, [old], kept.append)
    history.add(new)
    assert [entry.signed for entry in history.entries] == [old, new]
    assert kept == [new]


def test_what_no_listed_key_has_signed_is_refused_and_counted(keys, sealed, alert):
    signed = sealed()
    forged = signed.replace(b'"m":6', b'"m":9')
    strange = signing.generate().seal(alert)
    assert forged != signed
    history = AlertHistory(keys.trusted, [forged, b"{", b"\xff\xfe", signed, strange])
    assert (versions(history), history.refused) == ([("e1", 1)], 4)


def test_a_version_that_is_there_twice_is_given_once(keys, sealed):
    assert len(AlertHistory(keys.trusted, [sealed(), sealed()]).entries) == 1


def test_it_is_bounded_and_the_oldest_goes(monkeypatch, history, sealed):
    monkeypatch.setattr(module, "MOST", 3)
    for i in range(5):
        history.add(sealed(event=f"e{i}", issued=NOW + i))
    assert [name for name, _ in versions(history)] == ["e2", "e3", "e4"]


def test_a_thread_that_reads_sees_no_change(history, sealed):
    history.add(sealed())
    before = history.entries
    history.add(sealed(version=2, issued=NOW + 1))
    assert len(before) == 1


def test_the_last_version_and_the_first_time_are_by_event_and_mode(filled):
    last = latest(filled.entries)
    assert {event: entry.message.n for event, entry in last.items()} == {
        ("actual", "a"): 2,
        ("actual", "b"): 2,
        ("drill", "c"): 1,
        ("test", "d"): 1,
    }
    assert first_issued(filled.entries)["actual", "a"] == round((NOW - 50) * 1000)


def test_what_a_key_that_is_gone_has_signed_is_no_longer_given(keys, sealed, alert):
    other, kept = signing.generate(), []
    history = AlertHistory(keys.trusted, [sealed(event="old"), sealed()], kept.append)
    resealed = other.seal(replace(alert, mode="actual"))
    history.trust(other.trusted, [resealed])
    assert [entry.signed for entry in history.entries] == [resealed]
    assert kept == [resealed]
    both = AlertHistory(keys.trusted, [sealed()], kept.append)
    both.trust(keys.trusted | other.trusted, [resealed])
    assert [entry.signed for entry in both.entries] == [sealed()]  # each version once
