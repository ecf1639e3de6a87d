"""The shaking on a grid around the epicentre, for files and pictures."""

import math
from typing import TypeAlias

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from forewave.earth.distance import LocalPlane
from forewave.shaking_map.shaking_map import ShakingMap
from forewave.shaking_map.site_shaking import SiteShaking
from forewave.types import Solution

Floats: TypeAlias = NDArray[np.float64]

FELT_MMI = 2.5  # the grid reaches as far as this is expected
NEAREST_KM, FARTHEST_KM = 40.0, 280.0  # corners of the square stay within the model
SIDE = 121  # places along the longer side


class Grid(Struct, frozen=True):
    """Places at all pairs of lat (rows, from the north) and lon (columns, from the west), degrees.

    shaking: at (rows * columns) places, row by row.
    """

    solution: Solution
    lat: Floats
    lon: Floats
    shaking: SiteShaking


def grid(shaking: ShakingMap, reach_km: float | None = None, side: int = SIDE) -> Grid:
    """A square around the epicentre. reach_km: half its side; None: as far as it may be felt."""
    origin = shaking.solution.origin
    half = _felt_km(shaking) if reach_km is None else reach_km
    plane = LocalPlane(origin.lat, origin.lon)
    steps = np.linspace(-half, half, side)
    top = min(float(plane.to_degrees(0.0, half)[0]), 89.0)
    bottom = max(float(plane.to_degrees(0.0, -half)[0]), -89.0)
    wide = half / (111.195 * math.cos(math.radians(min(abs(origin.lat), 85.0))))
    lat = np.linspace(top, bottom, len(steps))
    lon = np.linspace(origin.lon - wide, origin.lon + wide, len(steps))
    y, x = (axis.ravel() for axis in np.meshgrid(lat, lon, indexing="ij"))
    return Grid(shaking.solution, lat, lon, shaking.at(y, _turned(x)))


def _felt_km(shaking: ShakingMap) -> float:
    """The distance to which it may be felt, on the four sides."""
    origin = shaking.solution.origin
    plane = LocalPlane(origin.lat, origin.lon)
    km = np.geomspace(NEAREST_KM, FARTHEST_KM, 12)
    directions = ((1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0))
    places = [plane.to_degrees(x * far, y * far) for x, y in directions for far in km]
    lat, lon = np.array(places).T
    mmi = shaking.at(lat, _turned(lon)).median["mmi"].reshape(len(directions), -1)
    felt = km[(np.nan_to_num(mmi) >= FELT_MMI).any(axis=0)]
    return float(felt.max(initial=NEAREST_KM))


def _turned(lon: Floats) -> Floats:
    """Within -180 and 180."""
    return np.asarray((lon + 180.0) % 360.0 - 180.0)
