"""Stations from the text format of FDSN station web services, at level station or channel.

Fields are separated by "|"; the header names them (FDSN web services 1.1, section 1.3.2). At level
station there are no channels; at level channel each line has gain, unit and rate of one.
"""

from datetime import UTC, datetime
from pathlib import Path

from forewave.errors import FormatError
from forewave.formats.inventories.ground_unit import ground_unit
from forewave.formats.inventories.sensor import Component, choose
from forewave.types import Channel, Station, StreamId

NEEDED = ("network", "station", "latitude", "longitude")
VERTICAL_DIP = 45.0  # degrees; a channel with a larger dip is vertical

Row = dict[str, str]


def read(path: Path, at: datetime) -> tuple[Station, ...]:
    """The stations open at that time, by code; at level station without channels.

    Channels that do not record ground motion are ignored. Raises FormatError, one line.
    """
    try:
        rows = [row for row in _rows(path) if _is_open(row, at)]
        by_channel = any(row.get("channel") for row in rows)
        found = _chosen(rows) if by_channel else _bare(rows)
    except ValueError as error:
        raise FormatError(f"{path}: {error}") from None
    if not found:
        raise FormatError(f"{path}: no usable station at {at:%Y-%m-%d}")
    return found


def _rows(path: Path) -> list[Row]:
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeError) as error:
        raise FormatError(f"{path}: {error}") from None
    header = [name.strip().lower() for name in lines[0].lstrip("# ").split("|")] if lines else []
    missing = [name for name in NEEDED if name not in header]
    if missing:
        raise FormatError(f"{path}: column {missing[0]!r} is missing from the first line")
    cells = [[cell.strip() for cell in line.split("|")] for line in lines[1:] if "|" in line]
    return [dict(zip(header, row, strict=False)) for row in cells if not row[0].startswith("#")]


def _is_open(row: Row, at: datetime) -> bool:
    begin, end = row.get("starttime", ""), row.get("endtime", "")
    return (not begin or _time(begin) <= at) and (not end or at < _time(end))


def _time(text: str) -> datetime:
    time = datetime.fromisoformat(text)
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _bare(rows: list[Row]) -> tuple[Station, ...]:
    stations = {}
    for row in rows:
        code = f"{row['network']}.{row['station']}"
        lat, lon = float(row["latitude"]), float(row["longitude"])
        stations[code] = Station(code, lat, lon, float(row.get("elevation") or 0.0), ())
    return tuple(stations[code] for code in sorted(stations))


def _chosen(rows: list[Row]) -> tuple[Station, ...]:
    components = [component for row in rows if (component := _component(row)) is not None]
    return choose(components)[0]


def _component(row: Row) -> Component | None:
    stream = StreamId(row["network"], row["station"], row.get("location", ""), row["channel"])
    unit = ground_unit(row.get("scaleunits", ""), stream.channel)
    if unit is None or not row.get("scale") or not row.get("samplerate"):
        return None
    gain, rate = float(row["scale"]) / unit[1], float(row["samplerate"])
    dip = float(row.get("dip") or 0.0)
    return Component(
        Channel(stream, gain, unit[0], rate),
        float(row["latitude"]),
        float(row["longitude"]),
        float(row.get("elevation") or 0.0),
        float(row.get("depth") or 0.0),
        vertical=abs(dip) > VERTICAL_DIP or stream.channel.endswith("Z"),
    )
