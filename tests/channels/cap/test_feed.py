"""The feed has what is live, and nothing else."""

from lxml import etree

from forewave.channels.cap.document import Version
from forewave.channels.cap.feed import ATOM, MOST_EVENTS, Document, Documents, feed

NOW = 1_700_000_000.0


def made(event="e1", number=1, kind="Alert", sent=NOW, lasts=180.0):
    version = Version(f"{event}-{number}", "2023-11-14T22:13:20-00:00")
    title = "Alert cancelled" if kind == "Cancel" else "EARTHQUAKE"
    return Document(version, number, kind, title, sent, sent + lasts, b"<alert/>")


def filled(*documents):
    held = Documents()
    for each in documents:
        held.add(each.version.identifier.split("-")[0], each)
    return held


def entries(held, now=NOW):
    root = etree.fromstring(feed(held.newest(now), "alerts@example.org", now))
    return root.findall(f"{{{ATOM}}}entry")


def test_an_event_has_one_entry_with_its_newest_version():
    held = filled(made(), made(number=2, kind="Update", sent=NOW + 5), made("e2", sent=NOW + 3))
    links = [entry.find(f"{{{ATOM}}}link").get("href") for entry in entries(held, NOW + 6)]
    assert links == ["e1-2.xml", "e2-1.xml"]


def test_an_expired_alert_leaves_and_a_cancel_stays_for_its_day():
    cancel = made("e2", 2, "Cancel", NOW + 10, 86_400.0)
    held = filled(made(), made("e2"), cancel)
    assert [each.kind for each in held.newest(NOW + 20)] == ["Cancel", "Alert"]
    assert [each.kind for each in held.newest(NOW + 181)] == ["Cancel"]
    assert held.find("e1-1", NOW + 181) is None
    assert held.find("e2-1", NOW + 181) == b"<alert/>"
    assert held.newest(NOW + 90_000) == []
    assert held.expire(NOW + 90_000)
    assert not held.expire(NOW + 90_000)
    assert held.events == {}


def test_earlier_versions_are_those_that_were_sent_before_oldest_first():
    held = filled(made(number=4), made(number=1), made(number=2))
    assert [v.identifier for v in held.earlier("e1", 4)] == ["e1-1", "e1-2"]
    assert held.earlier("other", 1) == []


def test_a_version_that_is_sent_again_is_one():
    held = filled(made(), made(), made(number=2))
    assert [v.identifier for v in held.earlier("e1", 3)] == ["e1-1", "e1-2"]


def test_what_rfc_4287_asks_for_is_there():
    for held in (filled(), filled(made())):
        root = etree.fromstring(feed(held.newest(NOW), "alerts@example.org", NOW))
        names = {"id", "title", "updated", "author"}
        assert names <= {etree.QName(child).localname for child in root}
        for entry in root.findall(f"{{{ATOM}}}entry"):
            found = {etree.QName(child).localname for child in entry}
            assert {"id", "title", "updated", "link", "summary"} <= found
    ids = [e.find(f"{{{ATOM}}}id").text for e in entries(filled(made(), made("e2")))]
    assert len(set(ids)) == 2
    assert all(each.startswith("urn:uuid:") for each in ids)


def test_the_number_of_events_is_limited():
    held = filled(*(made(f"e{number}") for number in range(MOST_EVENTS + 5)))
    assert len(held.events) == MOST_EVENTS
    assert "e0" not in held.events


def test_what_was_stored_is_restored():
    held, again = filled(made()), Documents()
    again.restore({**held.events, "empty": []})
    assert again.events == held.events
