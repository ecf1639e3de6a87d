"""StationXML 1.2 of stations that are known by position, gain and rate only.

Responses have the overall sensitivity, and one stage that is flat: forewave knows no more, and
programs need a stage. Azimuth and dip are stated for codes that end in Z, N or E. When a channel
began is not known: programs need a date, for which 1970-01-01 stands. The description of the
network says both.
Source: FDSN StationXML 1.2 schema.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from forewave.types import Channel, Station

NAMESPACE = "http://www.fdsn.org/xml/station/1"
VERSION = "1.2"
UNITS = {"m/s^2": "m/s**2", "m/s": "m/s"}
UNKNOWN = "1970-01-01T00:00:00Z"
NOTE = "startDate 1970-01-01: not known; responses: overall gain only, stated as flat"
SENSITIVITY_HZ = 1.0
DIRECTIONS = {"Z": (0.0, -90.0), "N": (0.0, 0.0), "E": (90.0, 0.0)}  # azimuth, dip


def head(source: str, created: float) -> Any:
    """A document without networks. source: who made it. created: POSIX seconds."""
    from lxml import etree  # type: ignore[import-untyped]

    root = etree.Element(_name("FDSNStationXML"), nsmap={None: NAMESPACE}, schemaVersion=VERSION)
    text(root, "Source", source)
    text(root, "Module", "forewave")
    time = datetime.fromtimestamp(created, UTC).isoformat(timespec="seconds")[:19]
    text(root, "Created", f"{time}Z")
    return root


def document(stations: Sequence[Station], source: str, created: float) -> Any:
    """A document of these stations, by network."""
    root = head(source, created)
    networks: dict[str, Any] = {}
    for station in sorted(stations, key=lambda each: each.code):
        network, _, code = station.code.partition(".")
        if network not in networks:
            networks[network] = _network(root, network, stations)
        _station(networks[network], station, code)
    return root


def part(parent: Any, name: str, **attributes: str) -> Any:
    """An element of the document's namespace."""
    from lxml import etree

    return etree.SubElement(parent, _name(name), attributes)


def text(parent: Any, name: str, value: str) -> None:
    """An element with text."""
    part(parent, name).text = value


def _network(root: Any, code: str, stations: Sequence[Station]) -> Any:
    made = part(root, "Network", code=code, startDate=UNKNOWN)
    text(made, "Description", NOTE)
    here = [each for each in stations if each.code.partition(".")[0] == code]
    text(made, "TotalNumberStations", str(len(here)))
    return made


def _station(network: Any, station: Station, code: str) -> None:
    made = part(network, "Station", code=code, startDate=UNKNOWN)
    _place(made, station)
    text(part(made, "Site"), "Name", station.code)
    for channel in station.channels:
        _channel(made, station, channel)


def _channel(parent: Any, station: Station, channel: Channel) -> None:
    stream = channel.stream
    codes = {"code": stream.channel, "locationCode": stream.location}
    made = part(parent, "Channel", **codes, startDate=UNKNOWN)
    _place(made, station)
    text(made, "Depth", "0")
    if (direction := DIRECTIONS.get(stream.channel[-1:])) is not None:
        text(made, "Azimuth", f"{direction[0]:g}")
        text(made, "Dip", f"{direction[1]:g}")
    text(made, "SampleRate", f"{channel.rate:.9g}")
    _response(made, channel)


def _response(parent: Any, channel: Channel) -> None:
    response = part(parent, "Response")
    sensitivity = part(response, "InstrumentSensitivity")
    _gain(sensitivity, channel)
    _units(sensitivity, channel)
    stage = part(response, "Stage", number="1")
    flat = part(stage, "PolesZeros")
    _units(flat, channel)
    text(flat, "PzTransferFunctionType", "LAPLACE (RADIANS/SECOND)")
    text(flat, "NormalizationFactor", "1")
    text(flat, "NormalizationFrequency", f"{SENSITIVITY_HZ:g}")
    _gain(part(stage, "StageGain"), channel)


def _gain(parent: Any, channel: Channel) -> None:
    text(parent, "Value", f"{channel.gain:.9g}")
    text(parent, "Frequency", f"{SENSITIVITY_HZ:g}")


def _units(parent: Any, channel: Channel) -> None:
    text(part(parent, "InputUnits"), "Name", UNITS[channel.unit])
    text(part(parent, "OutputUnits"), "Name", "count")


def _place(parent: Any, station: Station) -> None:
    text(parent, "Latitude", f"{station.lat:.6f}")
    text(parent, "Longitude", f"{station.lon:.6f}")
    text(parent, "Elevation", f"{station.elevation_m:.1f}")


def _name(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"
