"""/api/alerts.atom: one entry per event in the Atom format (RFC 4287), newest first.

The id of an entry is a name-based UUID (RFC 9562) of mode and event: it stays the same when the
event is updated, moved to another server or cancelled. A cancel and a drill say so first in the
title. Positions are GeoRSS points.
"""

import uuid
from collections.abc import Sequence
from urllib.parse import quote
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from forewave.delivery.feeds.geojson import MARKS
from forewave.delivery.feeds.history import Entry, first_issued, latest
from forewave.delivery.feeds.parameters import AlertQuery, moment
from forewave.earth.place_name import place_name
from forewave.formats.protocols.alert_message import Message

ATOM, GEORSS = "http://www.w3.org/2005/Atom", "http://www.georss.org/georss"
# The namespace of forewave's names; a random UUID, chosen once.
NAMESPACE = uuid.UUID("4f7a3a0e-5d0b-4c39-9f0c-8f1b7f5e2a61")


def atom(entries: Sequence[Entry], query: AlertQuery, base: str, url: str) -> bytes:
    """The feed. base: address of the server with a slash at its end. url: of this answer."""
    root = Element("feed", {"xmlns": ATOM, "xmlns:georss": GEORSS})
    found = [entry for entry in latest(entries).values() if _is_wanted(entry, query)]
    chosen = sorted(found, key=lambda entry: -entry.message.iss)[: query.limit]
    updated = max((entry.issued for entry in chosen), default=0.0)
    _add(root, "id", _urn(f"feed {query.mode}"))
    what = "" if query.mode == "actual" else f" ({query.mode})"
    _add(root, "title", f"Earthquake early warnings{what}")
    _add(root, "updated", moment(updated))
    _link(root, "self", url, "application/atom+xml")
    _link(root, "alternate", base, "text/html")
    _add(SubElement(root, "author"), "name", "forewave")
    _add(root, "generator", "forewave")
    first = first_issued(entries)
    for entry in chosen:
        _entry(root, entry, first[entry.event] / 1000.0, base)
    data: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return data


def title(message: Message) -> str:
    """As "DRILL - CANCELLED - M 6.5 - 12 km N of Chengdu, CN"."""
    ended = "CANCELLED - " if message.kind == "cancel" else ""
    where = place_name(message.lat, message.lon)
    return f"{MARKS[message.mode]}{ended}M {message.m:.1f} - {where}"


def summary(message: Message) -> str:
    """One or two sentences."""
    match message.kind, message.why:
        case "cancel", "smaller":
            said = "The alert is cancelled: the earthquake is smaller than expected."
        case "cancel", _:
            said = "The alert is cancelled: there is no earthquake."
        case _:
            said = (
                f"Magnitude {message.m:.1f} +- {message.sm:.1f}, depth {message.dep:.0f} km,"
                f" origin time {moment(message.t0 / 1000.0)}."
            )
    drill = "" if message.mode == "actual" else f"This is a {message.mode}. "
    one = " Single-station alert, may be false." if _is_uncertain(message) else ""
    return f"{drill}{said}{one} Version {message.n}."


def _is_uncertain(message: Message) -> bool:
    return message.ns == 1 and message.kind != "cancel"


def _entry(root: Element, entry: Entry, published: float, base: str) -> None:
    message = entry.message
    found = SubElement(root, "entry")
    _add(found, "id", _urn(f"{message.mode} {message.id}"))
    _add(found, "title", title(message))
    _add(found, "updated", moment(entry.issued))
    _add(found, "published", moment(published))
    mode = "" if message.mode == "actual" else f"&mode={message.mode}"
    address = f"{base}api/alerts?event={quote(message.id, safe='')}{mode}"
    _link(found, "alternate", address, "application/json")
    for scheme, term in (("mode", message.mode), ("kind", message.kind), ("level", message.level)):
        SubElement(found, "category", term=term, scheme=f"urn:x-forewave:{scheme}")
    _add(found, "summary", summary(message))
    point = SubElement(found, "georss:point")
    point.text = f"{message.lat:g} {message.lon:g}"


def _is_wanted(entry: Entry, query: AlertQuery) -> bool:
    message = entry.message
    return (
        query.since < entry.issued < query.before
        and query.mode in (message.mode, "all")
        and query.event in (None, message.id)
    )


def _urn(name: str) -> str:
    return uuid.uuid5(NAMESPACE, name).urn


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _printable(text)


def _link(parent: Element, rel: str, href: str, kind: str) -> None:
    SubElement(parent, "link", rel=rel, href=_printable(href), type=kind)


def _printable(text: str) -> str:
    """Without the control characters that XML cannot contain."""
    return "".join(letter if letter.isprintable() else "?" for letter in text)
