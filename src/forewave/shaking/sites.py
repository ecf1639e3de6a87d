"""The points of a region that get a forecast, as arrays: the epicentre, places, stations."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.earth import geohash
from forewave.types import Place, Station

Floats: TypeAlias = NDArray[np.float64]
Flags: TypeAlias = NDArray[np.bool_]
Rows: TypeAlias = NDArray[np.intp]

EPICENTRE = "epicentre"  # the place that every shaking forecast has, where the source itself is


class Sites(Struct, frozen=True):
    """Rows of places (n,), the epicentre first (its lat and lon are nan until it is known).

    wanted: gets a forecast; always: gets one even if nothing will be felt. observers: the rows of
    stations that observe motion, in the order of `stations`.
    """

    names: tuple[str, ...]
    lat: Floats
    lon: Floats
    vs30_ms: Floats
    wanted: Flags
    always: Flags
    stations: tuple[str, ...]
    observers: Rows


def sites(places: Sequence[Place], stations: Sequence[Station], vs30_ms: float) -> Sites:
    """The rows for these places, and for stations not among them, which only observe.

    Without a list of stations, the observers are the places of kind "station". vs30_ms: of those
    that do not state theirs.
    """
    known = {place.name for place in places if place.kind == "station"}
    others = [
        Place(s.code, s.lat, s.lon, "station", s.vs30_ms) for s in stations if s.code not in known
    ]
    rows = [*places, *others]
    seeing = [i for i, row in enumerate(rows, start=1) if row.kind == "station"]
    return Sites(
        names=(EPICENTRE, *(row.name for row in rows)),
        lat=np.array([np.nan, *(row.lat for row in rows)]),
        lon=np.array([np.nan, *(row.lon for row in rows)]),
        vs30_ms=np.array([vs30_ms, *(vs30_ms if r.vs30_ms is None else r.vs30_ms for r in rows)]),
        wanted=np.arange(len(rows) + 1) <= len(places),
        always=np.array([True, *(row.kind == "station" for row in rows)]),
        stations=tuple(rows[i - 1].name for i in seeing),
        observers=np.array(seeing, dtype=np.intp),
    )


def cells(around: Sequence[str], vs30_ms: float) -> Sites:
    """Rows for the centres of geohash cells."""
    lat, lon = np.array([geohash.centre(cell) for cell in around]).reshape(-1, 2).T
    n = len(around)
    yes = np.ones(n, dtype=bool)
    none = np.array([], dtype=np.intp)
    return Sites(tuple(around), lat, lon, np.full(n, vs30_ms), yes, ~yes, (), none)
