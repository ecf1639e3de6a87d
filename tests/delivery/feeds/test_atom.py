from datetime import datetime
from pathlib import Path

import pytest
from lxml import etree

from forewave.delivery.feeds.atom import ATOM, atom, title
from forewave.delivery.feeds.parameters import AlertQuery
from tests.delivery.conftest import NOW

BASE = "http://here/"
SCHEMA = etree.RelaxNG(etree.parse(Path(__file__).parents[2] / "reference" / "atom.rng"))


def feed(history, **query):
    root = etree.fromstring(atom(history.entries, AlertQuery(**query), BASE, f"{BASE}x?a=1&b=2"))
    SCHEMA.assertValid(root)
    return root


def text(element, name):
    return [found.text for found in element.iter(f"{{{ATOM}}}{name}")]


def entries(root):
    return list(root.iter(f"{{{ATOM}}}entry"))


def seconds(moment):
    return datetime.fromisoformat(moment).timestamp()


def test_it_is_valid_with_and_without_entries(history, filled, keys):
    assert len(entries(feed(filled))) == 2
    assert len(entries(feed(type(filled)(keys.trusted)))) == 0


@pytest.mark.parametrize("name", ["id", "title", "updated"])
def test_a_feed_that_lacks_something_is_not_valid(filled, name):
    root = feed(filled)
    for entry in entries(root):
        entry.remove(entry.find(f"{{{ATOM}}}{name}"))
    assert not SCHEMA.validate(root)


def test_an_id_stays_the_same_in_all_versions_and_is_that_of_no_other(history, sealed):
    history.add(sealed(event="a", issued=NOW))
    [first] = text(entries(feed(history))[0], "id")
    history.add(sealed(event="a", version=2, issued=NOW + 9, kind="cancel", why="false"))
    history.add(sealed(event="b", issued=NOW + 1))
    history.add(sealed(event="a", mode="drill", issued=NOW + 1))
    ids = text(feed(history, mode="all"), "id")
    assert first in ids
    assert len(set(ids)) == len(ids) == 4  # the feed and three events


def test_updated_is_the_last_version_and_published_the_first(filled):
    a = entries(feed(filled))[1]
    assert [seconds(at) for at in text(a, "updated")] == [NOW - 40]
    assert [seconds(at) for at in text(a, "published")] == [NOW - 50]
    assert seconds(text(feed(filled), "updated")[0]) == NOW - 20


def test_a_cancel_and_a_drill_say_so_first(filled):
    cancelled = entries(feed(filled))[0]
    assert text(cancelled, "title")[0].startswith("CANCELLED - M 6.0")
    assert "there is no earthquake" in text(cancelled, "summary")[0]
    [drill] = entries(feed(filled, mode="drill"))
    assert text(drill, "title")[0].startswith("DRILL - M")
    assert text(drill, "summary")[0].startswith("This is a drill.")
    assert not any("DRILL" in found for found in text(feed(filled), "title"))


def test_a_cancelled_drill_is_both(history, sealed):
    history.add(sealed(mode="drill", kind="cancel", why="smaller"))
    assert title(history.entries[0].message).startswith("DRILL - CANCELLED - ")


def test_strange_letters_of_an_id_do_not_break_it(history, sealed):
    history.add(sealed(event="<&>\x01\x0b演"))
    assert len(entries(feed(history))) == 1


def test_a_single_station_alert_says_that_it_may_be_false(history, sealed):
    history.add(sealed(stations=1))
    assert "may be false" in text(feed(history), "summary")[0]
