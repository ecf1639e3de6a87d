"""The live CAP documents, and their Atom feed (RFC 4287). Pure: `now` is given.

The feed has one entry for each event, its newest version, until that expires; a cancel is valid for
a day. Links are relative, so that it can be served below a prefix.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from msgspec import Struct

from forewave.channels.cap.document import MEDIA_TYPE, Version

ATOM = "http://www.w3.org/2005/Atom"
MOST_EVENTS = 200


class Document(Struct, frozen=True):
    """One version of an event. sent, expires: POSIX seconds. title: its English headline."""

    version: Version
    number: int
    kind: Literal["Alert", "Update", "Cancel"]
    title: str
    sent: float
    expires: float
    xml: bytes


class Documents:
    """What was sent and has not expired, by event. Keys of events tell drills from real ones."""

    def __init__(self) -> None:
        self._events: dict[str, list[Document]] = {}

    def earlier(self, event: str, number: int) -> list[Version]:
        """All versions of the event that were sent before this one, oldest first."""
        return [each.version for each in self._events.get(event, []) if each.number < number]

    def add(self, event: str, document: Document) -> None:
        """Add a version, or replace it if it is sent again."""
        others = [d for d in self._events.get(event, []) if d.number != document.number]
        self._events[event] = sorted([*others, document], key=lambda each: each.number)
        while len(self._events) > MOST_EVENTS:
            del self._events[next(iter(self._events))]

    def newest(self, now: float) -> list[Document]:
        """The newest version of each live event, the last sent first."""
        live = [versions[-1] for versions in self._events.values() if now < versions[-1].expires]
        return sorted(live, key=lambda each: -each.sent)

    def find(self, identifier: str, now: float) -> bytes | None:
        """The document of a live event, also an older version; None if there is none."""
        for versions in self._events.values():
            if now < versions[-1].expires:
                for each in versions:
                    if each.version.identifier == identifier:
                        return each.xml
        return None

    def expire(self, now: float) -> bool:
        """Remove the events that have expired; whether there were any."""
        live = {event: v for event, v in self._events.items() if now < v[-1].expires}
        had_expired = len(live) < len(self._events)
        self._events = live
        return had_expired

    def remove(self, event: str) -> bool:
        """Remove an event before it expires; whether it was there."""
        return self._events.pop(event, None) is not None

    @property
    def events(self) -> dict[str, list[Document]]:
        """Versions by event, as they are stored."""
        return self._events

    def restore(self, events: dict[str, list[Document]]) -> None:
        """What was stored."""
        self._events = {event: versions for event, versions in events.items() if versions}


def feed(documents: Sequence[Document], sender: str, now: float) -> bytes:
    """The feed of the newest versions."""
    root = Element("feed", {"xmlns": ATOM})
    _add(root, "id", _urn(sender, "feed"))
    _add(root, "title", f"Earthquake alerts (CAP 1.2) of {sender}")
    _add(root, "updated", _time(documents[0].sent if documents else now))
    _add(SubElement(root, "author"), "name", sender)
    SubElement(root, "link", {"rel": "self", "href": "feed.atom", "type": "application/atom+xml"})
    for document in documents:
        _entry(root, document, sender)
    return bytes(ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _entry(root: Element, document: Document, sender: str) -> None:
    identifier = document.version.identifier
    entry = SubElement(root, "entry")
    _add(entry, "id", _urn(sender, identifier))
    _add(entry, "title", document.title)
    _add(entry, "updated", _time(document.sent))
    SubElement(entry, "category", {"term": document.kind})
    link = {"rel": "alternate", "type": MEDIA_TYPE, "href": f"{identifier}.xml"}
    SubElement(entry, "link", link)
    _add(entry, "summary", document.title)


def _urn(sender: str, name: str) -> str:
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{sender}/{name}')}"


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _time(at: float) -> str:
    return datetime.fromtimestamp(int(at), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
