"""The suite's tables in the terminal: groups, misses and other errors by case, and goals."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from forewave.evaluate.report.table import NONE, alarming, counts, extra_events, number, percent
from forewave.evaluate.scoring import station_intensity, users
from forewave.evaluate.scoring.summary import spread
from forewave.evaluate.suite.goals import Goal, met_word
from forewave.evaluate.suite.result_store import CaseResult
from forewave.evaluate.suite.task import FEW, NOISE, RECORDED

GROUP_HEAD = ("group", "cases", "quakes", "found", "false", "duplicates", "cancelled",
              "unproven, in coda", "first alert s", "first km", "final km", "first |ΔM|",
              "final |ΔM|", "±1 %", "felt ±1 %", "MMI IV")  # fmt: skip
SHOULD_BE_ZERO = ("false", "duplicates", "cancelled")
ALL = "all"  # the row below the groups


def show(
    console: Console,
    cases: Sequence[CaseResult],
    goals: Sequence[Goal],
    failed: Sequence[tuple[str, str]],
    unread: Sequence[tuple[str, str]] = (),
) -> None:
    """Print them."""
    console.print(_groups(cases))
    for case in cases:
        for line in wrongs(case):
            console.print(f"[bold]{case.name}[/]: {line}", highlight=False)
    for name, reason in unread:
        console.print(f"[dim]cannot be replayed[/] {name}: {reason}", highlight=False)
    for name, reason in failed:
        console.print(f"[bold red]not evaluated[/] {name}: {reason}", highlight=False)
    console.print(_goals(goals))
    console.print(_closing(cases), highlight=False)


def _closing(cases: Sequence[CaseResult]) -> str:
    rows = [row for case in cases for row in case.rows]
    quakes = [row for row in rows if row.magnitude is not None]
    found = sum(row.matched for row in quakes)
    return (
        f"{found} of {len(quakes)} earthquakes found in {len(cases)} cases; {extra_events(rows)}."
    )


def wrongs(case: CaseResult) -> list[str]:
    """Misses, false, duplicate and cancelled events of a case, a line each."""
    lines = [f"missed: {case.miss}"] if case.miss is not None else []
    lines += [f"missed {row.id}" for row in case.rows[1:] if not row.matched]
    lines += [f"false event {name}" for name in case.false]
    twice = sum(row.duplicates for row in case.rows)
    lines += [f"{twice} duplicates"] if twice else []
    return lines + [f"cancelled event {name}" for name in case.cancelled]


def group_cells(name: str, cases: Sequence[CaseResult]) -> list[str]:
    """The row of a group of cases; names of its cells in GROUP_HEAD."""
    rows = [row for case in cases for row in case.rows]
    quakes = [row for row in rows if row.magnitude is not None]
    right = station_intensity.pooled(row.places for row in rows)
    four = users.count("IV", [o for case in cases for o in case.outcomes])
    return [
        name,
        str(len(cases)),
        str(len(quakes)),
        str(sum(row.matched for row in quakes)),
        str(sum(row.false_events for row in rows)),
        str(sum(row.duplicates for row in rows)),
        str(sum(row.cancelled for row in rows)),
        str(sum(row.later for row in rows)) if _is_recorded(name) else NONE,
        *(
            number(_median([getattr(row, measure) for row in quakes]), digits)
            for measure, digits in (
                ("first_alert_s", 1),
                ("first_epicentre_error_km", 1),
                ("final_epicentre_error_km", 1),
                ("first_magnitude_error", 2),
                ("final_magnitude_error", 2),
            )
        ),
        percent(right.right_final / right.all if right.all else None),
        percent(right.felt_right_final / right.felt if right.felt else None),
        counts(four),
    ]


def _is_recorded(group: str) -> bool:
    """Whether the catalogues of a group may be incomplete."""
    return group in (RECORDED, FEW, NOISE, ALL)


def by_group(cases: Sequence[CaseResult]) -> dict[str, list[CaseResult]]:
    """The cases of each group, in the order of the groups' first cases."""
    groups: dict[str, list[CaseResult]] = {}
    for case in cases:
        groups.setdefault(case.group, []).append(case)
    return groups


def _median(values: Sequence[float | None]) -> float | None:
    return spread([abs(value) for value in values if value is not None])["median"]


def _groups(cases: Sequence[CaseResult]) -> Table:
    table = Table(title="Groups of cases", caption="medians; MMI IV: hit/late/miss/false")
    for index, name in enumerate(GROUP_HEAD):
        table.add_column(
            name, justify="right" if index else "left", no_wrap=name in ("group", "MMI IV")
        )
    for name, here in by_group(cases).items():
        table.add_row(*_coloured(group_cells(name, here)))
    table.add_row(*_coloured(group_cells(ALL, cases)), style="bold")
    return table


def _coloured(cells: Sequence[str]) -> list[str]:
    """The cells, with counts that should be zero in red otherwise."""
    return [
        alarming(int(cell)) if name in SHOULD_BE_ZERO else cell
        for name, cell in zip(GROUP_HEAD, cells, strict=True)
    ]


def _goals(goals: Sequence[Goal]) -> Table:
    table = Table(title="Goals")
    for name in ("of", "goal", "target", "measured", ""):
        table.add_column(name)
    for goal in goals:
        word = met_word(goal)
        style = {"met": "green", "missed": "bold red"}.get(word, "dim")
        table.add_row(goal.part, goal.name, goal.target, goal.measured, f"[{style}]{word}[/]")
    return table
