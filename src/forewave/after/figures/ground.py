"""Coasts, lakes and borders for maps: Natural Earth, in the files that the pages have.

The files are built with the pages. Without them a map has no ground, and is drawn all the same.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from math import floor
from typing import Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Layer = Literal["land", "lakes", "borders"]
SIZE, PARTS = 10, 1000.0  # degrees of a region, and parts of a degree in its file


def lines(
    layer: Layer, west: float, south: float, east: float, north: float
) -> Iterator[tuple[Floats, Floats]]:
    """Longitudes and latitudes of each line of a layer in the regions that a box touches."""
    for lat in range(_edge(south), _edge(north) + 1, SIZE):
        for lon in range(_edge(west), _edge(east) + 1, SIZE):
            turned = (lon + 180) % 360 - 180
            for row in _region(turned, lat).get(layer, ()):
                points = np.cumsum(np.asarray(row, float).reshape(-1, 2), axis=0) / PARTS
                yield points[:, 0] + lon, points[:, 1] + lat


def _edge(degrees: float) -> int:
    return floor(degrees / SIZE) * SIZE


@cache
def _region(lon: int, lat: int) -> dict[str, list[list[int]]]:
    folder = _folder()
    if folder is None:
        return {}
    name = f"{'ns'[lat < 0]}{abs(lat):02d}{'ew'[lon < 0]}{abs(lon):03d}.json"
    try:
        content = (folder / name).read_bytes()
        return msgspec.json.decode(content, type=dict[str, list[list[int]]])
    except (OSError, msgspec.DecodeError):
        return {}


@cache
def _folder() -> Traversable | None:
    assets = files("forewave") / "web" / "assets"
    try:
        found = sorted((f for f in assets.iterdir() if f.name.startswith("map-")), key=_name)
    except OSError:
        return None
    return found[-1] if found else None


def _name(file: Traversable) -> str:
    return file.name
