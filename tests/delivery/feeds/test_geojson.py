import json

import msgspec
import pytest

from forewave.delivery.feeds.geojson import choose, collection, feature, significance
from forewave.delivery.feeds.parameters import EventQuery
from tests.delivery.conftest import NOW

BASE = "http://here/"


def made(history, now=NOW, **query):
    chosen = choose(history.entries, EventQuery(**query), now)
    return json.loads(msgspec.json.encode(collection(chosen, BASE, f"{BASE}x", "t")))


def events(history, now=NOW, **query):
    return [each["id"] for each in made(history, now, **query)["features"]]


def test_a_false_alert_is_no_event_and_a_drill_only_where_asked_for(filled):
    assert events(filled) == ["a"]
    assert events(filled, mode="drill") == ["c"]
    assert sorted(events(filled, mode="all")) == ["a", "c", "d"]


def test_a_drill_can_be_taken_for_an_earthquake_by_no_field(filled):
    [drill] = made(filled, mode="drill")["features"]
    properties = drill["properties"]
    assert properties["type"] == "drill"
    assert properties["title"].startswith("DRILL - ")
    assert properties["place"].startswith("DRILL - ")
    [actual] = made(filled)["features"]
    assert actual["properties"]["type"] == "earthquake"


def test_an_earthquake_that_is_only_smaller_stays(history, sealed):
    history.add(sealed(kind="cancel", why="smaller"))
    assert events(history) == ["e1"]


def test_the_last_version_counts_and_says_when_it_was_issued(filled):
    [found] = made(filled)["features"]
    assert found["properties"]["mag"] == 6.4
    assert found["properties"]["updated"] == round((NOW - 40) * 1000)
    assert found["properties"]["time"] == round((NOW - 5) * 1000)
    assert found["geometry"] == {"type": "Point", "coordinates": [121.5, 24.0, 15.0]}


@pytest.mark.parametrize(
    ("period", "seconds"), [("hour", 3600), ("day", 86400), ("week", 604800), ("month", 2592000)]
)
def test_an_event_leaves_the_feed_at_the_end_of_its_period(filled, period, seconds):
    origin = NOW - 5
    assert events(filled, origin + seconds - 1, period=period) == ["a"]
    assert events(filled, origin + seconds + 1, period=period) == []
    assert events(filled, origin + 1e9, period="all") == ["a"]


def test_when_it_changed_is_when_something_was_published_or_has_left(filled):
    def changed(now):
        return choose(filled.entries, EventQuery(period="hour"), now).changed

    assert changed(NOW) == NOW - 20.0
    assert changed(NOW + 4000) == NOW - 5 + 3600


def test_magnitudes_and_significance_filter(history, sealed):
    for event, magnitude in (("big", 6.5), ("middle", 4.5), ("small", 2.4)):
        history.add(sealed(event=event, magnitude=magnitude))
    assert events(history, minmagnitude=4.5) == ["big", "middle"]
    assert events(history, significant=True) == ["big"]
    assert (significance(6.5), significance(4.5)) == (650, 312)


def test_the_newest_earthquake_comes_first_and_the_box_holds_all(history, sealed, alert):
    for i in range(3):
        origin = msgspec.structs.replace(alert.origin, time=NOW - i, lat=20.0 + i, lon=-i)
        history.add(sealed(event=f"e{i}", origin=origin))
    found = made(history)
    assert [each["id"] for each in found["features"]] == ["e0", "e1", "e2"]
    assert found["bbox"] == [-2.0, 20.0, 15.0, 0.0, 22.0, 15.0]
    assert found["metadata"]["count"] == 3


def test_without_events_there_is_no_box(history):
    found = made(history)
    assert (found["features"], "bbox" in found) == ([], False)


def test_an_id_with_strange_letters_gives_a_good_address(history, sealed):
    history.add(sealed(event="演 习/é?"))
    found = feature(history.entries[0], BASE)
    assert found.properties.detail == f"{BASE}api/events/%E6%BC%94%20%E4%B9%A0%2F%C3%A9%3F"
