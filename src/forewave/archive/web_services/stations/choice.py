"""The part of a StationXML document that a request asks for, as a document of its own."""

import copy
from collections.abc import Mapping, Sequence
from math import inf
from typing import Any

from msgspec import Struct

from forewave.archive.catalogue.query import Box, Circle
from forewave.archive.web_services.places import box, circle, within
from forewave.archive.web_services.selection import ANY, Selection
from forewave.earth.distance import distance_km
from forewave.formats import codes
from forewave.formats.dates import posix_or
from forewave.formats.inventories.stationxml_made import head
from forewave.types import StreamId
from forewave.units import DEGREE_KM

CLOSED = "closed"
COUNTS = ("SelectedNumberStations", "SelectedNumberChannels")


class Times(Struct, frozen=True):
    """Limits of when an epoch began and ended."""

    start_before: float = inf
    start_after: float = -inf
    end_before: float = inf
    end_after: float = -inf

    def has(self, begin: float, end: float) -> bool:
        """Whether an epoch is within them. An unknown begin is -inf, no end is inf."""
        began = begin < self.start_before and (begin > self.start_after or self.start_after == -inf)
        return began and end > self.end_after and (end < self.end_before or self.end_before == inf)


class Choice(Struct, frozen=True):
    """What is asked for. selections: one of these has to fit."""

    selections: Sequence[Selection]
    times: Times
    box: Box
    circle: Circle | None
    level: str
    restricted: bool

    @property
    def of_channels(self) -> bool:
        """Whether a station without a channel that fits is left out."""
        return self.level in ("channel", "response") or any(
            each.channel is not ANY or each.location is not ANY for each in self.selections
        )


def choice_of(values: Mapping[str, Any], selections: Sequence[Selection]) -> Choice:
    """Of the parameters of a request. Raises RefusedError."""

    def limit(name: str, otherwise: float) -> float:
        return otherwise if values[name] is None else float(values[name])

    times = Times(
        limit("startbefore", inf),
        limit("startafter", -inf),
        limit("endbefore", inf),
        limit("endafter", -inf),
    )
    return Choice(
        selections,
        times,
        box(values),
        circle(values),
        values["level"],
        values["includerestricted"],
    )


def chosen(root: Any, choice: Choice, source: str, created: float) -> Any | None:
    """A new document with what fits; None if nothing does. source, created: as in `head`."""
    made = head(source, created)
    for network in root.iterfind("{*}Network"):
        if choice.restricted or not _is_closed(network):
            _network(made, network, choice)
    return made if made.find("{*}Network") is not None else None


def _network(made: Any, network: Any, choice: Choice) -> None:
    stations = [
        part
        for station in network.iterfind("{*}Station")
        if (part := _station(network, station, choice)) is not None
    ]
    if stations:
        made.append(_with(network, "Station", [] if choice.level == "network" else stations))


def _station(network: Any, station: Any, choice: Choice) -> Any | None:
    if not _is_near(station, choice) or (_is_closed(station) and not choice.restricted):
        return None
    channels = list(station.iterfind("{*}Channel"))
    fitting = [each for each in channels if _fits(choice, network, station, each)]
    if not fitting and (channels or choice.of_channels):
        return None
    if not channels and not _fits(choice, network, station, None):
        return None
    if choice.level in ("network", "station"):
        return _with(station, "Channel", [])
    shown = [_channel(each, choice.level) for each in fitting]
    return _with(station, "Channel", shown)


def _channel(channel: Any, level: str) -> Any:
    made = copy.deepcopy(channel)
    if level == "channel":
        for stage in list(made.iterfind("{*}Response/{*}Stage")):
            stage.getparent().remove(stage)
    return made


def _with(element: Any, name: str, children: Sequence[Any]) -> Any:
    """A copy of an element with these children instead of all of that name."""
    made = _shell(element, name)
    for child in children:
        made.append(child)
    return made


def _shell(element: Any, name: str) -> Any:
    from lxml import etree  # type: ignore[import-untyped]

    made = etree.Element(element.tag, dict(element.attrib), nsmap=element.nsmap)
    for child in element:
        kind = etree.QName(child).localname if isinstance(child.tag, str) else ""
        if kind not in ("", name, *COUNTS):
            made.append(copy.deepcopy(child))
    return made


def _fits(choice: Choice, network: Any, station: Any, channel: Any | None) -> bool:
    """Whether an epoch of a channel, or of a station that has none, is asked for."""
    if channel is not None and _is_closed(channel) and not choice.restricted:
        return False
    epoch = station if channel is None else channel
    try:
        begin = posix_or(epoch.get("startDate"), -inf)
        end = posix_or(epoch.get("endDate"), inf)
    except ValueError:
        begin, end = -inf, inf
    if not choice.times.has(begin, end):
        return False
    stream = _stream(network, station, channel)
    return any(
        each.has(stream)
        and end >= (-inf if each.begin is None else each.begin)
        and begin <= (inf if each.end is None else each.end)
        for each in choice.selections
    )


def _stream(network: Any, station: Any, channel: Any | None) -> StreamId:
    names = ("", "") if channel is None else (channel.get("locationCode", ""), channel.get("code"))
    return codes.stream(network.get("code", ""), station.get("code", ""), names[0], names[1] or "")


def _is_near(station: Any, choice: Choice) -> bool:
    try:
        lat, lon = (float(station.findtext("{*}" + name)) for name in ("Latitude", "Longitude"))
    except (TypeError, ValueError):
        return choice.box == Box() and choice.circle is None
    if not within(choice.box, lat, lon):
        return False
    around = choice.circle
    if around is None:
        return True
    away = float(distance_km(around.lat, around.lon, lat, lon)) / DEGREE_KM
    return around.least <= away <= around.most


def _is_closed(element: Any) -> bool:
    return str(element.get("restrictedStatus", "")).lower() == CLOSED
