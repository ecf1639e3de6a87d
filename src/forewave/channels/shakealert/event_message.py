"""The event message of ShakeAlert (schema of its messages, version 10 of 2019-10-04). Pure.

ShakeAlert's algorithms, the Virtual Seismologist of SeisComP (scvsmag, sceewlog) and their displays
exchange it: magnitude, place, depth and time of the source, each with its standard deviation.
"""

from datetime import UTC, datetime
from math import cos, radians
from typing import Literal
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from forewave.channels.card import Reason
from forewave.formats.protocols.alert_message import Message
from forewave.units import DEGREE_KM

SYSTEM = "forewave"
Kind = Literal["new", "update", "delete"]


def kind_of(message: Message, reason: Reason) -> Kind:
    """A cancel deletes the event, whatever else is known of it."""
    if message.kind == "cancel":
        return "delete"
    return "new" if reason == "first" else "update"


def event_message(message: Message, reason: Reason, likelihood: float, version: str) -> bytes:
    """The message, UTF-8.

    likelihood: probability that the event is real; 0 in a message that deletes it. version: of this
    program. A drill has the category "test": receivers that ignore the category take it for real,
    so it is to be sent on a topic of its own.
    """
    kind = kind_of(message, reason)
    live = message.mode == "actual"
    root = Element(
        "event_message",
        {
            "alg_vers": version,
            "category": "live" if live else "test",
            "instance": SYSTEM,
            "message_type": kind,
            "orig_sys": SYSTEM,
            "ref_id": "0",
            "ref_src": "",
            "timestamp": _time(message.iss),
            "version": str(message.n - 1),  # counted from 0
        },
    )
    core = SubElement(root, "core_info", {"id": message.id if live else f"TEST-{message.id}"})
    lat_sigma = message.sxy / DEGREE_KM
    lon_sigma = min(180.0, lat_sigma / max(1e-3, cos(radians(message.lat))))
    for name, value, unit in (
        ("mag", f"{message.m:.4f}", "Mw"),
        ("mag_uncer", f"{message.sm:.4f}", "Mw"),
        ("lat", f"{message.lat:.4f}", "deg"),
        ("lat_uncer", f"{lat_sigma:.4f}", "deg"),
        ("lon", f"{message.lon:.4f}", "deg"),
        ("lon_uncer", f"{lon_sigma:.4f}", "deg"),
        ("depth", f"{message.dep:.4f}", "km"),
        ("depth_uncer", f"{message.sdep:.4f}", "km"),
        ("orig_time", _time(message.t0), "UTC"),
        ("orig_time_uncer", f"{message.st:.4f}", "sec"),
    ):
        SubElement(core, name, {"units": unit}).text = value
    certain = 0.0 if kind == "delete" else likelihood
    SubElement(core, "likelihood").text = f"{certain:.4f}"
    if message.ns is not None:
        SubElement(core, "num_stations").text = str(message.ns)
    return bytes(ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True))


def heartbeat(now: float) -> bytes:
    """What displays expect every few seconds while the sender works. now: POSIX seconds."""
    at = datetime.fromtimestamp(int(now), UTC).strftime("%a %B %d %H:%M:%S %Y")
    root = Element("hb", {"originator": SYSTEM, "sender": SYSTEM, "timestamp": at})
    return bytes(ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _time(milliseconds: int) -> str:
    at = datetime.fromtimestamp(milliseconds / 1000.0, UTC)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
