"""The events that are shown."""

from msgspec.structs import replace

from forewave.console import events as events_module
from forewave.console.events import QUIET, Events
from forewave.console.picks import Picks
from forewave.types import Rupture
from tests.console.console_items import NOW, pick, solution


def events():
    picks = Picks({"ST.A": 0})
    picks.add(pick("a", "A"))
    return Events(picks)


def test_versions_are_given_once_and_all_of_them_to_who_comes_later():
    shown = events()
    for version in (1, 2, 3):
        shown.add(solution(version, [pick("a", "A")]), NOW + version)
    [event] = shown.changes(NOW + 3)
    assert [v.n for v in event["versions"]] == [1, 2, 3]
    assert event["arrivals"] == [(1, 0.2, True)]
    assert event["versions"][-1].magnitude == 6.3
    assert event["versions"][0].at == (NOW + 1) * 1000
    assert (event["line"], event["gone"]) == (None, None)
    shown.add(solution(4), NOW + 4)
    [event] = shown.changes(NOW + 4)
    assert [v.n for v in event["versions"]] == [4]
    assert shown.changes(NOW + 4) == []
    assert [v.n for v in shown.all()[0]["versions"]] == [1, 2, 3, 4]


def test_a_withdrawn_event_says_why_and_a_rupture_has_two_ends():
    shown = events()
    rupture = Rupture(35.0, 135.0, 35.5, 135.5, 2.0, 70.0, 40.0)
    shown.add(replace(solution(1), rupture=rupture), NOW)
    assert shown.changes(NOW)[0]["line"] == (35.0, 135.0, 35.5, 135.5)
    shown.add(solution(2, withdrawn="storm"), NOW)
    assert shown.changes(NOW)[0]["gone"] == "storm"


def test_memory_has_an_end(monkeypatch):
    monkeypatch.setattr(events_module, "MOST", 3)
    monkeypatch.setattr(events_module, "VERSIONS", 5)
    shown = events()
    for n in range(10):
        for version in range(20):
            shown.add(solution(version, event=f"e{n}"), NOW)
    assert [(e["event"], len(e["versions"])) for e in shown.all()] == [
        ("e7", 5),
        ("e8", 5),
        ("e9", 5),
    ]
    shown.changes(NOW + QUIET + 1)
    assert shown.all() == []
