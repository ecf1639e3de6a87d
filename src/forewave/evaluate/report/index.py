"""The index of the report: the summary, a row for each recording, and links to their pages."""

from collections.abc import Sequence
from html import escape
from importlib.metadata import version
from pathlib import Path

from forewave.evaluate.report import markup
from forewave.evaluate.report.case import Case
from forewave.evaluate.report.compare import pooled
from forewave.evaluate.report.figures import data_uri
from forewave.evaluate.report.overview import first_alerts
from forewave.evaluate.report.page import HOME, address, event_page, title
from forewave.evaluate.report.section import Trace
from forewave.evaluate.report.table import counts, number, pair, percent, result
from forewave.evaluate.scoring.playback import Replay
from forewave.evaluate.scoring.published import GOAL, find, systems
from forewave.evaluate.scoring.summary import spread
from forewave.evaluate.scoring.users import Users


def write_page(folder: Path, case: Case, traces: list[Trace]) -> None:
    """Write one recording's page."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / address(case)).write_text(event_page(case, traces), "utf-8")


def write_index(
    folder: Path, cases: Sequence[Case], failed: Sequence[tuple[str, str]], replay: Replay
) -> None:
    """Write index.html with links to the pages of `write_page`."""
    folder.mkdir(parents=True, exist_ok=True)
    body = "\n".join(
        [_head(replay), _summary(cases), *_quakes(cases), _all(cases), _failed(failed)]
    )
    (folder / HOME).write_text(markup.page("forewave scoreboard", body), "utf-8")


def _head(replay: Replay) -> str:
    return (
        "<h1>Scoreboard</h1>"
        f'<p class="lead">Recordings replayed packet by packet by forewave '
        f"{escape(version('forewave'))}. "
        f"Where arrival times were not recorded, packets hold {replay.packet_s:g} s and "
        f"arrive {replay.latency_s:g} s after their last sample. Alert times include the "
        "compute time.</p>"
    )


def _summary(cases: Sequence[Case]) -> str:
    quakes = [case for case in cases if case.truth.quake is not None]
    rows = [case.score for case in quakes]
    final_km = [x for row in rows if (x := row.final_epicentre_error_km) is not None]
    final_m = [abs(x) for row in rows if (x := row.final_magnitude_error) is not None]
    shares = [x for row in rows if (x := row.intensity_within_1_final) is not None]
    return markup.tiles(
        [
            ("Earthquakes alerted", f"{sum(r.matched for r in rows)} of {len(rows)}"),
            ("False events", str(sum(case.score.false_events for case in cases))),
            ("Duplicates", str(sum(case.score.duplicates for case in cases))),
            ("Cancelled events", str(sum(case.score.cancelled for case in cases))),
            *_unproven(cases),
            ("Final epicentre, median", number(spread(final_km)["median"]) + " km"),
            ("Final magnitude error, median", number(spread(final_m)["median"], 2)),
            ("Within one MMI unit, median", percent(spread(shares)["median"]) + " %"),
            ("MMI IV: hits/late/misses/false", counts(_pool([r.users["IV"] for r in rows]))),
        ]
    )


def _unproven(cases: Sequence[Case]) -> list[tuple[str, str]]:
    """Only for recordings: the catalogue of a simulation is complete."""
    later = [case.score.later for case in cases if not case.truth.complete]
    return [("Unproven, in the coda of M 6 or larger", str(sum(later)))] if later else []


def _pool(users: Sequence[Users]) -> Users:
    hit, late, miss, false = (
        sum(getattr(u, kind) for u in users) for kind in ("hit", "late", "miss", "false")
    )
    return Users(hit, late, miss, false, None, None)


def _quakes(cases: Sequence[Case]) -> list[str]:
    """Only for earthquakes: the figure of first alerts and the pooled comparison."""
    quakes = [case for case in cases if case.truth.quake is not None]
    if not quakes:
        return []
    words = (
        "First alert of each earthquake, seconds after origin. The grey bar runs from the arrival "
        "of the packet with the predicted P of the first station to that of the fourth: an "
        "algorithm that requires four stations cannot alert before its end (predicted P can be "
        "off by 1 to 2 s). The values are in the table below."
    )
    parts = [markup.figure("First alerts", data_uri(first_alerts(quakes)), words)]
    if any(find(case.score.id, GOAL) for case in quakes):
        parts.append(f'<section class="card"><h2>Warnings by place</h2>{pooled(quakes)}</section>')
    return parts


def _all(cases: Sequence[Case]) -> str:
    known = systems(case.score.id for case in cases)
    rows = [_row(case, known) for case in cases]
    head = ("recording", "result", "first alert s", *known, "epicentre km", "worst", "ΔM", "±1 %",
            "MMI IV")  # fmt: skip
    caption = (
        f"{_published(known)}Epicentre error and magnitude error ΔM: first → final version; worst: "
        "largest epicentre error of all versions; ±1 %: share of stations within one MMI unit; "
        "MMI IV: hits/late/misses/false"
    )
    inner = markup.table(caption, head, rows)
    return f'<section class="card"><h2>Recordings</h2>{inner}{_misses(cases)}</section>'


def _published(known: Sequence[str]) -> str:
    """Explains the columns of published systems, if there are any."""
    if not known:
        return ""
    return (
        f"Columns {', '.join(known)}: first alert in seconds after origin (–: no alert; empty: not "
        "published for this recording). "
    )


def _row(case: Case, known: Sequence[str]) -> list[str]:
    row = case.score
    others = [find(row.id, system) for system in known]
    return [
        f'<span class="name">{markup.link(address(case), title(case))}</span>'
        f"<small>{escape(row.id)}</small>",
        _verdict(case),
        f"<strong>{number(row.first_alert_s, 2)}</strong>",
        *(number(other.first_alert_s) if other else "" for other in others),
        pair(row.first_epicentre_error_km, row.final_epicentre_error_km),
        number(case.worst_epicentre_km),
        pair(row.first_magnitude_error, row.final_magnitude_error, signed=True),
        percent(row.intensity_within_1_final),
        counts(row.users["IV"]),
    ]


def _verdict(case: Case) -> str:
    row = case.score
    wrong = case.miss is not None or row.false_events or row.duplicates or row.cancelled
    return f'<strong class="{"bad" if wrong else "good"}">{escape(result(case))}</strong>'


def _misses(cases: Sequence[Case]) -> str:
    items = [
        f"<li><b>{escape(case.score.id)}</b>: {escape(str(case.miss))}</li>"
        for case in cases
        if case.miss is not None
    ]
    return f"<h3>Misses</h3><ul>{''.join(items)}</ul>" if items else ""


def _failed(failed: Sequence[tuple[str, str]]) -> str:
    items = "".join(f"<li><b>{escape(name)}</b>: {escape(why)}</li>" for name, why in failed)
    return (
        f'<section class="card"><h2>Not evaluated</h2><ul>{items}</ul></section>' if items else ""
    )
