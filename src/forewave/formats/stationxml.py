"""FDSN StationXML 1.0 to 1.2: the overall sensitivity of every channel.

Read with lxml, element by element, so that one bad channel costs that channel and not the file.
The parser loads no entity, no DTD and no address.
"""

from datetime import UTC, datetime
from math import prod
from pathlib import Path
from typing import Any

from forewave.errors import FormatError
from forewave.formats.ground_unit import ground_unit
from forewave.formats.sensor import Component
from forewave.types import Channel, Dropped, StreamId

STEEP = 45.0  # degrees of dip from which a component counts as vertical


def components(path: Path, at: float | None = None) -> tuple[list[Component], list[Dropped]]:
    """The channels of `path` in operation `at` that time (the last epoch without one).

    A channel that cannot be read is dropped, the rest goes on. Raises FormatError where the file
    is no StationXML.
    """
    latest: dict[StreamId, tuple[float, Component]] = {}
    dropped: list[Dropped] = []
    closed: dict[StreamId, Dropped] = {}
    for stream, channel in _channels(path):
        try:
            begins, ends = _epoch(channel)
            word = _component(stream, channel)
        except ValueError as error:
            dropped.append(Dropped(str(stream), "unreadable channel", f"{path.name}: {error}"))
            continue
        if at is not None and not begins <= at <= ends:
            closed[stream] = Dropped(str(stream), "not in operation then", path.name)
        elif isinstance(word, Dropped):
            dropped.append(word)
        elif stream not in latest or begins > latest[stream][0]:
            latest[stream] = (begins, word)
    dropped += [word for stream, word in closed.items() if stream not in latest]
    return [component for _, component in latest.values()], dropped


def _channels(path: Path) -> list[tuple[StreamId, Any]]:
    """Name and Channel element of every channel of the file, one for each epoch."""
    root = _root(path)
    return [
        (_stream(network, station, channel), channel)
        for network in root.iterfind("{*}Network")
        for station in network.iterfind("{*}Station")
        for channel in station.iterfind("{*}Channel")
    ]


def _root(path: Path) -> Any:
    from lxml import etree  # type: ignore[import-untyped]

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
    )
    try:
        root = etree.parse(str(path), parser).getroot()
    except (OSError, etree.XMLSyntaxError) as error:
        raise FormatError(f"{path}: {' '.join(str(error).split())}") from None
    name = etree.QName(root).localname
    if name != "FDSNStationXML":
        raise FormatError(f"{path}: is no StationXML, it begins with <{name}>")
    return root


def _stream(network: Any, station: Any, channel: Any) -> StreamId:
    location = channel.get("locationCode", "").replace("--", "").strip()
    codes = [element.get("code", "").strip() for element in (network, station, channel)]
    return StreamId(codes[0], codes[1], location, codes[2])


def _epoch(channel: Any) -> tuple[float, float]:
    return _time(channel.get("startDate"), -1e12), _time(channel.get("endDate"), 1e12)


def _component(stream: StreamId, channel: Any) -> Component | Dropped:
    gain, unit_name = _sensitivity(channel)
    unit = ground_unit(unit_name, stream.channel)
    if gain is None or unit is None:
        fault = "gain missing" if gain is None else "units name no ground motion"
        return Dropped(str(stream), fault, unit_name)
    dip = abs(_number(channel, "Dip", 0.0))
    return Component(
        Channel(stream, gain / unit[1], unit[0], _number(channel, "SampleRate", 0.0)),
        _number(channel, "Latitude"),
        _number(channel, "Longitude"),
        _number(channel, "Elevation", 0.0),
        _number(channel, "Depth", 0.0),
        stream.channel[2:] == "Z" or dip > STEEP,
    )


def _sensitivity(channel: Any) -> tuple[float | None, str]:
    """Counts per input unit and that unit: the stated one, else the stages' gains multiplied."""
    whole = channel.find("{*}Response/{*}InstrumentSensitivity")
    if whole is not None and whole.find("{*}Value") is not None:
        return _number(whole, "Value"), whole.findtext("{*}InputUnits/{*}Name", "")
    stages = channel.findall("{*}Response/{*}Stage")
    gains = [_number(s, "StageGain/{*}Value", 1.0) for s in stages]
    unit = stages[0].findtext("*/{*}InputUnits/{*}Name", "") if stages else ""
    return (prod(gains) if gains else None), unit


def _number(element: Any, name: str, default: float | None = None) -> float:
    text = element.findtext("{*}" + name)
    if text is None and default is not None:
        return default
    try:
        return float(text)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {text!r}, expected a number") from None


def _time(text: str | None, default: float) -> float:
    if not text:
        return default
    read = datetime.fromisoformat(text)
    return (read if read.tzinfo else read.replace(tzinfo=UTC)).timestamp()
