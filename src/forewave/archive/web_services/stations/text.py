"""A StationXML document in the text format of the station service."""

from collections.abc import Iterator, Sequence
from typing import Any

HEADS = {
    "network": "#Network|Description|StartTime|EndTime|TotalStations",
    "station": "#Network|Station|Latitude|Longitude|Elevation|SiteName|StartTime|EndTime",
    "channel": "#Network|Station|Location|Channel|Latitude|Longitude|Elevation|Depth|Azimuth|Dip|"
    "SensorDescription|Scale|ScaleFreq|ScaleUnits|SampleRate|StartTime|EndTime",
}
_CHANNEL = ("Latitude", "Longitude", "Elevation", "Depth", "Azimuth", "Dip", "Sensor/Description")
_SCALE = "Response/InstrumentSensitivity/"


def as_text(root: Any, level: str) -> bytes:
    """One network, station or channel a line."""
    rows = {"network": _networks, "station": _stations, "channel": _channels}[level](root)
    lines = ["|".join(" ".join(cell.replace("|", "/").split()) for cell in row) for row in rows]
    return ("\n".join([HEADS[level], *lines]) + "\n").encode()


def _networks(root: Any) -> Iterator[Sequence[str]]:
    for network in root.iterfind("{*}Network"):
        total = _of(network, "TotalNumberStations")
        yield network.get("code", ""), _of(network, "Description"), *_times(network), total


def _stations(root: Any) -> Iterator[Sequence[str]]:
    for network in root.iterfind("{*}Network"):
        for station in network.iterfind("{*}Station"):
            names = ("Latitude", "Longitude", "Elevation", "Site/Name")
            codes = network.get("code", ""), station.get("code", "")
            yield *codes, *(_of(station, name) for name in names), *_times(station)


def _channels(root: Any) -> Iterator[Sequence[str]]:
    for channel in root.iterfind("{*}Network/{*}Station/{*}Channel"):
        station = channel.getparent()
        codes = station.getparent().get("code", ""), station.get("code", "")
        own = channel.get("locationCode", ""), channel.get("code", "")
        scale = [f"{_SCALE}{name}" for name in ("Value", "Frequency", "InputUnits/Name")]
        names = (*_CHANNEL, *scale, "SampleRate")
        yield *codes, *own, *(_of(channel, name) for name in names), *_times(channel)


def _of(element: Any, path: str) -> str:
    found = element.findtext("/".join("{*}" + name for name in path.split("/")))
    return (found or "").strip()


def _times(element: Any) -> tuple[str, str]:
    begin, end = element.get("startDate", ""), element.get("endDate", "")
    return begin.removesuffix("Z"), end.removesuffix("Z")
