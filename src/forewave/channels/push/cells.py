"""How strongly an earthquake may be felt anywhere in a cell. Pure."""

from collections.abc import Sequence
from math import isnan, nan

import numpy as np

from forewave.channels.points import mmi_at
from forewave.client.place_alert import is_false
from forewave.earth import geohash
from forewave.earth.distance import distance_km
from forewave.earth.travel_time import TravelTimes
from forewave.formats.protocols.alert_message import Message

ALONG = (0.0, 0.25, 0.5, 0.75, 1.0)  # points of a line source that a cell is measured from


def strongest(
    message: Message, cells: Sequence[str], travel_times: TravelTimes
) -> dict[str, float]:
    """MMI by cell, nearest cell first: the largest that a device in the cell may work out.

    nan where there is no forecast, beyond 400 km, and where the message takes the alert back as
    false. A single-station alert concerns only the cells that its circle reaches.
    """
    if not cells:
        return {}
    points = [_nearest_points(message, cell) for cell in cells]
    epicentral = [
        float(min(distance_km(message.lat, message.lon, lat, lon) for lat, lon in each))
        for each in points
    ]
    order = sorted(range(len(cells)), key=lambda i: epicentral[i])
    if is_false(message):
        return {cells[i]: nan for i in order}
    expected = mmi_at(message, [point for each in points for point in each], travel_times)
    table = expected.reshape(len(cells), -1)
    return {
        cells[i]: _larger(float(_max(table[i])), _observed(message, cells[i]))
        if _concerns(message, cells[i])
        else nan
        for i in order
    }


def _nearest_points(message: Message, cell: str) -> list[tuple[float, float]]:
    """The cell's point nearest to each of ALONG, where the cell is felt most."""
    line = message.line or (message.lat, message.lon, message.lat, message.lon, 0.0)
    lat1, lon1, lat2, lon2, _ = line
    along = [(lat1 + f * (lat2 - lat1), lon1 + f * (lon2 - lon1)) for f in ALONG]
    return [_nearest(cell, lat, lon) for lat, lon in along]


def _nearest(cell: str, lat: float, lon: float) -> tuple[float, float]:
    south, west, north, east = geohash.bounds(cell)
    middle = (west + east) / 2
    lon = middle + (lon - middle + 180.0) % 360.0 - 180.0  # the same meridian, on the cell's side
    lon = min(max(lon, west), east)
    return min(max(lat, south), north), lon


def _concerns(message: Message, cell: str) -> bool:
    if message.ns != 1 or message.near is None:
        return True
    lat, lon, radius_km = message.near
    return float(distance_km(lat, lon, *_nearest(cell, lat, lon))) <= radius_km


def _observed(message: Message, cell: str) -> float:
    """The strongest motion observed in it; nan if there is none."""
    inside = [mmi for name, mmi in message.cells.items() if name.startswith(cell)]
    return max(inside, default=nan)


def _max(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
    return nan if np.isnan(values).all() else float(np.nanmax(values))


def _larger(one: float, other: float) -> float:
    return max((mmi for mmi in (one, other) if not isnan(mmi)), default=nan)
