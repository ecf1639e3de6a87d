"""Map of the stations by observed intensity, with the epicentres and the largest towns."""

from collections.abc import Sequence
from math import cos, radians
from typing import TYPE_CHECKING

from forewave.after.documents.document import Figure as Picture
from forewave.after.documents.intensity_class import colour_of, label, level_of
from forewave.after.figures import ground
from forewave.after.figures.theme import Theme, drawn
from forewave.after.report.report import FeltRow, Report, Source, StationRow, TownRow
from forewave.after.report.verdict import away
from forewave.earth import geohash
from forewave.process.plural import counted

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MARGIN, LEAST = 0.12, 0.35  # of the span around the points; least half of it, degrees of latitude
TOWNS = 5  # named

Box = tuple[float, float, float, float]


def station_map(report: Report) -> Picture | None:
    """The map; None without a source or without stations."""
    source = report.catalogue or report.solution
    if source is None or not report.stations:
        return None
    box = section([source, *report.stations])

    def draw(figure: "Figure", ax: "Axes", theme: Theme) -> None:
        base(ax, theme, box)
        _felt(ax, theme, report.felt)
        _stations(ax, theme, report.stations)
        name_towns(ax, theme, report.towns, box)
        epicentres(ax, theme, report.catalogue, report.solution)
        figure.legend(loc="outside lower center", ncols=2)

    light, dark = drawn(draw, 5.2, 5.4)
    return Picture("Observed shaking at the stations", _words(report), light, dark)


def section(points: Sequence[Source | StationRow]) -> Box:
    """west, south, east, north around points, in degrees, with a margin."""
    lats, lons = [p.lat for p in points], [p.lon for p in points]
    lat, lon = (min(lats) + max(lats)) / 2, (min(lons) + max(lons)) / 2
    narrow = max(0.2, cos(radians(lat)))
    half = max(LEAST, (max(lats) - min(lats)) / 2, (max(lons) - min(lons)) / 2 * narrow)
    half *= 1 + 2 * MARGIN
    return lon - half / narrow, max(-90.0, lat - half), lon + half / narrow, min(90.0, lat + half)


def base(ax: "Axes", theme: Theme, box: Box) -> None:
    """Land, lakes and borders, and axes in degrees whose units are equally long at the middle."""
    west, south, east, north = box
    land = list(ground.lines("land", *box))
    ax.set_facecolor(theme.sea if land else theme.card)
    for lon, lat in land:
        ax.fill(lon, lat, facecolor=theme.land, edgecolor="none", zorder=0.1)
    for lon, lat in ground.lines("lakes", *box):
        ax.fill(lon, lat, facecolor=theme.sea, edgecolor=theme.coast, lw=0.6, zorder=0.2)
    for lon, lat in ground.lines("borders", *box):
        ax.plot(lon, lat, color=theme.coast, lw=0.9, ls="--", zorder=0.3)
    for lon, lat in land:
        ax.plot(lon, lat, color=theme.coast, lw=0.8, zorder=0.3)
    ax.set(xlim=(west, east), ylim=(south, north))
    ax.set_aspect(1.0 / max(0.2, cos(radians((south + north) / 2))))
    ax.grid(visible=False)
    ax.locator_params(nbins=4)
    ax.xaxis.set_major_formatter(lambda value, _: _degrees((value + 180) % 360 - 180, "EW"))
    ax.yaxis.set_major_formatter(lambda value, _: _degrees(value, "NS"))


def _degrees(value: float, sides: str) -> str:
    return f"{abs(value):.4g}° {sides[int(value < 0)]}"


def _felt(ax: "Axes", theme: Theme, rows: Sequence[FeltRow]) -> None:
    """Cells with felt reports, in the colour of their median."""
    for number, row in enumerate(rows):
        south, west, north, east = geohash.bounds(row.cell)
        ax.fill(
            [west, east, east, west],
            [south, south, north, north],
            facecolor=colour_of(row.mmi)[0],
            edgecolor=theme.second,
            alpha=0.55,
            lw=0.8,
            zorder=0.5,
            label="felt reports, by cell" if number == 0 else None,
        )


def _stations(ax: "Axes", theme: Theme, rows: Sequence[StationRow]) -> None:
    """One symbol for each class: larger for stronger shaking, as colour is not enough."""
    classes: dict[str, list[StationRow]] = {}
    for row in sorted(rows, key=lambda each: each.observed):
        found = level_of(row.observed)
        classes.setdefault("?" if found is None else found.label, []).append(row)
    for order, (name, here) in enumerate(classes.items()):
        strongest = here[-1].observed
        ax.scatter(
            [row.lon for row in here],
            [row.lat for row in here],
            s=26 + 22 * max(0.0, strongest - 2.0),
            marker="^",
            color=colour_of(strongest)[0],
            edgecolor=theme.ink,
            lw=0.8,
            zorder=2 + 0.01 * order,
            label=f"MMI {name}",
        )


def name_towns(
    ax: "Axes", theme: Theme, rows: Sequence[TownRow], box: Box, most: int = TOWNS
) -> None:
    """Names of the largest towns in the box, at most one near another."""
    west, south, east, north = box
    inside = [r for r in rows if west < r.lon < east and south < r.lat < north]
    kept: list[TownRow] = []
    for row in sorted(inside, key=lambda each: -each.population):
        near = any(
            abs(row.lat - one.lat) < (north - south) / 14
            and abs(row.lon - one.lon) < (east - west) / 4
            for one in kept
        )
        if not near and len(kept) < most:
            kept.append(row)
    for row in kept:
        ax.plot(row.lon, row.lat, "o", ms=4, mfc=theme.card, mec=theme.ink, mew=1.2, zorder=3)
        right = row.lon > (west + east) / 2
        ax.annotate(
            row.name,
            (row.lon, row.lat),
            (-6 if right else 6, 4),
            textcoords="offset points",
            ha="right" if right else "left",
            fontsize=10,
            zorder=4,
            annotation_clip=True,
            bbox={"facecolor": theme.land, "alpha": 0.7, "lw": 0, "pad": 1.0},
        )


def epicentres(ax: "Axes", theme: Theme, catalogue: Source | None, own: Source | None) -> None:
    """The catalogue's epicentre as a star, forewave's last as a cross."""
    if catalogue is not None:
        ax.plot(
            catalogue.lon, catalogue.lat, "*", ms=20, mfc="#ffc400", mec="#101418", mew=1.2,
            ls="none", label="epicentre, catalogue", zorder=5,
        )  # fmt: skip
    if own is not None:
        ax.plot(
            own.lon, own.lat, "X", ms=11, mfc=theme.accent, mec=theme.card, mew=1.2,
            ls="none", label="epicentre, forewave", zorder=6,
        )  # fmt: skip


def _words(report: Report) -> str:
    strongest = report.stations[0]
    felt = sum(row.observed >= 3.5 for row in report.stations)
    text = (
        f"Map of {counted(len(report.stations), 'station')}; larger and darker triangles are "
        f"stronger observed shaking. {felt} observed MMI IV or more. The strongest is "
        f"{strongest.station} with MMI {label(strongest.observed)}."
    )
    if report.felt:
        text += f" {counted(len(report.felt), 'cell')} of people's reports are drawn as areas."
    if report.comparison is not None:
        text += f" The two epicentres are {away(report.comparison.epicentre_km)} apart."
    return text
