"""stations.csv: one line per channel.

net,sta,loc,cha,lat,lon,elev_m,gain,units,sample_rate; samples are divided by the gain. A further
column vs30_ms, the S-wave speed of the uppermost 30 m in m/s, may be left out. Blanks around names
and values, upper case in column names, and lines that begin with # are ignored.
"""

import codecs
import csv
from collections.abc import Iterable, Iterator
from itertools import accumulate
from math import nan
from pathlib import Path

from forewave.errors import FormatError
from forewave.formats import bounded, codes
from forewave.formats.inventories.listed import Listed, component, number
from forewave.formats.inventories.sensor import Component, below_highest
from forewave.types import Dropped, Station

MOST_LINES = 20  # of a quoted value
VS30, LEAST_VS30_MS, MOST_VS30_MS = "vs30_ms", 100.0, 3000.0
COLUMNS = ("net", "sta", "loc", "cha", "lat", "lon", "elev_m", "gain", "units", "sample_rate")


def components(path: Path) -> tuple[list[Component], list[Dropped]]:
    """The channels in `path`, and the lines that were dropped because they cannot be read.

    Raises FormatError if the file cannot be read, lacks a column or has no channel.
    """
    read: list[Component] = []
    dropped: list[Dropped] = []
    for line, row in _rows(path):
        parsed = _component(row, f"{path.name} line {line}")
        (read if isinstance(parsed, Component) else dropped).append(parsed)  # type: ignore[arg-type]
    if not dropped and not read:
        raise FormatError(f"{path}: expected channels, one per line, found none")
    return below_highest(read), dropped


def write(path: Path, stations: Iterable[Station]) -> None:
    """Write the used channels of `stations`, with Vs30 if it is known of any station."""
    stations = tuple(stations)
    sited = any(station.vs30_ms is not None for station in stations)
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerow((*COLUMNS, VS30) if sited else COLUMNS)
        for station in stations:
            place = (station.lat, station.lon, station.elevation_m)
            for c in station.channels:
                s = c.stream
                name = (s.network, s.station, s.location, s.channel)
                row = (*name, *place, c.gain, f"counts per {c.unit}", c.rate)
                lines.writerow((*row, station.vs30_ms) if sited else row)


def _rows(path: Path) -> list[tuple[int, dict[str, str]]]:
    """(line number, value by column) of every row."""
    try:
        data = bounded.read(path, bounded.TABLE)
    except OSError as error:
        raise FormatError(f"{path}: {error.strerror}") from None
    text = [_blank_comment(line) for line in _text(data).splitlines()]
    rows = [(line, row) for line, row in _lines(text) if any(cell.strip() for cell in row)]
    names = _names(rows[0][1]) if rows else []
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise FormatError(f"{path}: {_why_missing(missing[0], names)}")
    return [(line, dict(zip(names, map(str.strip, row), strict=False))) for line, row in rows[1:]]


def _lines(text: list[str]) -> Iterator[tuple[int, list[str]]]:
    """(number of its last line, cells) of each row.

    A quoted value may contain line breaks, as spreadsheets write them. A quote that is never
    closed, or is closed in the line of another station, spoils its own line only.
    """
    at, columns = 0, list[str]()
    while at < len(text):
        row, used = _cells(text[at : at + 1]), 1
        if text[at].count('"') % 2:
            quotes = accumulate(line.count('"') for line in text[at : at + MOST_LINES])
            end = next((n for n, count in enumerate(quotes, 1) if count % 2 == 0), 1)
            longer = _cells(text[at : at + end])
            values = [cell for name, cell in zip(columns, longer, strict=False) if name in COLUMNS]
            if len(values) == len(COLUMNS) and not any("\n" in value for value in values):
                row, used = longer, end
        at += used
        columns = columns or _names(row)
        yield at, row


def _names(row: list[str]) -> list[str]:
    """The column names; none in an empty line."""
    return [name.strip().lower() for name in row] if any(map(str.strip, row)) else []


def _cells(lines: list[str]) -> list[str]:
    """The row in these lines; a row that cannot be parsed is one cell, too few for a channel."""
    try:
        rows = list(csv.reader(f"{line}\n" for line in lines))
    except csv.Error:
        return lines[:1]
    return rows[0] if len(rows) == 1 else lines[:1]


def _text(data: bytes) -> str:
    """Decoded as UTF-8, as UTF-16 with a byte order mark, or else as Latin-1 (spreadsheets)."""
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


def _vs30_ms(text: str) -> float | None:
    """Vs30; None if it is missing or impossible: it corrects amplitudes, and is not required."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if LEAST_VS30_MS <= found <= MOST_VS30_MS else None


def _component(row: dict[str, str], where: str) -> Component | Dropped:
    if any(name not in row for name in COLUMNS):
        missing = next(name for name in COLUMNS if name not in row)
        return Dropped(where, "too few columns", f"column {missing!r} is missing")
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
            vs30_ms=_vs30_ms(row.get(VS30, "")),
        )
    except ValueError as error:
        return Dropped(str(stream), "not a number", f"{where}: {error}")
    return component(channel, where)
