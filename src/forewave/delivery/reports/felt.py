"""/felt: what people felt, by cell and minute, and /api/felt: the same in sum, as GeoJSON.

A report is a geohash of four letters (39 by 20 km at the equator), an intensity and a minute, and
nothing else. A cell is answered for only from LEAST reports on.
"""

from collections import defaultdict
from collections.abc import Sequence
from statistics import median
from typing import Annotated, Literal

from msgspec import Meta, Struct

from forewave.delivery.reports.tally import Row
from forewave.earth import geohash

LEAST = 5  # reports of a cell, below which it is left out
OLDEST, FUTURE = 60, 1  # minutes by which a report may be old, or early by its clock

Cell = Annotated[str, Meta(pattern="^[0-9bcdefghjkmnp-z]{4}$")]
Ring = tuple[tuple[float, float], ...]


class FeltReport(Struct, frozen=True, forbid_unknown_fields=True):
    """As a page sends it: mmi as the person chose it, minute since 1970 by the server's clock."""

    cell: Cell
    mmi: Annotated[int, Meta(ge=1, le=10)]
    minute: int


class Area(Struct, frozen=True, tag_field="type", tag="Polygon"):
    """The cell: longitude and latitude in degrees."""

    coordinates: tuple[Ring]


class FeltProperties(Struct, frozen=True):
    """Of a cell: how many reports, their median, and the first and last minute in ms since 1970."""

    cell: str
    reports: int
    mmi: float
    first: int
    last: int


class FeltCell(Struct, frozen=True, tag_field="type", tag="Feature"):
    """One cell."""

    properties: FeltProperties
    geometry: Area
    id: str


class FeltMetadata(Struct, frozen=True):
    """Of the answer. least: reports from which a cell is answered for."""

    hours: int
    least: int
    status: Literal[200] = 200


class FeltCells(Struct, frozen=True, tag_field="type", tag="FeatureCollection"):
    """Cells with reports, the strongest first."""

    metadata: FeltMetadata
    features: tuple[FeltCell, ...]


def is_plausible(report: FeltReport, now: float) -> bool:
    """Whether its minute is one in which it can have been sent. now: POSIX seconds."""
    minute = int(now // 60)
    return minute - OLDEST <= report.minute <= minute + FUTURE


def cells(rows: Sequence[Row], hours: int) -> FeltCells:
    """The sum of counted reports."""
    of: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        of[row.subject].append(row)
    enough = {cell: each for cell, each in of.items() if sum(row.count for row in each) >= LEAST}
    features = [_feature(cell, each) for cell, each in enough.items()]
    features.sort(key=lambda feature: (-feature.properties.mmi, feature.id))
    return FeltCells(FeltMetadata(hours, LEAST), tuple(features))


def _feature(cell: str, rows: Sequence[Row]) -> FeltCell:
    values = [row.value for row in rows for _ in range(row.count)]
    minutes = [row.minute for row in rows]
    south, west, north, east = geohash.bounds(cell)
    ring = ((west, south), (east, south), (east, north), (west, north), (west, south))
    first, last = min(minutes) * 60_000, max(minutes) * 60_000
    properties = FeltProperties(cell, len(values), float(median(values)), first, last)
    return FeltCell(properties, Area((ring,)), cell)
