"""An alert as a CAP 1.2 document (OASIS Standard CAP-v1.2, 1 July 2010). Pure.

One document for each version, with one <info> for each language. The words are those of the pages.
The document is not signed itself (XML Signature); parameter "forewaveMessage" has the signed
message, which a receiver can verify (docs/reference/message.md).
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import isnan
from typing import Literal
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from msgspec import Struct

from forewave.channels.cap.area import Area
from forewave.channels.texts.all_languages import Texts, level
from forewave.formats.protocols.alert_message import Message

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA_TYPE = "application/cap+xml"
PROFILE = "forewave-1"
_STATUS = {"actual": "Actual", "drill": "Exercise", "test": "Test"}
_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.-"

Kind = Literal["Alert", "Update", "Cancel"]


class Version(Struct, frozen=True):
    """What names a document to others: its identifier, and when it was sent (CAP time)."""

    identifier: str
    sent: str


class Facts(Struct, frozen=True):
    """What a document says. mmi: the strongest anywhere it is about; nan: unknown.

    onset: POSIX seconds, the arrival of the strong waves where there is one place, else the time
    of the earthquake. signed: the message that it is made of.
    """

    message: Message
    mmi: float
    area: Area
    onset: float
    signed: bytes


def version_of(message: Message) -> Version:
    """Drills have identifiers of their own: nothing real refers to them."""
    name = "".join(c if c in _SAFE else f"_{ord(c):x}_" for c in message.id)
    drill = "" if message.mode == "actual" else f"{message.mode}-"
    return Version(f"forewave-{drill}{name}-{message.n}", _time(message.iss / 1000.0))


def kind_of(message: Message, earlier: Sequence[Version]) -> Kind:
    """A cancel is never anything else; the first that is sent of an event is an alert."""
    if message.kind == "cancel":
        return "Cancel"
    return "Update" if earlier else "Alert"


def document(
    facts: Facts, earlier: Sequence[Version], sender: str, words: Mapping[str, Texts]
) -> bytes:
    """The document, UTF-8.

    earlier: all versions of the event that were sent before. sender: identifies the issuer, without
    spaces, commas, < and &. words: texts of the pages by language code.
    """
    message, version = facts.message, version_of(facts.message)
    root = Element("alert", {"xmlns": NAMESPACE})
    _add(root, "identifier", version.identifier)
    _add(root, "sender", sender)
    _add(root, "sent", version.sent)
    _add(root, "status", _STATUS[message.mode])
    _add(root, "msgType", kind_of(message, earlier))
    _add(root, "scope", "Public")
    _add(root, "code", PROFILE)
    if message.mode != "actual":
        _add(root, "note", words["en"]["drill.band"])
    if earlier:
        _add(root, "references", " ".join(f"{sender},{v.identifier},{v.sent}" for v in earlier))
    for language, texts in words.items():
        _info(root, facts, language, texts)
    return bytes(ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True))


def headline(message: Message, mmi: float, texts: Texts) -> str:
    """What it is, first of all whether it is a drill or takes something back."""
    if message.kind == "cancel":
        part = "lowered" if message.why == "smaller" else "cancelled"
        said = texts[f"{part}.title"]
    else:
        said = texts["title"]
        said = said if isnan(mmi) else f"{said}{_marks(texts).colon}{level(mmi, texts)}"
    return said if message.mode == "actual" else f"{texts['drill.band']}{_marks(texts).stop}{said}"


def _info(root: Element, facts: Facts, language: str, texts: Texts) -> None:
    message = facts.message
    cancel = message.kind == "cancel"
    info = SubElement(root, "info")
    _add(info, "language", language)
    _add(info, "category", "Geo")
    _add(info, "event", texts["title"])
    _add(info, "responseType", _response(message))
    _add(info, "urgency", "Past" if cancel else "Immediate")
    _add(info, "severity", "Minor" if cancel else _severity(facts.mmi))
    _add(info, "certainty", _certainty(message))
    _add_pair(info, "eventCode", "SAME", "EQW")
    _add(info, "onset", _time(facts.onset))
    _add(info, "expires", _time(message.exp / 1000.0))
    _add(info, "headline", headline(message, facts.mmi, texts))
    _add(info, "description", _description(message, texts))
    _add(info, "instruction", _instruction(message, texts))
    for name, value in _parameters(facts).items():
        _add_pair(info, "parameter", name, value)
    area = SubElement(info, "area")
    _add(area, "areaDesc", f"{texts['epicentre']} {message.lat:.2f}, {message.lon:.2f}")
    for polygon in facts.area.polygons:
        _add(area, "polygon", " ".join(f"{lat:.3f},{lon:.3f}" for lat, lon in polygon))
    for lat, lon, radius_km in facts.area.circles:
        _add(area, "circle", f"{lat:.3f},{lon:.3f} {radius_km:.1f}")


def _response(message: Message) -> str:
    if message.kind != "cancel":
        return "Prepare" if _is_advice(message) else "Shelter"
    return "Monitor" if message.why == "smaller" else "AllClear"


def _severity(mmi: float) -> str:
    """By the strongest intensity; VIII is severe damage to ordinary buildings (MMI scale)."""
    if isnan(mmi):
        return "Unknown"
    shown = round(mmi)
    return "Extreme" if shown >= 8 else "Severe" if shown >= 6 else ("Moderate", "Minor")[shown < 5]


def _certainty(message: Message) -> str:
    """Observed: the network is sure enough to ask for action. Likely: over one half. Possible:
    one station or phones, unconfirmed. Unlikely, in a cancel: near zero."""
    if message.kind == "cancel":
        return "Unlikely"
    if message.ns == 1 or message.by == "phones":
        return "Possible"
    return "Observed" if message.level == "action" else "Likely"


def _is_advice(message: Message) -> bool:
    """A single-station alert whose station does not itself feel strong motion."""
    return message.ns == 1 and message.level == "aware"


def _description(message: Message, texts: Texts) -> str:
    if message.kind == "cancel":
        part = "lowered" if message.why == "smaller" else "cancelled"
        return _joined(texts, f"{part}.action")
    size = f"{texts['magnitude']} {message.m:.1f}"
    where = f"{texts['epicentre']} {_degrees(message)}"
    began = datetime.fromtimestamp(message.t0 / 1000.0, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    stop = _marks(texts).stop
    return f"{size}{stop}{where}{stop}{began}{stop}".rstrip()


def _instruction(message: Message, texts: Texts) -> str:
    if message.kind == "cancel":
        part = "lowered" if message.why == "smaller" else "cancelled"
        return texts[f"{part}.detail"]
    if _is_advice(message):
        return texts["single.ready"]
    return _joined(texts, "action.standard", "also.bed", "also.wheelchair", "also.driving")


class _Marks(Struct, frozen=True):
    """Between two sentences, and between a title and what it is about."""

    stop: str
    colon: str


def _marks(texts: Texts) -> _Marks:
    """As the language writes them."""
    wide = texts["spoken.standard"].endswith("。")
    return _Marks("。", "：") if wide else _Marks(". ", ": ")


def _joined(texts: Texts, *keys: str) -> str:
    """Texts of one or more lines in one line, each with a stop at its end."""
    stop = _marks(texts).stop
    lines = [line for key in keys for line in texts[key].split("\n")]
    return "".join(f"{line.rstrip('.。')}{stop}" for line in lines).rstrip()


def _degrees(message: Message) -> str:
    north, east = ("N" if message.lat >= 0 else "S"), ("E" if message.lon >= 0 else "W")
    return f"{abs(message.lat):.2f} {north}, {abs(message.lon):.2f} {east}"


def _parameters(facts: Facts) -> dict[str, str]:
    message = facts.message
    known = {} if isnan(facts.mmi) else {"maximumMMI": f"{facts.mmi:.1f}"}
    return {
        "magnitude": f"{message.m:.1f}",
        "magnitudeSigma": f"{message.sm:.2f}",
        "depthKm": f"{max(0.0, message.dep):.1f}",
        "epicentreSigmaKm": f"{message.sxy:.1f}",
        "originTime": _time(message.t0 / 1000.0),
        "stations": str(message.ns if message.ns is not None else "unknown"),
        **known,
        "forewaveMessage": facts.signed.decode(),
    }


def _add(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text


def _add_pair(parent: Element, name: str, key: str, value: str) -> None:
    pair = SubElement(parent, name)
    _add(pair, "valueName", key)
    _add(pair, "value", value)


def _time(at: float) -> str:
    """CAP 3.3.2: whole seconds, and -00:00 for UTC, never Z."""
    return datetime.fromtimestamp(int(at), UTC).strftime("%Y-%m-%dT%H:%M:%S-00:00")
