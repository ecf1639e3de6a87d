"""The report: an index with the summary and every recording in a row, and a page for each."""

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
from forewave.evaluate.report.table import counts, number, pair, percent, verdict
from forewave.evaluate.scoring.playback import Replay
from forewave.evaluate.scoring.published import GOAL, find
from forewave.evaluate.scoring.summary import spread
from forewave.evaluate.scoring.users import Users

PEERS = {"EPIC rules": "EPIC rules", "EPIC lenient": "lenient", "OpenEEW": "OpenEEW",
         "PLUM 60 km": "PLUM", "SeisComP": "SeisComP"}  # fmt: skip
HEAD = ("recording", "verdict", "first alert s", "goal", *PEERS.values(), "epicentre km",
        "worst", "ΔM", "±1 %", "MMI IV")  # fmt: skip


def write_page(folder: Path, case: Case, traces: list[Trace]) -> None:
    """Write one recording's page."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / address(case)).write_text(event_page(case, traces), "utf-8")


def write_index(
    folder: Path, cases: Sequence[Case], failed: Sequence[tuple[str, str]], replay: Replay
) -> None:
    """Write index.html; the pages it links to are those of `write_page`."""
    folder.mkdir(parents=True, exist_ok=True)
    body = "\n".join(
        [_head(replay), _summary(cases), *_quakes(cases), _all(cases), _failed(failed)]
    )
    (folder / HOME).write_text(markup.page("forewave scoreboard", body), "utf-8")


def _head(replay: Replay) -> str:
    return (
        "<h1>Scoreboard</h1>"
        f'<p class="lead">forewave {escape(version("forewave"))}, replayed packet by packet. '
        f"Where real times of receipt are not known, packets hold {replay.packet_s:g} s and "
        f"arrive {replay.latency_s:g} s after their last sample. Alert times include our own "
        "compute.</p>"
    )


def _summary(cases: Sequence[Case]) -> str:
    quakes = [case for case in cases if case.truth.quake is not None]
    rows = [case.score for case in quakes]
    final_km = [x for row in rows if (x := row.final_epicentre_error_km) is not None]
    final_m = [abs(x) for row in rows if (x := row.final_magnitude_error) is not None]
    shares = [x for row in rows if (x := row.intensity_within_1_final) is not None]
    return markup.tiles(
        [
            ("Earthquakes told", f"{sum(r.matched for r in rows)} of {len(rows)}"),
            ("False events", str(sum(case.score.false_events for case in cases))),
            ("Duplicates", str(sum(case.score.duplicates for case in cases))),
            ("Cancelled after they were issued", str(sum(case.score.cancelled for case in cases))),
            *_unproven(cases),
            ("Final epicentre, median", number(spread(final_km)["median"]) + " km"),
            ("Final magnitude error, median", number(spread(final_m)["median"], 2)),
            ("Within one MMI unit, median", percent(spread(shares)["median"]) + " %"),
            ("MMI IV: in time/late/never/in vain", counts(_pool([r.users["IV"] for r in rows]))),
        ]
    )


def _unproven(cases: Sequence[Case]) -> list[tuple[str, str]]:
    """Of recordings, whose catalogues cannot tell; of what is simulated, all is known."""
    later = [case.score.later for case in cases if not case.truth.complete]
    return [("Unproven, in the coda of M 6 or more", str(sum(later)))] if later else []


def _pool(users: Sequence[Users]) -> Users:
    hit, late, miss, false = (
        sum(getattr(u, kind) for u in users) for kind in ("hit", "late", "miss", "false")
    )
    return Users(hit, late, miss, false, None, None)


def _quakes(cases: Sequence[Case]) -> list[str]:
    """What only earthquakes have: the picture of first alerts and the pooled comparison."""
    quakes = [case for case in cases if case.truth.quake is not None]
    if not quakes:
        return []
    words = (
        "First alert of every earthquake, seconds after origin. The grey bar runs from the moment "
        "the packet with the first station's predicted P is in hand to the fourth station's: a "
        "rule that asks for four stations can hardly be left of its end. The table below has the "
        "figures."
    )
    parts = [markup.figure("First alerts", data_uri(first_alerts(quakes)), words)]
    if any(find(case.score.id, GOAL) for case in quakes):
        parts.append(f'<section class="card"><h2>Users</h2>{pooled(quakes)}</section>')
    return parts


def _all(cases: Sequence[Case]) -> str:
    rows = [_row(case) for case in cases]
    caption = (
        "Others' first alerts in seconds; epicentre error and ΔM: first → final; ±1 %: share of "
        "stations within one MMI unit; "
        "MMI IV: users told in time/late/never/in vain"
    )
    inner = markup.table(caption, HEAD, rows)
    return f'<section class="card"><h2>Event by event</h2>{inner}{_misses(cases)}</section>'


def _row(case: Case) -> list[str]:
    row = case.score
    others = [find(row.id, system) for system in (GOAL, *PEERS)]
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
    return f'<strong class="{"bad" if wrong else "good"}">{escape(verdict(case))}</strong>'


def _misses(cases: Sequence[Case]) -> str:
    items = [
        f"<li><b>{escape(case.score.id)}</b>: {escape(str(case.miss))}</li>"
        for case in cases
        if case.miss is not None
    ]
    return f"<h3>Why each miss</h3><ul>{''.join(items)}</ul>" if items else ""


def _failed(failed: Sequence[tuple[str, str]]) -> str:
    items = "".join(f"<li><b>{escape(name)}</b>: {escape(why)}</li>" for name, why in failed)
    return f'<section class="card"><h2>Not judged</h2><ul>{items}</ul></section>' if items else ""
