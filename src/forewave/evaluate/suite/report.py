"""The suite's report: goals, groups, reference algorithms, all cases, and a page for each case."""

import shutil
from collections.abc import Sequence
from html import escape
from importlib.metadata import version
from pathlib import Path

from msgspec import Struct

from forewave.evaluate.report import markup
from forewave.evaluate.report.figures import data_uri
from forewave.evaluate.report.page import HOME
from forewave.evaluate.scoring import published
from forewave.evaluate.suite import changes, diagrams
from forewave.evaluate.suite.goals import Goal, met_word
from forewave.evaluate.suite.result_store import CaseResult
from forewave.evaluate.suite.rows import cases_table, reference_table, worse_table, wrong_table
from forewave.evaluate.suite.table import ALL, GROUP_HEAD, by_group, group_cells

CHANGES = "changes.html"


class Lost(Struct, frozen=True):
    """(name, reason) of failed cases, and of recordings that cannot be replayed."""

    failed: Sequence[tuple[str, str]] = ()
    unread: Sequence[tuple[str, str]] = ()


def write(
    folder: Path,
    cases: Sequence[CaseResult],
    goals: Sequence[Goal],
    lost: Lost,
    pages: dict[str, Path],
    against: Path | None,
) -> None:
    """Write the index, a copy of each case's page, and the changes since `against`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in pages.items():
        shutil.copyfile(page, folder / f"{name}.html")
    if against is not None:
        rows = [row for case in cases for row in case.rows]
        (folder / CHANGES).write_text(changes.page(rows, against), "utf-8")
    body = index(cases, goals, lost, against is not None)
    (folder / HOME).write_text(markup.page("forewave suite", body), "utf-8")


def index(
    cases: Sequence[CaseResult],
    goals: Sequence[Goal],
    lost: Lost,
    compared: bool,
) -> str:
    """Body of the index page."""
    parts = [_head(cases, compared), _tiles(cases, goals), _goals(goals), _groups(cases)]
    parts += [_pictures(cases)] if any(row.matched for c in cases for row in c.rows) else []
    parts += [
        markup.card("All cases", cases_table(cases)),
        markup.card("Misses, false, duplicate and cancelled events", wrong_table(cases)),
        markup.card(
            "Reference algorithms on the same input", reference_table(cases) + worse_table(cases)
        ),
        markup.card("Published performance of other systems", _published()),
        _reasons("Not evaluated", lost.failed),
        _reasons("Recordings that cannot be replayed", lost.unread),
        markup.card("Compute time", _compute(cases)),
        markup.sorting(),
    ]
    return "\n".join(parts)


def _head(cases: Sequence[CaseResult], compared: bool) -> str:
    link = f" {markup.link(CHANGES, 'Changes since the earlier run')}." if compared else ""
    return (
        "<h1>Validation suite</h1>"
        f'<p class="lead">forewave {escape(version("forewave"))} on {len(cases)} recorded and '
        "simulated cases, replayed packet by packet; the issued alerts are scored. Alert times "
        f"exclude the compute time.{link}</p>"
    )


def _tiles(cases: Sequence[CaseResult], goals: Sequence[Goal]) -> str:
    rows = [row for case in cases for row in case.rows]
    quakes = [row for row in rows if row.magnitude is not None]
    measured = [goal for goal in goals if goal.met is not None]
    return markup.tiles(
        [
            ("Goals met", f"{sum(bool(g.met) for g in measured)} of {len(measured)}"),
            ("Earthquakes alerted", f"{sum(r.matched for r in quakes)} of {len(quakes)}"),
            ("False events", str(sum(row.false_events for row in rows))),
            ("Duplicates", str(sum(row.duplicates for row in rows))),
            ("Cancelled", str(sum(row.cancelled for row in rows))),
        ]
    )


def _goals(goals: Sequence[Goal]) -> str:
    signs = {True: ("good", "✓"), False: ("bad", "✗"), None: ("none", "–")}
    rows = []
    for goal in goals:
        kind, sign = signs[goal.met]
        word = f'<strong class="{kind}">{sign} {met_word(goal)}</strong>'
        rows.append(
            [escape(goal.name), escape(goal.part), escape(goal.target), goal.measured, word]
        )
    head = ("goal", "of", "target", "measured", "")
    words = (
        "<p>In network: azimuthal gap below 180° and at least four stations within "
        "60 km. Recorded: earthquakes with three stations or more.</p>"
    )
    return markup.card("Goals", words + markup.table("Goals and what was measured", head, rows))


def _groups(cases: Sequence[CaseResult]) -> str:
    rows = [
        [escape(cell) for cell in group_cells(name, here)] for name, here in by_group(cases).items()
    ]
    rows.append([f"<b>{escape(cell)}</b>" for cell in group_cells(ALL, cases)])
    caption = (
        "Medians; ±1 %: share of places whose final forecast is within one MMI unit of what they "
        "observed; MMI IV: hits/late/misses/false"
    )
    return markup.card("Groups", markup.table(caption, GROUP_HEAD, rows))


def _pictures(cases: Sequence[CaseResult]) -> str:
    head = ("forecast", "places, first", "mean", "observed", "places, final", "mean", "observed")
    table = markup.table("Reliability", head, diagrams.reliability_rows(cases))
    words = (
        "Share of places that observed MMI IV or more, by forecast probability, in bins of 10 % "
        f"with {diagrams.LEAST} places or more. On the line, forecasts are reliable; below it, "
        "probabilities are too large."
    )
    sizes = (
        "Error of the first and of the final magnitude of each alerted earthquake; the "
        "band is ±0.5. The values are in the table of cases."
    )
    left = markup.figure(
        "Reliability of probabilities",
        data_uri(diagrams.reliability(cases)),
        words,
        markup.folded("Table of these values", table),
    )
    right = markup.figure("Magnitude errors", data_uri(diagrams.magnitudes(cases)), sizes)
    return f'<div class="pair">{left}{right}</div>'


def _published() -> str:
    rows = [
        [escape(quantity), markup.note(value), escape(system), markup.note(source)]
        for quantity, value, system, source in published.figures()
    ]
    text = "<p>For other earthquakes and networks, so not directly comparable.</p>"
    return text + markup.table("Published figures", ("quantity", "value", "system", "source"), rows)


def _reasons(title: str, reasons: Sequence[tuple[str, str]]) -> str:
    items = "".join(f"<li><b>{escape(name)}</b>: {escape(why)}</li>" for name, why in reasons)
    return markup.card(title, f"<ul>{items}</ul>") if items else ""


def _compute(cases: Sequence[CaseResult]) -> str:
    total = sum(case.compute_s for case in cases)
    longest = sorted(cases, key=lambda case: -case.compute_s)[:5]
    names = ", ".join(f"{escape(case.name)} {case.compute_s:.0f} s" for case in longest)
    return (
        f"<p>{total:.0f} s of processor time to simulate, replay, score and plot all cases; the "
        f"longest: {names}. Not part of scoreboard.json."
        "</p>"
    )
