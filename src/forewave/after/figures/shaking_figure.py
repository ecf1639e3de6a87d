"""The shaking map as a picture: the classes of intensity as areas, and what they are made from."""

from typing import TYPE_CHECKING

import numpy as np

from forewave.after.documents.document import Figure as Picture
from forewave.after.documents.intensity_class import colour_of, in_words
from forewave.after.figures.station_map import Box, base, name_towns
from forewave.after.figures.theme import Theme, drawn
from forewave.after.report.report import StationRow, TownRow
from forewave.shaking_map.grid import Grid

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

EDGES = np.array([1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.5, 9.5, 10.5])  # between the classes
NAMES = ("II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")


def shaking_figure(
    grid: Grid, stations: tuple[StationRow, ...], towns: tuple[TownRow, ...], alt: str
) -> Picture:
    """The map of MMI. Lines between the classes carry their names: colour is not enough."""
    box: Box = (grid.lon[0], grid.lat[-1], grid.lon[-1], grid.lat[0])
    mmi = grid.shaking.median["mmi"].reshape(len(grid.lat), len(grid.lon))

    def draw(figure: "Figure", ax: "Axes", theme: Theme) -> None:
        base(ax, theme, box)
        _classes(ax, theme, grid, np.ma.masked_invalid(mmi))
        inside = [s for s in stations if box[0] < s.lon < box[2] and box[1] < s.lat < box[3]]
        colours = [colour_of(s.observed)[0] for s in inside]
        ax.scatter(
            [s.lon for s in inside],
            [s.lat for s in inside],
            marker="^", s=34, color=colours, edgecolor=theme.ink, lw=0.8, zorder=2.0,
            label="stations, in the colour of what they recorded",
        )  # fmt: skip
        origin = grid.solution.origin
        ax.plot(
            origin.lon, origin.lat, "*", ms=15, color=theme.bad, mec=theme.card, zorder=2.5,
            ls="none", label="epicentre",
        )  # fmt: skip
        name_towns(ax, theme, towns, box)
        figure.legend(loc="outside lower center", ncols=2)

    light, dark = drawn(draw, 6.6, 6.8)
    return Picture("Shaking, Modified Mercalli Intensity", alt, light, dark, wide=True)


def _classes(ax: "Axes", theme: Theme, grid: Grid, mmi: np.ma.MaskedArray) -> None:
    colours = [colour_of(float(edge) + 0.5)[0] for edge in EDGES[:-1]]
    ax.contourf(grid.lon, grid.lat, mmi, EDGES, colors=colours, alpha=0.72, zorder=0.25)
    lines = ax.contour(
        grid.lon, grid.lat, mmi, EDGES[:-1], colors=theme.ink, linewidths=0.8, zorder=0.35
    )
    ax.clabel(lines, fmt=dict(zip(EDGES[:-1], NAMES, strict=True)), fontsize=9)


def strongest_words(grid: Grid) -> str:
    """The strongest class on the map, in words."""
    return in_words(float(np.nanmax(grid.shaking.median["mmi"])))
