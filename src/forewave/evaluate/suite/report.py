"""The suite's report: the goals first, then groups, others, every case; a page for each case."""

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
from forewave.evaluate.suite.result_store import Done
from forewave.evaluate.suite.rows import cases_table, peers_table, worse_table, wrong_table
from forewave.evaluate.suite.table import ALL, GROUP_HEAD, by_group, group_cells

CHANGES = "changes.html"


class Lost(Struct, frozen=True):
    """(name, reason) of cases that failed, and of recordings that cannot be replayed."""

    failed: Sequence[tuple[str, str]] = ()
    unread: Sequence[tuple[str, str]] = ()


def write(
    folder: Path,
    cases: Sequence[Done],
    goals: Sequence[Goal],
    lost: Lost,
    pages: dict[str, Path],
    against: Path | None,
) -> None:
    """Write the index, a copy of every case's page, and what changed since `against`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in pages.items():
        shutil.copyfile(page, folder / f"{name}.html")
    if against is not None:
        rows = [row for case in cases for row in case.rows]
        (folder / CHANGES).write_text(changes.page(rows, against), "utf-8")
    body = index(cases, goals, lost, against is not None)
    (folder / HOME).write_text(markup.page("forewave suite", body), "utf-8")


def index(
    cases: Sequence[Done],
    goals: Sequence[Goal],
    lost: Lost,
    compared: bool,
) -> str:
    """The first page's body."""
    parts = [_head(cases, compared), _tiles(cases, goals), _goals(goals), _groups(cases)]
    parts += [_pictures(cases)] if any(row.matched for c in cases for row in c.rows) else []
    parts += [
        markup.card("Every case", cases_table(cases)),
        markup.card(
            "Misses, false, duplicate and cancelled events, one by one", wrong_table(cases)
        ),
        markup.card("Others on the same input", peers_table(cases) + worse_table(cases)),
        markup.card("What others published of themselves", _published()),
        _reasons("Not judged", lost.failed),
        _reasons("Recordings that cannot be replayed", lost.unread),
        markup.card("Compute", _compute(cases)),
        markup.sorting(),
    ]
    return "\n".join(parts)


def _head(cases: Sequence[Done], compared: bool) -> str:
    link = f" {markup.link(CHANGES, 'What changed since the run before')}." if compared else ""
    return (
        "<h1>The referee</h1>"
        f'<p class="lead">forewave {escape(version("forewave"))} on {len(cases)} recorded and made '
        "cases, replayed packet by packet and judged by what people were told. Compute is not "
        f"counted in the alert times.{link}</p>"
    )


def _tiles(cases: Sequence[Done], goals: Sequence[Goal]) -> str:
    rows = [row for case in cases for row in case.rows]
    quakes = [row for row in rows if row.magnitude is not None]
    measured = [goal for goal in goals if goal.met is not None]
    return markup.tiles(
        [
            ("Goals met", f"{sum(bool(g.met) for g in measured)} of {len(measured)}"),
            ("Earthquakes told", f"{sum(r.matched for r in quakes)} of {len(quakes)}"),
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
        "<p>In network: seen from all sides (azimuthal gap below 180°) and four stations within "
        "60 km. Recorded: earthquakes with three stations or more.</p>"
    )
    return markup.card("Goals", words + markup.table("Goals and what was measured", head, rows))


def _groups(cases: Sequence[Done]) -> str:
    rows = [
        [escape(cell) for cell in group_cells(name, here)] for name, here in by_group(cases).items()
    ]
    rows.append([f"<b>{escape(cell)}</b>" for cell in group_cells(ALL, cases)])
    caption = (
        "Medians; ±1 %: share of places whose final forecast is within one MMI unit of what they "
        "observed; MMI IV: users told in time/late/never/in vain"
    )
    return markup.card("Groups", markup.table(caption, GROUP_HEAD, rows))


def _pictures(cases: Sequence[Done]) -> str:
    head = ("forecast", "places, first", "mean", "observed", "places, final", "mean", "observed")
    table = markup.table("Reliability", head, diagrams.reliability_rows(cases))
    words = (
        "Of all places told a probability of MMI IV or more, the share that observed it, by tenths "
        f"of probability with {diagrams.LEAST} places or more. On the line, probabilities are "
        "true; below it, too many were told."
    )
    sizes = (
        "Error of the first and of the final magnitude of every earthquake that was told; the "
        "band is half a unit. The table of cases has the figures."
    )
    left = markup.figure(
        "Are the probabilities true?",
        data_uri(diagrams.reliability(cases)),
        words,
        markup.folded("The same as a table", table),
    )
    right = markup.figure("Magnitudes", data_uri(diagrams.magnitudes(cases)), sizes)
    return f'<div class="pair">{left}{right}</div>'


def _published() -> str:
    rows = [[escape(cell) for cell in row] for row in published.figures()]
    text = "<p>On their own earthquakes and networks, so for orientation only.</p>"
    return text + markup.table("Published figures", ("what", "figure", "system", "source"), rows)


def _reasons(title: str, reasons: Sequence[tuple[str, str]]) -> str:
    items = "".join(f"<li><b>{escape(name)}</b>: {escape(why)}</li>" for name, why in reasons)
    return markup.card(title, f"<ul>{items}</ul>") if items else ""


def _compute(cases: Sequence[Done]) -> str:
    total = sum(case.compute_s for case in cases)
    longest = sorted(cases, key=lambda case: -case.compute_s)[:5]
    names = ", ".join(f"{escape(case.name)} {case.compute_s:.0f} s" for case in longest)
    return (
        f"<p>{total:.0f} s of processor time to make, replay, judge and draw all cases; the "
        f"longest: {names}. Measured when each case was judged, and not part of scoreboard.json."
        "</p>"
    )
