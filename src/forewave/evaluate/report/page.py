"""The report's page of one recording: pictures, each with its words and its table."""

from html import escape
from typing import TYPE_CHECKING

from forewave.evaluate.report import figures, maps, markup
from forewave.evaluate.report.case import Case
from forewave.evaluate.report.compare import beside_others
from forewave.evaluate.report.messages import alerts_table, further_table, peers_table
from forewave.evaluate.report.rows import picks_table, stations_table, versions_table
from forewave.evaluate.report.section import Trace
from forewave.evaluate.report.table import counts, number, percent, verdict
from forewave.evaluate.scoring.published import beside
from forewave.evaluate.scoring.score import versions_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

HOME = "index.html"


def address(case: Case) -> str:
    """The file name of a recording's page."""
    return f"{case.score.id}.html"


def title(case: Case) -> str:
    """What a person calls it."""
    region = case.info.region or case.score.id
    if case.truth.quake is None:
        return f"{region} ({case.score.kind})"
    return f"M {case.truth.quake.magnitude:.1f}, {region}"


def event_page(case: Case, traces: list[Trace]) -> str:
    """The whole document."""
    parts = [f"<h1>{escape(title(case))}</h1>", _lead(case), _tiles(case)]
    if case.further:
        parts.append(markup.card("Several earthquakes", further_table(case)))
    if case.truth.quake is not None:
        parts.append(markup.card("Beside others", _beside(case)))
    parts += [*_pictures(case, traces), markup.card("Every alert", alerts_table(case))]
    return markup.page(f"{case.score.id} · forewave", "\n".join(parts), HOME)


def _lead(case: Case) -> str:
    text = f"{case.score.id}: {verdict(case)}; {case.score.stations} stations."
    if case.miss is not None:
        text += f" Why it was missed: {case.miss}."
    return f'<p class="lead">{escape(text)}</p>'


def _tiles(case: Case) -> str:
    row = case.score
    if case.truth.quake is None:
        return markup.tiles([("False events", str(row.false_events))])
    return markup.tiles(
        [
            ("First alert after origin", _with(row.first_alert_s, " s", 2)),
            ("P at 1st and 4th station", f"{number(row.p1_s)}, {number(row.p4_s)} s"),
            ("Epicentre, final", _with(row.final_epicentre_error_km, " km")),
            ("Magnitude, final error", number(row.final_magnitude_error, 2, signed=True)),
            ("Magnitude error at 20 s", number(row.magnitude_error_20s, 2, signed=True)),
            ("MMI IV: in time/late/never/in vain", counts(row.users["IV"])),
            ("Within one MMI unit", percent(row.intensity_within_1_final) + " %"),
            ("Compute, and length of the record", f"{number(row.compute_s)}, {row.data_s:.0f} s"),
        ]
    )


def _beside(case: Case) -> str:
    """Others' rules on the same picks, and what was published of the same recording."""
    known = beside_others(case) if beside(case.score.id) else ""
    return peers_table(case) + known


def _with(value: float | None, unit: str, digits: int = 1) -> str:
    return number(value, digits) + (unit if value is not None else "")


def _pictures(case: Case, traces: list[Trace]) -> list[str]:
    parts = []
    told = bool(versions_of(case.matching.found, case.run.told))
    if case.truth.quake is not None:
        where = _picture("Where", figures.epicentres(case), _where(case), stations_table(case))
        parts.append(f'<div class="pair">{where}{_intensity(case) if told else ""}</div>')
    if traces:
        words = _section_words(case, traces)
        drawn = figures.section(case, traces)
        parts.append(_picture("Record section", drawn, words, picks_table(traces)))
    if told:
        drawn = figures.growth(case)
        parts.append(_picture("How it grew", drawn, _growth_words(case), versions_table(case)))
    if any(o.lead_s is not None for o in case.outcomes):
        drawn = figures.leads(case)
        parts.append(_picture("Lead times", drawn, _lead_words(case), stations_table(case)))
    of_level = [o for o in case.outcomes if o.level == maps.MAP_LEVEL and o.kind != "none"]
    if case.truth.quake is not None and of_level:
        drawn, words = maps.lead_map(case), _map_words(case)
        parts.append(_picture("Lead times on the map", drawn, words, stations_table(case)))
    return parts


def _picture(name: str, drawn: "Figure", words: str, rows: str) -> str:
    details = markup.folded("The same as a table", rows)
    return markup.figure(name, figures.data_uri(drawn), words, details)


def _intensity(case: Case) -> str:
    return _picture(
        "Forecast and observed intensity",
        figures.intensities(case),
        f"Of {len(case.truth.motions)} stations, the first version forecasts "
        f"{percent(case.score.intensity_within_1_first)} % within one MMI unit of what they "
        f"observed, the final version {percent(case.score.intensity_within_1_final)} %. "
        "What is below II counts as II.",
        stations_table(case),
    )


def _where(case: Case) -> str:
    row = case.score
    stations = f"{row.stations} stations, larger and darker the more they recorded"
    if not row.matched:
        return f"{stations}, and the catalogue's epicentre. No event of it was told."
    return (
        f"{stations}. The first version told lies {number(row.first_epicentre_error_km)} km from "
        f"the catalogue's epicentre, the final one {number(row.final_epicentre_error_km)} km, "
        f"the worst of all {row.versions} versions {number(case.worst_epicentre_km)} km."
    )


def _section_words(case: Case, traces: list[Trace]) -> str:
    picked = sum(bool(t.picks) for t in traces)
    alert = case.score.first_alert_s
    when = "No alert was given" if alert is None else f"The first alert came at {alert:.2f} s"
    return (
        f"Vertical records of {len(traces)} stations by distance, each by its own largest value, "
        f"with predicted P and S. {picked} of them have picks in this window. {when}."
    )


def _growth_words(case: Case) -> str:
    row = case.score
    return (
        f"{row.versions} versions were told. Magnitude error: first "
        f"{number(row.first_magnitude_error, 2, signed=True)}, at 20 s "
        f"{number(row.magnitude_error_20s, 2, signed=True)}, final "
        f"{number(row.final_magnitude_error, 2, signed=True)}. Small dots are solutions that were "
        "not told on their own."
    )


def _map_words(case: Case) -> str:
    u = case.score.users[maps.MAP_LEVEL]
    return (
        f"Of the places that reached MMI {maps.MAP_LEVEL}, {u.hit} were told in time (circles, "
        f"with the seconds they had), {u.late} late (triangles) and {u.miss} never (crosses); "
        f"{u.false} were told in vain (squares)."
    )


def _lead_words(case: Case) -> str:
    parts = [
        f"MMI {level}: {u.hit} told in time, {u.late} late, {u.miss} never told, {u.false} told "
        f"in vain, median lead {number(u.lead_time_median_s)} s"
        for level, u in case.score.users.items()
        if u.hit + u.late + u.miss + u.false
    ]
    return "Each station is a user. " + "; ".join(parts) + "."
