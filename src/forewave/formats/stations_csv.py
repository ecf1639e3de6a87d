"""stations.csv: one line per channel.

net,sta,loc,cha,lat,lon,elev_m,gain,units,sample_rate; the gain divides the samples.
"""

import csv
from collections.abc import Iterable
from pathlib import Path

from forewave.errors import FormatError
from forewave.formats.ground_unit import ground_unit
from forewave.formats.sensor import Component, below_highest
from forewave.types import Channel, Dropped, Station, StreamId

COLUMNS = ("net", "sta", "loc", "cha", "lat", "lon", "elev_m", "gain", "units", "sample_rate")


def components(path: Path) -> tuple[list[Component], list[Dropped]]:
    """The channels that `path` lists. A line that cannot be read is dropped, the rest goes on.

    Raises FormatError where the file cannot be read at all or lacks a column.
    """
    read: list[Component] = []
    dropped: list[Dropped] = []
    for line, row in _rows(path):
        word = _component(row, f"{path.name} line {line}")
        (read if isinstance(word, Component) else dropped).append(word)  # type: ignore[arg-type]
    if not dropped and not read:
        raise FormatError(f"{path}: lists no channel")
    return below_highest(read), dropped


def write(path: Path, stations: Iterable[Station]) -> None:
    """Write the used channels of `stations`."""
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow(COLUMNS)
        for station in stations:
            place = (station.lat, station.lon, station.elevation_m)
            for c in station.channels:
                s = c.stream
                name = (s.network, s.station, s.location, s.channel)
                lines.writerow((*name, *place, c.gain, f"counts per {c.unit}", c.rate))


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            table = csv.DictReader(file)
            missing = [name for name in COLUMNS if name not in (table.fieldnames or ())]
            if missing:
                raise FormatError(f"{path}: column {missing[0]!r} is missing")
            return [(table.line_num, row) for row in table]
    except (OSError, UnicodeError, csv.Error) as error:
        raise FormatError(f"{path}: {error}") from None


def _component(row: dict[str, str], where: str) -> Component | Dropped:
    if any(row[name] is None for name in COLUMNS):
        return Dropped(where, "too few columns")
    cell = {name: row[name].strip() for name in COLUMNS}
    stream = StreamId(cell["net"], cell["sta"], cell["loc"], cell["cha"])
    if not cell["sta"] or len(cell["cha"]) != 3:
        return Dropped(where, "no station or channel name")
    unit = ground_unit(cell["units"], stream.channel)
    if not cell["gain"] or unit is None:
        fault = "gain missing" if not cell["gain"] else "units name no ground motion"
        return Dropped(str(stream), fault, f"{where}: {cell['units']}")
    try:
        gain, rate = float(cell["gain"]) / unit[1], float(cell["sample_rate"])
        lat, lon = float(cell["lat"] or "nan"), float(cell["lon"] or "nan")
        elevation_m = float(cell["elev_m"] or 0.0)
    except ValueError as error:
        return Dropped(str(stream), "not a number", f"{where}: {error}")
    channel = Channel(stream, gain, unit[0], rate)
    return Component(channel, lat, lon, elevation_m, vertical=stream.channel[2] == "Z")
