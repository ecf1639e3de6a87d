"""Events of the catalogue as QuakeML 1.2 (basic event description).

Source: Euchner et al. (2013), QuakeML 1.2 BED, and its schema. Depths and horizontal uncertainties
are metres, distances of arrivals degrees. A withdrawn event has the type "not existing"; a drill or
test "other event", and DRILL or TEST before its description.
"""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any

from forewave.archive.catalogue.query import Event, Version
from forewave.archive.catalogue.records import picks
from forewave.types import Arrival
from forewave.units import DEGREE_KM

BED = "http://quakeml.org/xmlns/bed/1.2"
QUAKEML = "http://quakeml.org/xmlns/quakeml/1.2"
AGENCY = "forewave"
NO_EVENT = "not existing"
MARKS = {"actual": "", "drill": "DRILL - ", "test": "TEST - "}
_ID = re.compile(rf"quakeml:{AGENCY}/(actual|drill|test)/(.+)")
_UNSAFE = re.compile(r"[^A-Za-z0-9.*()_~'-]")


def public_id(event: Event, *more: object) -> str:
    """The publicID of an event or a part of it."""
    parts = (event.id, *(str(each) for each in more))
    return f"quakeml:{AGENCY}/{event.mode}/" + "/".join(_UNSAFE.sub("_", each) for each in parts)


def event_of(text: str) -> tuple[str, str] | None:
    """Mode and id of a publicID; None if it is something else."""
    found = _ID.fullmatch(text)
    return None if found is None else (found[1], found[2])


def type_of(event: Event) -> str:
    """Its type, as QuakeML names it."""
    if event.latest.withdrawn is not None:
        return NO_EVENT
    return "earthquake" if event.mode == "actual" else "other event"


def iso(seconds: float) -> str:
    """In UTC, with microseconds."""
    time = datetime.fromtimestamp(0, UTC) + timedelta(seconds=seconds)
    return time.isoformat(timespec="microseconds")[:-6] + "Z"


def quakeml(
    events: Sequence[Event],
    names: Sequence[str],
    *,
    origins: bool = False,
    magnitudes: bool = False,
    arrivals: bool = False,
    created: float,
) -> bytes:
    """The document. names: where each event is, "" if not said. created: POSIX seconds.

    origins, magnitudes: of every version. arrivals: picks and arrivals of the last one.
    """
    from lxml import etree  # type: ignore[import-untyped]

    root = etree.Element(f"{{{QUAKEML}}}quakeml", nsmap={"q": QUAKEML, None: BED})
    parameters = _part(root, "eventParameters", publicID=f"quakeml:{AGENCY}/events")
    for event, name in zip(events, names, strict=True):
        _event(parameters, event, name, origins, magnitudes, arrivals)
    _created(parameters, created)
    document: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return document


def _event(
    parent: Any, event: Event, name: str, origins: bool, magnitudes: bool, arrivals: bool
) -> None:
    latest = event.latest
    part = _part(parent, "event", publicID=public_id(event))
    _text(part, "preferredOriginID", public_id(event, "origin", latest.number))
    _text(part, "preferredMagnitudeID", public_id(event, "magnitude", latest.number))
    _text(part, "type", type_of(event))
    if event.mode == "actual":
        _text(part, "typeCertainty", "suspected")  # nobody has looked at it
    description = _part(part, "description")
    _text(description, "text", MARKS[event.mode] + (name or event.id))
    _text(description, "type", "region name" if name else "earthquake name")
    for comment in _comments(event):
        _text(_part(part, "comment"), "text", comment)
    _created(part, event.updated, latest.number)
    known = [each for each in picks(latest.picks) if "." in each.station] if arrivals else []
    for number, arrival in enumerate(known):
        _pick(part, event, number, arrival)
    for version in event.versions if origins else (latest,):
        _origin(part, event, version, known if version is latest else [])
    for version in event.versions if magnitudes else (latest,):
        _magnitude(part, event, version, origins or version is latest)


