"""FDSN StationXML 1.0 to 1.2: the overall sensitivity of every channel.

Read with lxml, element by element, so that a bad channel is dropped and the rest is read. Empty
elements are treated as missing; a channel without coordinates has those of its station. The parser
loads no entities, no DTD and nothing from the network.
"""

from collections.abc import Iterator
from math import inf, nan
from pathlib import Path
from typing import Any

from forewave.errors import FormatError
from forewave.formats import bounded, codes
from forewave.formats.dates import posix_or
from forewave.formats.inventories.listed import Listed, angle, component, number
from forewave.formats.inventories.response import Gain, gain_of
from forewave.formats.inventories.sensor import Component
from forewave.types import Dropped, StreamId


def components(path: Path, at: float | None = None) -> tuple[list[Component], list[Dropped]]:
    """The channels in operation at POSIX time `at` (None: their last epochs), and what was dropped.

    A channel that cannot be read is dropped. Raises FormatError if the file is not StationXML.
    """
    return _operating(root(path), path.name, at)


def components_of(
    document: bytes, name: str, at: float | None = None
) -> tuple[list[Component], list[Dropped]]:
    """As `components`, of a document in memory. name: its name in errors and dropped items."""
    from lxml import etree  # type: ignore[import-untyped]

    try:
        found = etree.fromstring(document, _parser())
    except etree.XMLSyntaxError as error:
        raise FormatError(f"{name}: {' '.join(str(error).split())}") from None
    return _operating(_checked(found, name), name, at)


def _operating(root: Any, where: str, at: float | None) -> tuple[list[Component], list[Dropped]]:
    """The channels in operation at time `at`. where: name of the document."""
    latest: dict[StreamId, tuple[float, Component]] = {}
    dropped: list[Dropped] = []
    closed: dict[StreamId, Dropped] = {}
    for stream, channel in _channels(root):
        try:
            begins = posix_or(channel.get("startDate"), -inf)
            ends = posix_or(channel.get("endDate"), inf)
            parsed = _component(stream, channel, where)
        except ValueError as error:
            dropped.append(Dropped(str(stream), "unreadable channel", f"{where}: {error}"))
            continue
        if at is not None and not begins <= at <= ends:
            closed[stream] = Dropped(str(stream), "not in operation then", where)
        elif isinstance(parsed, Dropped):
            dropped.append(parsed)
        elif stream not in latest or begins > latest[stream][0]:
            latest[stream] = (begins, parsed)
    dropped += [parsed for stream, parsed in closed.items() if stream not in latest]
    return [read for _, read in latest.values()], dropped


def _channels(root: Any) -> list[tuple[StreamId, Any]]:
    """Stream name and Channel element of every channel epoch of the document."""
    return [
        (_stream(network, station, channel), channel)
        for network in root.iterfind("{*}Network")
        for station in network.iterfind("{*}Station")
        for channel in station.iterfind("{*}Channel")
    ]


def root(path: Path) -> Any:
    """The document as lxml's element. Raises FormatError."""
    from lxml import etree

    try:
        bounded.check(path, bounded.METADATA)
        found = etree.parse(str(path), _parser()).getroot()
    except (OSError, etree.XMLSyntaxError) as error:
        raise FormatError(f"{path}: {' '.join(str(error).split())}") from None
    return _checked(found, str(path))


def _parser() -> Any:
    from lxml import etree

    return etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )


def _checked(root: Any, where: str) -> Any:
    from lxml import etree

    name = etree.QName(root).localname
    if name != "FDSNStationXML":
        raise FormatError(f"{where}: expected <FDSNStationXML>, found <{name[:40]}>")
    return root


def _stream(network: Any, station: Any, channel: Any) -> StreamId:
    names = [element.get("code", "") for element in (network, station, channel)]
    return codes.stream(names[0], names[1], channel.get("locationCode", ""), names[2])


def _component(stream: StreamId, channel: Any, where: str) -> Component | Dropped:
    if not codes.is_named(stream):
        return Dropped(where, "no station or channel name", str(stream))
    gain = gain_of(channel)
    listed = Listed(
        stream,
        gain.value,
        gain.unit,
        _rate(channel),
        _place(channel, "Latitude"),
        _place(channel, "Longitude"),
        _place(channel, "Elevation", 0.0),
        _number(channel, "Depth", 0.0),
        angle(channel.findtext("{*}Dip")),
        gain.why,
        tuple(_remarks(channel, gain)),
    )
    return component(listed)


def _remarks(channel: Any, gain: Gain) -> Iterator[tuple[str, str]]:
    """What looks wrong, as (reason, detail)."""
    if gain.contradicted:
        yield (
            "gain contradicts its stages",
            f"{gain.value:g} stated, {gain.by_stages:g} by its stages",
        )
    status = _inherited(channel, "restrictedStatus").lower()
    if status in ("closed", "partial"):
        yield "access is restricted", f"restrictedStatus is {status}"


def _inherited(channel: Any, name: str) -> str:
    """An attribute of the channel, or else of its station or network."""
    for element in (channel, channel.getparent(), channel.getparent().getparent()):
        text: str = element.get(name, "").strip()
        if text:
            return text
    return ""


def _rate(channel: Any) -> float:
    """Samples/s, from SampleRate or from SampleRateRatio."""
    text = channel.findtext("{*}SampleRate")
    if text and text.strip():
        return _number(channel, "SampleRate")
    samples = _number(channel, "SampleRateRatio/{*}NumberSamples", 0.0)
    return samples / (_number(channel, "SampleRateRatio/{*}NumberSeconds", 1.0) or 1.0)


def _place(channel: Any, name: str, otherwise: float = nan) -> float:
    """A coordinate of the channel, or else of its station."""
    return _number(channel, name, _number(channel.getparent(), name, otherwise))


def _number(element: Any, name: str, otherwise: float | None = None) -> float:
    text = element.findtext("{*}" + name)
    try:
        return number(text, otherwise)
    except ValueError:
        raise ValueError(f"{name} is {text!r}, expected a number") from None
