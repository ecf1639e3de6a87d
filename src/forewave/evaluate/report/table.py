"""The terminal's table: every recording in a line, and why each miss."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from forewave.evaluate.report.case import Case
from forewave.evaluate.scoring.published import GOAL, find
from forewave.evaluate.scoring.score import EventScore
from forewave.evaluate.scoring.users import Users

PEERS = {
    "EPIC": "EPIC rules",
    "lenient": "EPIC lenient",
    "OpenEEW": "OpenEEW",
    "PLUM": "PLUM 60 km",
}
NONE = "–"


def number(value: float | None, digits: int = 1, signed: bool = False) -> str:
    """A figure for people; a dash where there is none."""
    if value is None:
        return NONE
    return f"{value:{'+' if signed else ''}.{digits}f}"


def counts(users: Users) -> str:
    """hit/late/miss/false."""
    return f"{users.hit}/{users.late}/{users.miss}/{users.false}"


def verdict(case: Case) -> str:
    """What became of a recording, and what was issued beside its earthquakes."""
    parts = [] if case.truth.quake is None else [_outcome(case)]
    for count, word in (
        (case.score.duplicates, "duplicate"),
        (case.score.false_events, "false"),
        (case.score.cancelled, "cancelled"),
        (case.score.later, "unproven in the coda"),
    ):
        parts += [f"{count} {word}"] if count else []
    return ", ".join(parts) or "quiet"


def _outcome(case: Case) -> str:
    """What became of the recording's first earthquake."""
    if case.truth.quake is None:
        return "no earthquake"
    return "found" if case.score.matched else _missed(case)


def _missed(case: Case) -> str:
    return "not issued" if case.miss is not None and case.miss.best is not None else "missed"


def alarming(count: int, words: str = "") -> str:
    """A count of what should not be, in red unless it is zero; words: of what."""
    text = f"{count} {words}".strip()
    return f"[bold red]{text}[/]" if count else text


def extra_events(rows: Sequence[EventScore]) -> str:
    """The counts of events that are no earthquake of their own, for the end of a summary."""
    false, twice, cancelled, later = (
        sum(getattr(row, name) for row in rows)
        for name in ("false_events", "duplicates", "cancelled", "later")
    )
    unproven = f"; {later} unproven in the coda of recorded M 6 or more" if later else ""
    return (
        f"{alarming(false, 'false events')}, {alarming(twice, 'duplicates')}, "
        f"{alarming(cancelled, 'cancelled after they were issued')}{unproven}"
    )


def show(console: Console, cases: Sequence[Case], failed: Sequence[tuple[str, str]]) -> None:
    """Print the tables, the misses and what could not be judged."""
    if cases:
        console.print(_ours(cases))
    if any(find(case.score.id, GOAL) for case in cases):
        console.print(_peers(cases))
    for case in cases:
        if case.miss is not None:
            line = f"[bold]{_missed(case)}[/] {case.score.id}: {case.miss}"
            console.print(line, highlight=False)
    for name, reason in failed:
        console.print(f"[bold red]not judged[/] {name}: {reason}", highlight=False)
    if cases:
        console.print(_closing(cases), highlight=False)


def _ours(cases: Sequence[Case]) -> Table:
    """One line a recording. What the catalogue cannot tell has a column where that can be."""
    recorded = any(not case.truth.complete for case in cases)
    table = Table(
        title="Scoreboard", caption="km and ΔM: first → final; IV, V: hit/late/miss/false"
    )
    table.add_column("recording", overflow="fold")
    table.add_column("M", justify="right")
    table.add_column("verdict", no_wrap=True)
    for name in EXTRA[: None if recorded else -1]:
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("alert s", "epicentre km", "worst", "ΔM", "ΔM 20 s", "±1 %", "IV", "V"):
        table.add_column(name, justify="right", no_wrap=True)
    for case in cases:
        extra = _extra(case)[: None if recorded else -1]
        found = _outcome(case)
        table.add_row(case.score.id, number(case.score.magnitude), found, *extra, *_figures(case))
        for row in case.further:
            table.add_row(row.id, number(row.magnitude), *_further(row, len(extra)))
    return table


EXTRA = ("false", "duplicate", "cancelled", "unproven,\nin coda")


def _extra(case: Case) -> list[str]:
    """Cells of what was issued beside the earthquakes; names in EXTRA."""
    row = case.score
    return [
        alarming(row.false_events),
        alarming(row.duplicates),
        alarming(row.cancelled),
        NONE if case.truth.complete else str(row.later),
    ]


def _further(row: EventScore, extra: int) -> list[str]:
    """Another earthquake of the recording above."""
    return [
        "found" if row.matched else "missed",
        *("", alarming(row.duplicates), "", "")[:extra],
        *_measured(row, NONE),
    ]


def _figures(case: Case) -> list[str]:
    row = case.score
    if case.truth.quake is None:
        return [""] * 6 + [counts(row.users["IV"]), counts(row.users["V"])]
    return [
        *_measured(row, number(case.worst_epicentre_km)),
        percent(row.intensity_within_1_final),
        counts(row.users["IV"]),
        counts(row.users["V"]),
    ]


def _measured(row: EventScore, worst_km: str) -> list[str]:
    """The figures of one earthquake."""
    return [
        number(row.first_alert_s, 2),
        pair(row.first_epicentre_error_km, row.final_epicentre_error_km),
        worst_km,
        pair(row.first_magnitude_error, row.final_magnitude_error, signed=True),
        number(row.magnitude_error_20s, signed=True),
    ]


def percent(share: float | None) -> str:
    """A share as whole per cent."""
    return NONE if share is None else f"{100 * share:.0f}"


def pair(first: float | None, final: float | None, signed: bool = False) -> str:
    """First and final figure."""
    if first is None:
        return NONE
    return f"{number(first, signed=signed)} → {number(final, signed=signed)}"


def _peers(cases: Sequence[Case]) -> Table:
    table = Table(title="First alert, seconds after origin, beside others on the same input")
    table.add_column("recording", no_wrap=True)
    for name in ("P in hand 1st", "4th", "forewave", "goal", *PEERS, "SeisComP"):
        table.add_column(name, justify="right")
    for case in cases:
        if find(case.score.id, GOAL):
            table.add_row(case.score.id, *_alerts(case.score))
    return table


def _alerts(row: EventScore) -> list[str]:
    ours = f"[bold]{number(row.first_alert_s, 2)}[/]"
    others = [find(row.id, system) for system in (GOAL, *PEERS.values(), "SeisComP")]
    theirs = [number(other.first_alert_s) if other else "" for other in others]
    return [number(row.p1_s), number(row.p4_s), ours, *theirs]


def _closing(cases: Sequence[Case]) -> str:
    rows = [row for case in cases for row in case.rows]
    quakes = [row for row in rows if row.magnitude is not None]
    found = sum(row.matched for row in quakes)
    return (
        f"{found} of {len(quakes)} earthquakes found in {len(cases)} recordings; "
        f"{extra_events(rows)}."
    )
