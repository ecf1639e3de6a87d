"""stations.csv: one line per channel.

net,sta,loc,cha,lat,lon,elev_m,gain,units,sample_rate; the gain divides the samples. Blanks around
names and values, capitals in the names of columns, and lines that begin with # do not matter.
"""

import codecs
import csv
from collections.abc import Iterable
from math import nan
from pathlib import Path

from forewave.errors import FormatError
from forewave.formats import bounded, codes
from forewave.formats.listed import Listed, component, number
from forewave.formats.sensor import Component, below_highest
from forewave.types import Dropped, Station

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
    """(number of the line, value by column) of every line."""
    try:
        data = bounded.read(path, bounded.TABLE)
        text = [_blank_comment(line) for line in _text(data).splitlines()]
        table = csv.reader(text)
        rows = [(table.line_num, row) for row in table if any(cell.strip() for cell in row)]
    except (OSError, csv.Error) as error:
        raise FormatError(f"{path}: {error}") from None
    names = [name.strip().lower() for name in rows[0][1]] if rows else []
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise FormatError(f"{path}: {_why_missing(missing[0], names)}")
    return [(line, dict(zip(names, map(str.strip, row), strict=False))) for line, row in rows[1:]]


def _text(data: bytes) -> str:
    """UTF-8, or UTF-16 with its mark; what is neither is what spreadsheets write, Latin-1."""
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeError:
        return data.decode("latin-1")


def _blank_comment(line: str) -> str:
    return "" if line.lstrip().startswith("#") else line


def _why_missing(column: str, names: list[str]) -> str:
    for sign, name in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if any(sign in found for found in names):
            return f"expected commas between the columns, found {name}"
    return f"column {column!r} is missing"


def _component(row: dict[str, str], where: str) -> Component | Dropped:
    if any(name not in row for name in COLUMNS):
        return Dropped(where, "too few columns")
    stream = codes.stream(row["net"], row["sta"], row["loc"], row["cha"])
    if not codes.is_named(stream):
        return Dropped(where, "no station or channel name")
    try:
        channel = Listed(
            stream,
            float(row["gain"]) if row["gain"] else None,
            row["units"],
            number(row["sample_rate"], nan),
            number(row["lat"], nan),
            number(row["lon"], nan),
            number(row["elev_m"], 0.0),
        )
    except ValueError as error:
        return Dropped(str(stream), "not a number", f"{where}: {error}")
    return component(channel, where)