def _comments(event: Event) -> list[str]:
    latest = event.latest
    found = []
    if isfinite(latest.likelihood):
        found.append(f"probability that it is an earthquake: {latest.likelihood:.4f}")
    if latest.withdrawn is not None:
        found.append(f"withdrawn: {latest.withdrawn}")
    if event.mode != "actual":
        found.append(f"this is a {event.mode}, and was not sent as a warning of an earthquake")
    return found


def _origin(parent: Any, event: Event, version: Version, arrivals: Sequence[Arrival]) -> None:
    origin, id_ = version.origin, public_id(event, "origin", version.number)
    part = _part(parent, "origin", publicID=id_)
    _quantity(part, "time", iso(origin.time), origin.time_sigma)
    _quantity(part, "latitude", f"{origin.lat:.5f}")
    _quantity(part, "longitude", f"{origin.lon:.5f}")
    _quantity(part, "depth", f"{origin.depth_km * 1000.0:.1f}", origin.depth_sigma_km * 1000.0)
    if isfinite(origin.epicentre_sigma_km):
        uncertainty = _part(part, "originUncertainty")
        _text(uncertainty, "horizontalUncertainty", f"{origin.epicentre_sigma_km * 1000.0:.1f}")
        _text(uncertainty, "preferredDescription", "horizontal uncertainty")
    used = [each for each in picks(version.picks) if each.weight > 0.0]
    quality = _part(part, "quality")
    _text(quality, "usedPhaseCount", str(len(used)))
    _text(quality, "usedStationCount", str(len({each.station for each in used})))
    _judged(part, version)
    for number, arrival in enumerate(arrivals):
        _arrival(part, event, number, arrival)


def _arrival(parent: Any, event: Event, number: int, arrival: Arrival) -> None:
    part = _part(parent, "arrival", publicID=public_id(event, "arrival", number))
    _text(part, "pickID", public_id(event, "pick", number))
    _text(part, "phase", arrival.phase)
    values = {
        "distance": arrival.distance_km / DEGREE_KM,
        "timeResidual": arrival.residual,
        "timeWeight": arrival.weight,
    }
    for name, value in values.items():
        if isfinite(value):
            _text(part, name, f"{value:.4f}")


def _pick(parent: Any, event: Event, number: int, arrival: Arrival) -> None:
    part = _part(parent, "pick", publicID=public_id(event, "pick", number))
    _quantity(part, "time", iso(arrival.time))
    network, _, station = arrival.station.partition(".")
    _part(part, "waveformID", networkCode=network[:8], stationCode=station[:8])
    _text(part, "phaseHint", arrival.phase)
    _text(part, "evaluationMode", "automatic")


def _magnitude(parent: Any, event: Event, version: Version, has_origin: bool) -> None:
    magnitude, number = version.magnitude, version.number
    part = _part(parent, "magnitude", publicID=public_id(event, "magnitude", number))
    _quantity(part, "mag", f"{magnitude.value:.3f}", magnitude.sigma)
    _text(part, "type", magnitude.kind)
    if has_origin:
        _text(part, "originID", public_id(event, "origin", number))
    _text(part, "stationCount", str(magnitude.stations))
    _judged(part, version)


def _judged(part: Any, version: Version) -> None:
    _text(part, "evaluationMode", "automatic")
    _text(part, "evaluationStatus", "preliminary" if version.withdrawn is None else "rejected")
    _created(part, version.issued, version.number)


def _created(parent: Any, time: float, version: int | None = None) -> None:
    part = _part(parent, "creationInfo")
    _text(part, "agencyID", AGENCY)
    _text(part, "creationTime", iso(time))
    if version is not None:
        _text(part, "version", str(version))


def _quantity(parent: Any, name: str, value: str, sigma: float | None = None) -> None:
    part = _part(parent, name)
    _text(part, "value", value)
    if sigma is not None and isfinite(sigma):
        _text(part, "uncertainty", f"{sigma:.4f}")


def _part(parent: Any, name: str, **attributes: str) -> Any:
    from lxml import etree

    return etree.SubElement(parent, f"{{{BED}}}{name}", attributes)


def _text(parent: Any, name: str, text: str) -> None:
    _part(parent, name).text = text
