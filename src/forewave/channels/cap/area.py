"""The area that an alert is about, as polygons and circles of CAP. Pure."""

from collections.abc import Sequence
from math import asin, atan2, cos, degrees, isnan, pi, radians, sin

import numpy as np
from msgspec import Struct

from forewave.channels.points import mmi_at
from forewave.earth import geohash
from forewave.earth.distance import distance_km
from forewave.earth.travel_time import TravelTimes
from forewave.formats.protocols.alert_message import Message
from forewave.units import EARTH_RADIUS_KM

FELT_MMI = 3.5  # of the area's edge: from here pages show a notice
LEAST_KM, MOST_KM = 10.0, 400.0  # the model's range
RINGS = np.geomspace(LEAST_KM, MOST_KM, 24)
AZIMUTHS = 24
MOST_CELLS = 30

Point = tuple[float, float]


class Area(Struct, frozen=True):
    """polygons: latitudes and longitudes, closed, anticlockwise. circles: centre, radius in km."""

    polygons: tuple[tuple[Point, ...], ...] = ()
    circles: tuple[tuple[float, float, float], ...] = ()


def area_of(message: Message, travel_times: TravelTimes) -> Area:
    """Where FELT_MMI is expected: a circle, of a line source a polygon; and cells beyond it.

    A single-station alert has its own circle. A polygon that would cross the date line or a pole is
    the circle around it, since CAP readers disagree on such polygons.
    """
    if message.ns == 1 and message.near is not None:
        return Area(circles=(message.near,))
    radii = _radii(message, travel_times)
    centre = (message.lat, message.lon)
    edge = [_away(centre, radius, i * 360.0 / AZIMUTHS) for i, radius in enumerate(radii)]
    cells = _cells(message, max(radii))
    if message.line is None or _wraps(edge):
        return Area(cells, ((*centre, max(radii)),))
    edge.reverse()  # azimuths run clockwise
    return Area((((*edge, edge[0])), *cells))


def _radii(message: Message, travel_times: TravelTimes) -> list[float]:
    """Distance from the epicentre to the edge, km, by azimuth."""
    centre = (message.lat, message.lon)
    azimuths = [i * 360.0 / AZIMUTHS for i in range(AZIMUTHS if message.line else 1)]
    points = [_away(centre, km, azimuth) for azimuth in azimuths for km in RINGS]
    mmi = np.nan_to_num(mmi_at(message, points, travel_times)).reshape(len(azimuths), len(RINGS))
    found = [float(RINGS[np.flatnonzero(row >= FELT_MMI).max(initial=0)]) for row in mmi]
    return found if message.line else found * AZIMUTHS


def _cells(message: Message, radius_km: float) -> tuple[tuple[Point, ...], ...]:
    """The strongest observed cells that are not in the circle of this radius."""
    found: list[tuple[Point, ...]] = []
    for cell, mmi in sorted(message.cells.items(), key=lambda each: -each[1]):
        south, west, north, east = geohash.bounds(cell)
        away = float(distance_km(message.lat, message.lon, *geohash.centre(cell)))
        if mmi >= FELT_MMI and away > radius_km and len(found) < MOST_CELLS:
            corners = ((south, west), (south, east), (north, east), (north, west))
            found.append((*corners, corners[0]))
    return tuple(found)


def _away(start: Point, km: float, azimuth: float) -> Point:
    """The point at a distance and azimuth, on the mean sphere."""
    lat, lon, d, a = radians(start[0]), radians(start[1]), km / EARTH_RADIUS_KM, radians(azimuth)
    lat2 = asin(max(-1.0, min(1.0, sin(lat) * cos(d) + cos(lat) * sin(d) * cos(a))))
    lon2 = lon + atan2(sin(a) * sin(d) * cos(lat), cos(d) - sin(lat) * sin(lat2))
    return degrees(lat2), degrees((lon2 + pi) % (2 * pi) - pi)


def _wraps(edge: Sequence[Point]) -> bool:
    lons = [lon for _, lon in edge]
    return max(lons) - min(lons) > 180.0 or any(isnan(lat) or abs(lat) > 85.0 for lat, _ in edge)
