"""The shaking map of an event as a part of its account."""

import json

import numpy as np
from msgspec import Struct

from forewave.after.documents.document import (
    Block,
    Cell,
    Document,
    Facts,
    Links,
    Notice,
    Paragraph,
    Section,
    Table,
    row,
)
from forewave.after.documents.intensity_class import in_words, label
from forewave.after.figures.shaking_figure import shaking_figure, strongest_words
from forewave.after.history import EventHistory
from forewave.after.pages.event import IT_DID_NOT, SIMULATED
from forewave.after.pages.part import Part
from forewave.after.report.report import Report, TownRow
from forewave.after.shaking.conditions import observations, source
from forewave.shaking_map.contours import contours
from forewave.shaking_map.grid import Grid, grid
from forewave.shaking_map.grid_xml import grid_xml, uncertainty_xml
from forewave.shaking_map.shaking_map import ShakingMap, conditioned
from forewave.shaking_map.site_shaking import MEASURES, SiteShaking
from forewave.units import CM_M, G_MS2

FILE = "shaking.html"
MOST_TOWNS = 40
ABOUT = {
    "grid.xml": "PGA, PGV and MMI on a grid, as ShakeCast and other programs read them",
    "uncertainty.xml": "the standard deviations of these",
    "contours-mmi.json": "contours of MMI, GeoJSON",
    "contours-pga.json": "contours of PGA in % g, GeoJSON",
    "contours-pgv.json": "contours of PGV in cm/s, GeoJSON",
}
METHOD = (
    "A line with a name is where that class begins. At each place: the ground-motion model, "
    "conditioned on all observations (Worden et al. 2018). Far from them it is the model, shifted "
    "by what they say of the whole earthquake; near a record it is the record. The range holds the "
    "truth in about two of three places. What the ground is like under a place is not known here: "
    "soft ground shakes more."
)


class _Mapped(Struct, frozen=True):
    """The map on a grid and at the report's towns."""

    shaking: ShakingMap
    grid: Grid
    towns: tuple[TownRow, ...]
    there: SiteShaking


def part(history: EventHistory, report: Report) -> tuple[Part, ...]:
    """The part; none without a source."""
    solution = source(history, report)
    if solution is None:
        return ()
    shaking = conditioned(solution, observations(history, report))
    towns = report.towns
    there = shaking.at([t.lat for t in towns], [t.lon for t in towns])
    return (_part(report, _Mapped(shaking, grid(shaking), towns, there)),)


def _part(report: Report, mapped: _Mapped) -> Part:
    table = _towns(mapped)
    words = _alt(mapped)
    picture = shaking_figure(mapped.grid, report.stations, report.towns, words)
    links = tuple((name, name, about) for name, about in ABOUT.items())
    sections = [
        Section("Map", (picture, Paragraph(METHOD))),
        Section("Towns", (table,) if table.rows else ()),
        Section("Not used", _refused(mapped.shaking)),
        Section("Files", (Links(links),)),
    ]
    page = Document(
        title=f"Shaking map: {report.title}",
        kind="Shaking map",
        about=words,
        top=_top(report, mapped),
        sections=tuple(section for section in sections if section.blocks),
        footer=f"Event {report.event or report.id}. Made by forewave.",
    )
    short = Section("How strongly the ground shook", (picture,))
    annex = Section("Shaking of towns", (table,), annex=True)
    return Part(
        name="Shaking map",
        file=FILE,
        page=page,
        short=(short,),
        annex=(annex,) if table.rows else (),
        files=_files(report, mapped),
        about=ABOUT,
        figures={"Strongest shaking on the map": strongest_words(mapped.grid)},
    )


def _top(report: Report, mapped: _Mapped) -> tuple[Block, ...]:
    shaking, facts = mapped.shaking, mapped.shaking.solution
    pairs = (
        ("Strongest on the map", strongest_words(mapped.grid)),
        ("Observations used", str(shaking.used("mmi"))),
        ("Magnitude", f"{facts.magnitude.value:.1f}"),
        ("Against the model", f"{shaking.event_term('mmi'):+.1f} MMI"),
    )
    warning = [Notice(SIMULATED, IT_DID_NOT, "fair")] if report.simulated else []
    return (*warning, Facts(pairs))


def _alt(mapped: _Mapped) -> str:
    """All that the picture shows, in words."""
    used = mapped.shaking.used("mmi")
    by = f"{used} observations" if used != 1 else "one observation"
    text = f"By {by} the strongest shaking on the map is {strongest_words(mapped.grid)}."
    mmi = mapped.there.median["mmi"]
    order = [i for i in np.argsort(-np.nan_to_num(mmi), kind="stable") if np.isfinite(mmi[i])][:3]
    if not order:
        return text
    named = [f"{mapped.towns[i].name} ({in_words(float(mmi[i]))})" for i in order]
    return f"{text} Of the towns it is strongest at {', '.join(named)}."


def _towns(mapped: _Mapped) -> Table:
    """The towns with the strongest shaking."""
    median, sigma = mapped.there.median, mapped.there.sigma
    order = np.argsort(-np.nan_to_num(median["mmi"]), kind="stable")[:MOST_TOWNS]
    rows = [
        row(
            mapped.towns[i].name,
            Cell(label(float(median["mmi"][i])), mmi=float(median["mmi"][i])),
            f"{_held(median['mmi'][i] - sigma['mmi'][i])} to "
            f"{_held(median['mmi'][i] + sigma['mmi'][i])}",
            f"{100 * median['pga'][i] / G_MS2:.2g}",
            f"{median['pgv'][i] / CM_M:.2g}",
        )
        for i in order
        if np.isfinite(median["mmi"][i])
    ]
    head = ("town", "MMI", "range of MMI, two of three", "PGA, % g", "PGV, cm/s")
    return Table("Shaking of the towns, the strongest first", head, tuple(rows), (2, 3, 4))


def _held(mmi: float) -> str:
    """Within the scale."""
    return f"{min(max(float(mmi), 1.0), 10.0):.1f}"


def _refused(shaking: ShakingMap) -> tuple[Block, ...]:
    if not shaking.refused:
        return ()
    rows = tuple(row(one.name, one.reason) for one in shaking.refused)
    return (Table("Observations that were not used", ("observation", "reason"), rows, folded=True),)


def _files(report: Report, mapped: _Mapped) -> dict[str, bytes]:
    used = mapped.shaking.used("mmi")
    xml = (mapped.grid, report.title, "forewave", used)
    lines = {
        f"contours-{measure}.json": json.dumps(contours(mapped.grid, measure)).encode()
        for measure in MEASURES
    }
    return {"grid.xml": grid_xml(*xml), "uncertainty.xml": uncertainty_xml(*xml), **lines}
