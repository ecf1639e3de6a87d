"""The terminal's table: every recording in a line, and why each miss."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from forewave.evaluate.case import Case
from forewave.evaluate.published import GOAL, find
from forewave.evaluate.score import EventScore
from forewave.evaluate.users import Users

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
    """One or a few words on what became of a recording."""
    parts = []
    if case.truth.quake is not None:
        parts.append("found" if case.score.matched else _missed(case))
    for count, word in (
        (case.score.duplicates, "duplicate"),
        (case.score.false_events, "false"),
        (len(case.matching.later), "later"),
    ):
        parts += [f"{count} {word}"] if count else []
    return ", ".join(parts) or "quiet"


def _missed(case: Case) -> str:
    return "not told" if case.miss is not None and case.miss.best is not None else "missed"


def show(console: Console, cases: Sequence[Case], failed: Sequence[tuple[str, str]]) -> None:
    """Print the tables, the misses and what could not be judged."""
    console.print(_ours(cases))
    if any(find(case.score.id, GOAL) for case in cases):
        console.print(_peers(cases))
    for case in cases:
        if case.miss is not None:
            line = f"[bold]{_missed(case)}[/] {case.score.id}: {case.miss}"
            console.print(line, highlight=False)
    for name, reason in failed:
        console.print(f"[bold red]not judged[/] {name}: {reason}", highlight=False)
    console.print(_closing(cases), highlight=False)


def _ours(cases: Sequence[Case]) -> Table:
    table = Table(
        title="Scoreboard", caption="km and ΔM: first → final; IV, V: hit/late/miss/false"
    )
    table.add_column("recording", no_wrap=True)
    table.add_column("M", justify="right")
    table.add_column("verdict")
    for name in ("alert s", "epicentre km", "worst", "ΔM", "ΔM 20 s", "±1 %", "IV", "V"):
        table.add_column(name, justify="right", no_wrap=True)
    for case in cases:
        table.add_row(case.score.id, number(case.score.magnitude), verdict(case), *_figures(case))
    return table


def _figures(case: Case) -> list[str]:
    row = case.score
    if case.truth.quake is None:
        return [""] * 6 + [counts(row.users["IV"]), counts(row.users["V"])]
    return [
        number(row.first_alert_s, 2),
        pair(row.first_epicentre_error_km, row.final_epicentre_error_km),
        number(case.worst_epicentre_km),
        pair(row.first_magnitude_error, row.final_magnitude_error, signed=True),
        number(row.magnitude_error_20s, signed=True),
        percent(row.intensity_within_1_final),
        counts(row.users["IV"]),
        counts(row.users["V"]),
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
    quakes = [case for case in cases if case.truth.quake is not None]
    found = sum(case.score.matched for case in quakes)
    false = sum(case.score.false_events for case in cases)
    twice = sum(case.score.duplicates for case in cases)
    later = sum(len(case.matching.later) for case in cases)
    return (
        f"{found} of {len(quakes)} earthquakes told; {false} false events, {twice} duplicates, "
        f"{later} later (in the coda of M 6 or more) in {len(cases)} recordings."
    )
