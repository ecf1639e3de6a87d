"""The grid as ShakeMap's grid.xml and uncertainty.xml, which ShakeCast and other programs read.

Layout: ShakeMap manual, "grid.xml" (https://usgs.github.io/shakemap/): one line a place from the
north-west, PGA in % g, PGV in cm/s; uncertainties are those of natural logarithms, and of MMI.
"""

import datetime

import numpy as np
from lxml import etree  # type: ignore[import-untyped]

from forewave.shaking_map.grid import Grid
from forewave.shaking_map.site_shaking import MEASURES, Measure
from forewave.types import Solution
from forewave.units import CM_M, G_MS2

NAMESPACE = "http://earthquake.usgs.gov/eqcenter/shakemap"
_UNITS: dict[Measure, tuple[str, float]] = {
    "pga": ("pctg", 0.01 * G_MS2),
    "pgv": ("cms", CM_M),
    "mmi": ("intensity", 1.0),
}


def grid_xml(grid: Grid, place: str, originator: str, stations: int) -> bytes:
    """grid.xml. place: where it was; originator: whose map it is; stations: observations used."""
    columns = [grid.shaking.median[m] / _UNITS[m][1] for m in MEASURES]
    fields = [(m.upper(), _UNITS[m][0]) for m in MEASURES]
    return _document(grid, (place, originator), stations, fields, columns)


def uncertainty_xml(grid: Grid, place: str, originator: str, stations: int) -> bytes:
    """uncertainty.xml, of the same places."""
    columns = [grid.shaking.sigma[m] for m in MEASURES]
    units = {"pga": "ln(pctg)", "pgv": "ln(cms)", "mmi": "intensity"}
    fields = [(f"STD{m.upper()}", units[m]) for m in MEASURES]
    return _document(grid, (place, originator), stations, fields, columns)


def _document(
    grid: Grid,
    names: tuple[str, str],
    stations: int,
    fields: list[tuple[str, str]],
    columns: list[np.ndarray],
) -> bytes:
    solution = grid.solution
    when = datetime.datetime.fromtimestamp(solution.origin.time, datetime.UTC)
    root = etree.Element(
        f"{{{NAMESPACE}}}shakemap_grid",
        nsmap={None: NAMESPACE},
        event_id=solution.event,
        shakemap_id=solution.event,
        shakemap_version=str(solution.version),
        code_version="forewave",
        process_timestamp=f"{when:%Y-%m-%dT%H:%M:%SZ}",
        shakemap_originator=names[1],
        map_status="RELEASED",
        shakemap_event_type="ACTUAL",
    )
    _event(root, solution, f"{when:%Y-%m-%dT%H:%M:%SZ}", names)
    _specification(root, grid)
    for name, _ in fields:
        attributes = {"name": name.lower().removeprefix("std"), "value": "-1"}
        etree.SubElement(
            root, f"{{{NAMESPACE}}}event_specific_uncertainty", attributes, numsta=str(stations)
        )
    listed = [("LON", "dd"), ("LAT", "dd"), *fields]
    for index, (name, units) in enumerate(listed, 1):
        row = {"index": str(index), "name": name, "units": units}
        etree.SubElement(root, f"{{{NAMESPACE}}}grid_field", row)
    etree.SubElement(root, f"{{{NAMESPACE}}}grid_data").text = _rows(grid, columns)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _event(root: etree._Element, solution: Solution, when: str, names: tuple[str, str]) -> None:
    etree.SubElement(
        root,
        f"{{{NAMESPACE}}}event",
        event_id=solution.event,
        magnitude=f"{solution.magnitude.value:.1f}",
        depth=f"{solution.origin.depth_km:.1f}",
        lat=f"{solution.origin.lat:.4f}",
        lon=f"{solution.origin.lon:.4f}",
        event_timestamp=when,
        event_network=names[1],
        event_description=names[0],
    )


def _specification(root: etree._Element, grid: Grid) -> None:
    lat, lon = grid.lat, grid.lon
    etree.SubElement(
        root,
        f"{{{NAMESPACE}}}grid_specification",
        lon_min=f"{lon[0]:.6f}",
        lat_min=f"{lat[-1]:.6f}",
        lon_max=f"{lon[-1]:.6f}",
        lat_max=f"{lat[0]:.6f}",
        nominal_lon_spacing=f"{lon[1] - lon[0]:.6f}",
        nominal_lat_spacing=f"{lat[0] - lat[1]:.6f}",
        nlon=str(len(lon)),
        nlat=str(len(lat)),
    )


def _rows(grid: Grid, columns: list[np.ndarray]) -> str:
    y, x = (axis.ravel() for axis in np.meshgrid(grid.lat, grid.lon, indexing="ij"))
    rows = zip(x, y, *columns, strict=True)
    return (
        "\n"
        + "\n".join(
            f"{lon:.4f} {lat:.4f} " + " ".join(f"{value:.4g}" for value in values)
            for lon, lat, *values in rows
        )
        + "\n"
    )
