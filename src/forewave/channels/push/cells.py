"""How strongly an earthquake may be felt anywhere in a cell. Pure."""

from collections.abc import Sequence
from functools import lru_cache
from math import nan

import numpy as np

from forewave.channels.points import mmi_at
from forewave.earth import geohash
from forewave.earth.distance import distance_km
from forewave.earth.travel_time import TravelTimes
from forewave.formats.protocols.alert_message import Message

ALONG = (0.0, 0.25, 0.5, 0.75, 1.0)  # points of a line source that a cell is measured from

_bounds = lru_cache(100_000)(geohash.bounds)


def strongest(
    message: Message, cells: Sequence[str], travel_times: TravelTimes
) -> dict[str, float]:
    """MMI by cell, nearest cell first: the largest that a device in the cell may work out.

    nan where there is no forecast, beyond 400 km. Of a cancel: what was forecast for the source
    that it names. A single-station alert concerns only the cells that its circle reaches.
    """
    if not cells:
        return {}
    points = np.array([point for cell in cells for point in _nearest_points(message, cell)])
    away_km = distance_km(message.lat, message.lon, points[:, 0], points[:, 1])
    order = np.argsort(away_km.reshape(len(cells), -1).min(axis=1), kind="stable")
    expected = np.nan_to_num(mmi_at(message, points.tolist(), travel_times))  # 0: no forecast
    most = expected.reshape(len(cells), -1).max(axis=1)
    return {cells[i]: _felt(message, cells[i], float(most[i])) for i in order}


def _felt(message: Message, cell: str, expected: float) -> float:
    """The larger of what is expected (0: nothing) and observed, where the message concerns it."""
    inside = [mmi for name, mmi in message.cells.items() if name.startswith(cell)]
    most = max((expected, *inside))
    return most if most > 0 and _concerns(message, cell) else nan


def _nearest_points(message: Message, cell: str) -> list[tuple[float, float]]:
    """The cell's points nearest to the epicentre, or to each of ALONG: there it is felt most."""
    if message.line is None:
        return [_nearest(cell, message.lat, message.lon)]
    lat1, lon1, lat2, lon2, _ = message.line
    along = [(lat1 + f * (lat2 - lat1), lon1 + f * (lon2 - lon1)) for f in ALONG]
    return [_nearest(cell, lat, lon) for lat, lon in along]


def _nearest(cell: str, lat: float, lon: float) -> tuple[float, float]:
    south, west, north, east = _bounds(cell)
    middle = (west + east) / 2
    lon = middle + (lon - middle + 180.0) % 360.0 - 180.0  # the same meridian, on the cell's side
    lon = min(max(lon, west), east)
    return min(max(lat, south), north), lon


def _concerns(message: Message, cell: str) -> bool:
    if message.ns != 1 or message.near is None:
        return True
    lat, lon, radius_km = message.near
    return float(distance_km(lat, lon, *_nearest(cell, lat, lon))) <= radius_km
