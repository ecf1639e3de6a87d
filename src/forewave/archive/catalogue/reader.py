"""Reads events from the catalogue. For threads: it waits for the database."""

import threading
from collections.abc import Sequence
from math import isfinite, nan
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Engine, Row, Select, and_, or_, select, tuple_
from sqlalchemy.exc import SQLAlchemyError

from forewave.archive.catalogue import tables
from forewave.archive.catalogue.database import engine
from forewave.archive.catalogue.query import (
    Circle,
    Event,
    EventQuery,
    GoneError,
    TooManyError,
    Version,
)
from forewave.archive.catalogue.records import rupture
from forewave.earth.distance import distance_km
from forewave.types import Magnitude, Origin
from forewave.units import DEGREE_KM

E, S = tables.EVENTS.c, tables.SOLUTIONS.c
MOST_NEAR = 200_000  # events of a query by distance, before the distance is known
AT_ONCE = 200  # events whose versions are read by one statement
_ORDER: dict[str, tuple[Any, ...]] = {
    "time": (E.time.desc(), E.event),
    "time-asc": (E.time, E.event),
    "magnitude": (E.magnitude.desc(), E.event),
    "magnitude-asc": (E.magnitude, E.event),
}


class Reader:
    """Asks the database of a catalogue, with connections of its own that change nothing."""

    def __init__(self, url: str) -> None:
        self._url, self._made = url, threading.Lock()
        self._engine: Engine | None = None

    def events(self, query: EventQuery, most: int, every_version: bool = False) -> list[Event]:
        """The events of a query in its order, with their latest version, or all.

        most: events, if the query has no smaller limit of its own. Raises TooManyError and
        GoneError.
        """
        try:
            with self._connections().connect() as connection:
                chosen = _cut(
                    _within(query.circle, connection.execute(_wanted(query, most))), query
                )
                if len(chosen) > most:
                    raise TooManyError(f"more than {most} events at once")
                versions: dict[tuple[str, str], list[Version]] = {}
                for first in range(0, len(chosen), AT_ONCE):
                    some = chosen[first : first + AT_ONCE]
                    for row in connection.execute(_versions(some, every_version)):
                        versions.setdefault((row.mode, row.event), []).append(_version(row))
        except SQLAlchemyError as error:
            self.close()
            why = " ".join(str(getattr(error, "orig", None) or error).split())
            raise GoneError(f"the catalogue cannot be read now: {why:.200}") from None
        return [
            Event(row.mode, row.event, row.first, row.updated, tuple(found))
            for row in chosen
            if (found := versions.get((row.mode, row.event)))
        ]

    def close(self) -> None:
        """Close every connection; the next question opens new ones."""
        with self._made:
            if self._engine is not None:
                self._engine.dispose()

    def _connections(self) -> Engine:
        with self._made:
            if self._engine is None:
                self._engine = engine(self._url, read_only=True)
            return self._engine


def _wanted(query: EventQuery, most: int) -> Select[Any]:
    found = select(tables.EVENTS).where(*_conditions(query)).order_by(*_ORDER[query.order])
    if query.circle is not None:
        return found.limit(MOST_NEAR + 1)
    limit = most + 1 if query.limit is None else min(query.limit, most + 1)
    return found.offset(query.offset - 1 or None).limit(limit)


def _conditions(query: EventQuery) -> list[ColumnElement[bool]]:
    box = query.box
    limits = [
        (E.time, query.begin, query.end),
        (E.lat, box.south, box.north),
        (E.depth_km, query.min_depth_km, query.max_depth_km),
        (E.magnitude, query.min_magnitude, query.max_magnitude),
    ]
    found: list[ColumnElement[bool]] = []
    for column, least, most in limits:
        found += [column >= least] if isfinite(least) else []
        found += [column <= most] if isfinite(most) else []
    if box.west <= box.east:
        found.append(and_(E.lon >= box.west, E.lon <= box.east))
    else:
        found.append(or_(E.lon >= box.west, E.lon <= box.east))
    if isfinite(query.updated_after):
        found.append(E.updated > query.updated_after)
    if query.magnitude_kind is not None:
        found.append(E.magnitude_kind == query.magnitude_kind)
    if query.mode is not None:
        found.append(E.mode == query.mode)
    if query.event is not None:
        found.append(E.event == query.event)
    elif query.withdrawn is not None:
        none = E.withdrawn.is_(None)
        found.append(~none if query.withdrawn else none)
    return found


def _within(circle: Circle | None, rows: Any) -> Sequence[Row[Any]]:
    found: Sequence[Row[Any]] = list(rows)
    if circle is None or not found:
        return found
    if len(found) > MOST_NEAR:
        raise TooManyError(f"more than {MOST_NEAR} events to choose from by distance")
    lats, lons = np.array([row.lat for row in found]), np.array([row.lon for row in found])
    away = distance_km(circle.lat, circle.lon, lats, lons) / DEGREE_KM
    inside = (away >= circle.least) & (away <= circle.most)
    return [row for row, is_inside in zip(found, inside, strict=True) if is_inside]


def _cut(rows: Sequence[Row[Any]], query: EventQuery) -> Sequence[Row[Any]]:
    """Limit and offset of what was chosen by distance, which no index knows."""
    if query.circle is None:
        return rows
    first = query.offset - 1
    return rows[first : None if query.limit is None else first + query.limit]


def _versions(events: Sequence[Row[Any]], every: bool) -> Select[Any]:
    if every:
        keys = tuple_(S.mode, S.event).in_([(row.mode, row.event) for row in events])
    else:
        wanted = [(row.mode, row.event, row.version) for row in events]
        keys = tuple_(S.mode, S.event, S.version).in_(wanted)
    return select(tables.SOLUTIONS).where(keys).order_by(S.version)


def _version(row: Row[Any]) -> Version:
    def known(value: float | None) -> float:
        return nan if value is None else value

    origin = Origin(
        row.time,
        row.lat,
        row.lon,
        row.depth_km,
        known(row.time_sigma),
        known(row.epicentre_sigma_km),
        known(row.depth_sigma_km),
    )
    sigma = known(row.magnitude_sigma)
    magnitude = Magnitude(row.magnitude, sigma, row.magnitude_kind, row.magnitude_stations)
    return Version(
        row.version,
        row.issued,
        origin,
        magnitude,
        rupture(row.rupture),
        known(row.likelihood),
        row.withdrawn,
        row.picks,
    )
