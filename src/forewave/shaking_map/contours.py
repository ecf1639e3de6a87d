"""Contours of the shaking as GeoJSON (RFC 7946), one feature a level."""

from typing import Any

import contourpy
import numpy as np

from forewave.shaking_map.grid import Grid
from forewave.shaking_map.site_shaking import Measure
from forewave.units import CM_M, G_MS2

# MMI in halves; PGA in % g and PGV in cm/s as ShakeMap's.
LEVELS: dict[Measure, tuple[float, ...]] = {
    "mmi": tuple(np.arange(2.5, 10.01, 0.5)),
    "pga": (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 150.0),
    "pgv": (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0),
}
_UNITS: dict[Measure, tuple[str, float]] = {
    "mmi": ("MMI", 1.0),
    "pga": ("%g", 0.01 * G_MS2),
    "pgv": ("cm/s", CM_M),
}


def contours(grid: Grid, measure: Measure) -> dict[str, Any]:
    """A FeatureCollection: of each level that is there, a MultiLineString with its value."""
    unit, size = _UNITS[measure]
    values = (grid.shaking.median[measure] / size).reshape(len(grid.lat), len(grid.lon))
    generator = contourpy.contour_generator(grid.lon, grid.lat, np.ma.masked_invalid(values))
    found = [(level, _rounded(generator.lines(level))) for level in LEVELS[measure]]
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "MultiLineString", "coordinates": lines},
            "properties": {"measure": measure.upper(), "value": float(level), "units": unit},
        }
        for level, lines in found
        if lines
    ]
    return {"type": "FeatureCollection", "features": features}


def _rounded(lines: Any) -> list[Any]:
    """To 0.0001 degrees, 11 m."""
    return [np.round(line, 4).tolist() for line in lines]
