"""Channels in the text format of an FDSN station service (`level=channel&format=text`).

Columns as in the FDSN web service specification 1.1 and 1.2. The header line may be missing. A
line that cannot be read is dropped and reported with its number.
"""

from collections.abc import Iterator
from math import inf, nan

from forewave.formats import codes
from forewave.formats.dates import posix_or
from forewave.formats.inventories.listed import Listed, angle, component, number
from forewave.formats.inventories.sensor import Component
from forewave.types import Dropped, StreamId

COLUMNS = 17


def channels(
    text: str, at: float | None = None, where: str = "station service"
) -> tuple[list[Component], list[Dropped]]:
    """The channels in operation at POSIX time `at` (None: their last epochs), and what was dropped.

    where: the name of the text in dropped lines.
    """
    latest: dict[StreamId, tuple[float, Component]] = {}
    closed: dict[StreamId, Dropped] = {}
    dropped: list[Dropped] = []
    for line, cells in rows(text):
        try:
            stream, begins, ends = _head(cells)
            parsed = _component(stream, cells)
        except (ValueError, IndexError) as error:
            dropped.append(Dropped(f"{where} line {line}", "not a number", str(error)))
            continue
        if at is not None and not begins <= at <= ends:
            closed[stream] = Dropped(str(stream), "not in operation then", where)
        elif isinstance(parsed, Dropped):
            dropped.append(parsed)
        elif stream not in latest or begins > latest[stream][0]:
            latest[stream] = (begins, parsed)
    dropped += [parsed for stream, parsed in closed.items() if stream not in latest]
    return [read for _, read in latest.values()], dropped


def rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of every line that is neither empty nor a comment."""
    for number_of, line in enumerate(text.splitlines(), start=1):
        if line.strip() and not line.startswith("#"):
            yield number_of, [cell.strip() for cell in line.split("|")]


def _head(cells: list[str]) -> tuple[StreamId, float, float]:
    if len(cells) < COLUMNS - 1:  # the end of an open epoch may be missing
        raise ValueError(f"expected {COLUMNS} columns, found {len(cells)}")
    network, station, location, channel = cells[:4]
    stream = codes.stream(network, station, location, channel)
    if not codes.is_named(stream):
        raise ValueError(f"expected a station and channel code, found {stream}")
    return stream, posix_or(cells[15], -inf), posix_or("".join(cells[16:17]), inf)


def _component(stream: StreamId, cells: list[str]) -> Component | Dropped:
    channel = Listed(
        stream,
        float(cells[11]) if cells[11] else None,
        cells[13],
        number(cells[14], nan),
        number(cells[4], nan),
        number(cells[5], nan),
        number(cells[6], 0.0),
        number(cells[7], 0.0),
        angle(cells[9]),
    )
    return component(channel)
