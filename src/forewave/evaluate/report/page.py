"""The report's page of one recording: figures, each with a text alternative and a table."""

from html import escape
from typing import TYPE_CHECKING

from forewave.evaluate.report import figures, maps, markup
from forewave.evaluate.report.case import Case
from forewave.evaluate.report.compare import published_table
from forewave.evaluate.report.messages import alerts_table, further_table, reference_table
from forewave.evaluate.report.rows import picks_table, stations_table, versions_table
from forewave.evaluate.report.section import Trace
from forewave.evaluate.report.table import counts, number, percent, result
from forewave.evaluate.scoring.published import beside
from forewave.evaluate.scoring.score import versions_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HOME = "index.html"


def address(case: Case) -> str:
    """The file name of a recording's page."""
    return f"{case.score.id}.html"


def title(case: Case) -> str:
    """The title: magnitude and region."""
    region = case.info.region or case.score.id
    if case.truth.quake is None:
        return f"{region} ({case.score.kind})"
    return f"M {case.truth.quake.magnitude:.1f}, {region}"


def event_page(case: Case, traces: list[Trace]) -> str:
    """The complete document."""
    parts = [f"<h1>{escape(title(case))}</h1>", _lead(case), _tiles(case)]
    if case.further:
        parts.append(markup.card("Several earthquakes", further_table(case)))
    if case.truth.quake is not None:
        parts.append(markup.card("Other systems", _beside(case)))
    parts += [*_pictures(case, traces), markup.card("All alerts", alerts_table(case))]
    return markup.page(f"{case.score.id} · forewave", "\n".join(parts), HOME)


def _lead(case: Case) -> str:
    text = f"{case.score.id}: {result(case)}; {case.score.stations} stations."
    if case.miss is not None:
        text += f" Reason of the miss: {case.miss}."
    return f'<p class="lead">{escape(text)}</p>'


def _tiles(case: Case) -> str:
    row = case.score
    if case.truth.quake is None:
        return markup.tiles([("False events", str(row.false_events))])
    return markup.tiles(
        [
            ("First alert after origin", _with(row.first_alert_s, " s", 2)),
            ("P arrived, 1st and 4th station", f"{number(row.p1_s)}, {number(row.p4_s)} s"),
            ("Epicentre, final", _with(row.final_epicentre_error_km, " km")),
            ("Magnitude, final error", number(row.final_magnitude_error, 2, signed=True)),
            ("Magnitude error at 20 s", number(row.magnitude_error_20s, 2, signed=True)),
            ("MMI IV: hits/late/misses/false", counts(row.users["IV"])),
            ("Within one MMI unit", percent(row.intensity_within_1_final) + " %"),
            ("Compute time, length of the record", f"{number(row.compute_s)}, {row.data_s:.0f} s"),
        ]
    )


def _beside(case: Case) -> str:
    """Reference algorithms on the same picks, and published results for the same recording."""
    known = published_table(case) if beside(case.score.id) else ""
    return reference_table(case) + known


def _with(value: float | None, unit: str, digits: int = 1) -> str:
    return number(value, digits) + (unit if value is not None else "")


def _pictures(case: Case, traces: list[Trace]) -> list[str]:
    parts = []
    alerted = bool(versions_of(case.matching.found, case.run.alerts))
    if case.truth.quake is not None:
        where = _picture(
            "Epicentre and stations", figures.epicentres(case), _where(case), stations_table(case)
        )
        parts.append(f'<div class="pair">{where}{_intensity(case) if alerted else ""}</div>')
    if traces:
        words = _section_words(case, traces)
        drawn = figures.section(case, traces)
        parts.append(_picture("Record section", drawn, words, picks_table(traces)))
    if alerted:
        drawn = figures.growth(case)
        parts.append(
            _picture(
                "Magnitude and epicentre over time",
                drawn,
                _growth_words(case),
                versions_table(case),
            )
        )
    if any(o.lead_s is not None for o in case.outcomes):
        drawn = figures.leads(case)
        parts.append(_picture("Lead times", drawn, _lead_words(case), stations_table(case)))
    of_level = [o for o in case.outcomes if o.level == maps.MAP_LEVEL and o.kind != "none"]
    if case.truth.quake is not None and of_level:
        drawn, words = maps.lead_map(case), _map_words(case)
        parts.append(_picture("Map of lead times", drawn, words, stations_table(case)))
    return parts


def _picture(name: str, drawn: "Figure", words: str, rows: str) -> str:
    details = markup.folded("Table of these values", rows)
    return markup.figure(name, figures.data_uri(drawn), words, details)


def _intensity(case: Case) -> str:
    return _picture(
        "Forecast and observed intensity",
        figures.intensities(case),
        f"Of {len(case.truth.motions)} stations, the first version forecasts "
        f"{percent(case.score.intensity_within_1_first)} % within one MMI unit of what they "
        f"observed, the final version {percent(case.score.intensity_within_1_final)} %. "
        "Intensities below II count as II.",
        stations_table(case),
    )


def _where(case: Case) -> str:
    row = case.score
    stations = f"{row.stations} stations, larger and darker for larger observed intensity"
    if not row.matched:
        return f"{stations}, and the catalogue's epicentre. No alert was issued for it."
    return (
        f"{stations}. The first issued version is {number(row.first_epicentre_error_km)} km from "
        f"the catalogue's epicentre, the final one {number(row.final_epicentre_error_km)} km, "
        f"the worst of all {row.versions} versions {number(case.worst_epicentre_km)} km."
    )


def _section_words(case: Case, traces: list[Trace]) -> str:
    picked = sum(bool(t.picks) for t in traces)
    alert = case.score.first_alert_s
    when = "No alert was issued" if alert is None else f"The first alert came at {alert:.2f} s"
    return (
        f"Vertical records of {len(traces)} stations by distance, each scaled to its maximum, "
        f"with predicted P and S. {picked} of them have picks in this window. {when}."
    )


def _growth_words(case: Case) -> str:
    row = case.score
    return (
        f"{row.versions} versions were issued. Magnitude error: first "
        f"{number(row.first_magnitude_error, 2, signed=True)}, at 20 s "
        f"{number(row.magnitude_error_20s, 2, signed=True)}, final "
        f"{number(row.final_magnitude_error, 2, signed=True)}. Small dots are all solutions, "
        "issued or not."
    )


def _map_words(case: Case) -> str:
    u = case.score.users[maps.MAP_LEVEL]
    return (
        f"Warnings of MMI {maps.MAP_LEVEL} by place: {u.hit} hits (circles, labelled with the lead "
        f"time in s), {u.late} late (triangles), {u.miss} misses (crosses) and {u.false} false "
        "(squares)."
    )


def _lead_words(case: Case) -> str:
    parts = [
        f"MMI {level}: {u.hit} hits, {u.late} late, {u.miss} misses, {u.false} false, median lead "
        f"time {number(u.lead_time_median_s)} s"
        for level, u in case.score.users.items()
        if u.hit + u.late + u.miss + u.false
    ]
    return "Each station counts as one place. " + "; ".join(parts) + "."
