"""The table in the terminal: a line for each recording, and the reason of each miss."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from forewave.evaluate.report.case import Case
from forewave.evaluate.scoring.published import find, systems
from forewave.evaluate.scoring.score import EventScore
from forewave.evaluate.scoring.users import Users

NONE = "–"


def number(value: float | None, digits: int = 1, signed: bool = False) -> str:
    """A formatted number; a dash for None."""
    if value is None:
        return NONE
    return f"{value:{'+' if signed else ''}.{digits}f}"


def counts(users: Users) -> str:
    """hit/late/miss/false."""
    return f"{users.hit}/{users.late}/{users.miss}/{users.false}"


def result(case: Case) -> str:
    """Result of a recording: found or missed, and other issued events."""
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
    """Result for the recording's first earthquake."""
    if case.truth.quake is None:
        return "no earthquake"
    return "found" if case.score.matched else _missed(case)


def _missed(case: Case) -> str:
    return "not issued" if case.miss is not None and case.miss.best is not None else "missed"


def alarming(count: int, words: str = "") -> str:
    """A count that should be zero, in red if it is not; words: what is counted."""
    text = f"{count} {words}".strip()
    return f"[bold red]{text}[/]" if count else text


def extra_events(rows: Sequence[EventScore]) -> str:
    """Counts of false, duplicate, cancelled and unproven events, for the end of a summary."""
    false, twice, cancelled, later = (
        sum(getattr(row, name) for row in rows)
        for name in ("false_events", "duplicates", "cancelled", "later")
    )
    unproven = f"; {later} unproven in the coda of recorded M 6 or more" if later else ""
    return (
        f"{alarming(false, 'false events')}, {alarming(twice, 'duplicates')}, "
        f"{alarming(cancelled, 'cancelled')}{unproven}"
    )


def show(console: Console, cases: Sequence[Case], failed: Sequence[tuple[str, str]]) -> None:
    """Print the tables, the misses and the folders that could not be evaluated."""
    if cases:
        console.print(_ours(cases))
    if known := systems(case.score.id for case in cases):
        console.print(_systems(cases, known))
    for case in cases:
        if case.miss is not None:
            line = f"[bold]{_missed(case)}[/] {case.score.id}: {case.miss}"
            console.print(line, highlight=False)
    for name, reason in failed:
        console.print(f"[bold red]not evaluated[/] {name}: {reason}", highlight=False)
    if cases:
        console.print(_closing(cases), highlight=False)


def _ours(cases: Sequence[Case]) -> Table:
    """One line for each recording; unproven events if a catalogue may be incomplete."""
    recorded = any(not case.truth.complete for case in cases)
    table = Table(
        title="Scoreboard", caption="km and ΔM: first → final; IV, V: hit/late/miss/false"
    )
    table.add_column("recording", overflow="fold")
    table.add_column("M", justify="right")
    table.add_column("result", no_wrap=True)
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
    """Counts of false, duplicate, cancelled and unproven events, as in EXTRA."""
    row = case.score
    return [
        alarming(row.false_events),
        alarming(row.duplicates),
        alarming(row.cancelled),
        NONE if case.truth.complete else str(row.later),
    ]


def _further(row: EventScore, extra: int) -> list[str]:
    """Another earthquake of the same recording."""
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
    """Times and errors of one earthquake."""
    return [
        number(row.first_alert_s, 2),
        pair(row.first_epicentre_error_km, row.final_epicentre_error_km),
        worst_km,
        pair(row.first_magnitude_error, row.final_magnitude_error, signed=True),
        number(row.magnitude_error_20s, signed=True),
    ]


def percent(share: float | None) -> str:
    """A share in per cent, rounded."""
    return NONE if share is None else f"{100 * share:.0f}"


def pair(first: float | None, final: float | None, signed: bool = False) -> str:
    """First and final value."""
    if first is None:
        return NONE
    return f"{number(first, signed=signed)} → {number(final, signed=signed)}"


def _systems(cases: Sequence[Case], known: Sequence[str]) -> Table:
    """First alerts beside published systems, for the recordings that these were run on."""
    table = Table(title="First alert of forewave and published systems, seconds after origin")
    table.add_column("recording", no_wrap=True)
    for name in ("P arrived 1st", "4th", "forewave", *known):
        table.add_column(name, justify="right")
    for case in cases:
        if systems([case.score.id]):
            table.add_row(case.score.id, *_alerts(case.score, known))
    return table


def _alerts(row: EventScore, known: Sequence[str]) -> list[str]:
    ours = f"[bold]{number(row.first_alert_s, 2)}[/]"
    others = [find(row.id, system) for system in known]
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
