"""A box and a circle on the map, as the parameters of a request say them."""

from collections.abc import Mapping
from typing import Any

from forewave.archive.catalogue.query import Box, Circle
from forewave.archive.web_services.parameters import Parameter, number
from forewave.archive.web_services.refusal import RefusedError

PLACES: tuple[Parameter, ...] = (
    number("minlatitude", -90, 90, "Southern limit in degrees", "minlat"),
    number("maxlatitude", -90, 90, "Northern limit in degrees", "maxlat"),
    number("minlongitude", -180, 360, "Western limit in degrees", "minlon"),
    number("maxlongitude", -180, 360, "Eastern limit in degrees", "maxlon"),
    number("latitude", -90, 90, "Of the centre of a circle, degrees", "lat"),
    number("longitude", -180, 360, "Of the centre of a circle, degrees", "lon"),
    number("minradius", 0, 180, "Least distance from the centre, degrees"),
    number("maxradius", 0, 180, "Greatest distance from the centre, degrees"),
)


def box(values: Mapping[str, Any]) -> Box:
    """West may be greater than east, across 180 degrees. Raises RefusedError."""
    south, north = _or(values["minlatitude"], -90.0), _or(values["maxlatitude"], 90.0)
    if south > north:
        raise RefusedError(400, "minlatitude: expected at most maxlatitude")
    west, east = _or(values["minlongitude"], -180.0), _or(values["maxlongitude"], 180.0)
    if east - west >= 360.0:
        return Box(south, north)
    return Box(south, north, _turned(west), _turned(east))


def circle(values: Mapping[str, Any]) -> Circle | None:
    """None if there is none. Raises RefusedError where a part of it is missing."""
    names = ("latitude", "longitude", "minradius", "maxradius")
    lat, lon, least, most = (values[name] for name in names)
    if lat is lon is least is most is None:
        return None
    if lat is None or lon is None or (least is None and most is None):
        why = "a circle needs latitude, longitude, and minradius or maxradius"
        raise RefusedError(400, why)
    least, most = _or(least, 0.0), _or(most, 180.0)
    if least > most:
        raise RefusedError(400, "minradius: expected at most maxradius")
    return Circle(lat, _turned(lon), least, most)


def within(box: Box, lat: float, lon: float) -> bool:
    """Whether a point is in a box."""
    if not box.south <= lat <= box.north:
        return False
    if box.west <= box.east:
        return box.west <= lon <= box.east
    return lon >= box.west or lon <= box.east


def _turned(lon: float) -> float:
    return lon - 360.0 if lon > 180.0 else lon


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else value
