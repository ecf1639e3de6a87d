"""Tables of the suite's index page."""

from collections.abc import Sequence
from html import escape

from forewave.evaluate.reference_algorithms import NAMES
from forewave.evaluate.report import markup
from forewave.evaluate.report.table import NONE, counts, number, percent
from forewave.evaluate.scoring import station_intensity, ten_g
from forewave.evaluate.scoring.score import EventScore, ReferenceScore
from forewave.evaluate.scoring.summary import spread, worse
from forewave.evaluate.scoring.users import Users
from forewave.evaluate.suite.result_store import CaseResult
from forewave.evaluate.suite.table import wrongs

CASE_HEAD = ("case", "group", "M", "in network", "result", "first alert s", "single-station s",
             "first km", "final km", "first ΔM", "3 s later", "ΔM 20 s", "final ΔM", "±1 %",
             "MMI IV")  # fmt: skip


def cases_table(cases: Sequence[CaseResult]) -> str:
    """A row for each earthquake, and for each case without one."""
    rows = [_cells(case, row) for case in cases for row in case.rows]
    caption = (
        "Click a column's name to sort; ±1 %: places within one MMI unit, final version; MMI IV: "
        "hits/late/misses/false"
    )
    return markup.table(caption, CASE_HEAD, rows, sorts=True)


def _cells(case: CaseResult, row: EventScore) -> list[str]:
    name = markup.link(f"{case.name}.html", row.id)
    wrong = not row.matched if row.magnitude is not None else row.false_events > 0
    wrong = wrong or row.false_events > 0 or row.duplicates > 0 or row.cancelled > 0
    return [
        f'<span class="name">{name}</span><small>{escape(case.title)}</small>',
        escape(row.group),
        number(row.magnitude),
        {True: "yes", False: "no", None: ""}[row.in_network],
        f'<strong class="{"bad" if wrong else "good"}">{escape(_result(case, row))}</strong>',
        number(row.first_alert_s, 2),
        number(row.notice_s, 2),
        number(row.first_epicentre_error_km),
        number(row.final_epicentre_error_km),
        number(row.first_magnitude_error, 2, signed=True),
        number(row.magnitude_error_3s, 2, signed=True),
        number(row.magnitude_error_20s, 2, signed=True),
        number(row.final_magnitude_error, 2, signed=True),
        percent(row.intensity_within_1_final),
        counts(row.users["IV"]) if row.users else "",
    ]


def _result(case: CaseResult, row: EventScore) -> str:
    if row.of is None:
        return case.result
    return "found" if row.matched else "missed"


def wrong_table(cases: Sequence[CaseResult]) -> str:
    """All misses, false, duplicate and cancelled events."""
    rows = [
        [markup.link(f"{case.name}.html", case.name), escape(case.group), markup.note(line)]
        for case in cases
        for line in wrongs(case)
    ]
    if not rows:
        return "<p>None.</p>"
    return markup.table(
        "Misses, false, duplicate and cancelled events", ("case", "group", "event"), rows
    )


def reference_table(cases: Sequence[CaseResult]) -> str:
    """forewave and the reference algorithms over the same cases."""
    rows = [row for case in cases for row in case.rows if row.references]
    ours = _reference_cells("<strong>forewave</strong>", rows)
    theirs = [
        _reference_cells(
            escape(NAMES[name]), [row.references[name] for row in rows if name in row.references]
        )
        for name in NAMES
    ]
    head = ("system", "alerted", "false", "duplicates", "first alert s", "first km", "final km",
            "final |ΔM|", "±1 %", "felt ±1 %", "MMI IV", "10 %g precision", "recall")  # fmt: skip
    words = (
        "<p>Published rules, run on forewave's picks and amplitudes, which is to their advantage; "
        "first earthquake of each case. PLUM has no source and no magnitude.</p>"
    )
    return words + markup.table("Medians over the alerted cases", head, [ours, *theirs])


def _reference_cells(name: str, rows: Sequence[EventScore] | Sequence[ReferenceScore]) -> list[str]:
    right = station_intensity.pooled(row.places for row in rows)
    strong = ten_g.pooled(row.ten_g for row in rows)
    return [
        name,
        str(sum(row.matched for row in rows)),
        str(sum(row.false_events for row in rows)),
        str(sum(row.duplicates for row in rows)),
        _middle([row.first_alert_s for row in rows]),
        _middle([row.first_epicentre_error_km for row in rows]),
        _middle([row.final_epicentre_error_km for row in rows]),
        _middle([row.final_magnitude_error for row in rows], 2),
        percent(right.right_final / right.all if right.all else None),
        percent(right.felt_right_final / right.felt if right.felt else None),
        counts(_summed([row.users["IV"] for row in rows])),
        number(strong.precision, 2),
        number(strong.recall, 2),
    ]


def _middle(values: Sequence[float | None], digits: int = 1) -> str:
    return number(spread([abs(v) for v in values if v is not None])["median"], digits)


def _summed(every: Sequence[Users]) -> Users:
    hit, late, miss, false = (
        sum(getattr(u, kind) for u in every) for kind in ("hit", "late", "miss", "false")
    )
    return Users(hit, late, miss, false, None, None)


def worse_table(cases: Sequence[CaseResult]) -> str:
    """Cases in which a reference algorithm's final forecast is right at more places."""
    rows = [
        [markup.link(f"{case.name}.html", row.id), escape(row.group), _right(row), *_rights(row)]
        for case in cases
        for row in case.rows
        if any(worse(row, name) for name in row.references)
    ]
    if not rows:
        return "<p>In no case is a reference algorithm right at more places than forewave.</p>"
    head = ("case", "group", "forewave", *NAMES.values())
    return markup.table(
        "Places within one MMI unit, cases in which a reference algorithm has more", head, rows
    )


def _right(row: EventScore | ReferenceScore) -> str:
    return f"{row.places.right_final} of {row.places.all}"


def _rights(row: EventScore) -> list[str]:
    return [
        (
            f"<b>{_right(row.references[name])}, better</b>"
            if worse(row, name)
            else _right(row.references[name])
        )
        if name in row.references
        else NONE
        for name in NAMES
    ]
