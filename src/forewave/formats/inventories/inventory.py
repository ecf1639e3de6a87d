"""The stations of a network from StationXML or stations.csv, with one sensor each (`sensor`)."""

from collections.abc import Collection
from pathlib import Path

from forewave.formats.inventories import sensor, stations_csv, stationxml
from forewave.formats.inventories.sensor import Component
from forewave.types import Dropped, Station, StreamId

Inventory = tuple[tuple[Station, ...], list[Dropped]]


def read(
    path: Path, at: float | None = None, streams: Collection[StreamId] | None = None
) -> Inventory:
    """The stations in `path` (*.xml or *.csv), and every channel that is not used, with the reason.

    at: POSIX time of the epoch to use, in StationXML (None: the last). streams: use only these
    channels, such as those that have data. Raises FormatError if the file cannot be read.
    """
    if path.suffix.lower() == ".xml":
        return read_stationxml(path, at, streams)
    return read_stations_csv(path, streams)


def read_stationxml(
    path: Path, at: float | None = None, streams: Collection[StreamId] | None = None
) -> Inventory:
    """As `read`, from StationXML."""
    listed, dropped = stationxml.components(path, at)
    return _chosen(listed, dropped, streams)


def of_stationxml(
    document: bytes, name: str, at: float | None = None, streams: Collection[StreamId] | None = None
) -> Inventory:
    """As `read`, of a StationXML document in memory. name: its name in errors and dropped items."""
    listed, dropped = stationxml.components_of(document, name, at)
    return _chosen(listed, dropped, streams)


def read_stations_csv(path: Path, streams: Collection[StreamId] | None = None) -> Inventory:
    """As `read`, from stations.csv."""
    listed, dropped = stations_csv.components(path)
    return _chosen(listed, dropped, streams)


def _chosen(
    listed: list[Component], dropped: list[Dropped], streams: Collection[StreamId] | None
) -> Inventory:
    recorded = [c for c in listed if streams is None or c.channel.stream in streams]
    without_data = [c for c in listed if streams is not None and c.channel.stream not in streams]
    stations, unused = sensor.choose(recorded)
    without = [Dropped(str(c.channel.stream), "no waveforms") for c in without_data]
    return stations, [*dropped, *unused, *without]
