"""Comparison of two runs of the suite: what improved and what got worse, by case.

The earlier run is read from its scoreboard.json. A quantity counts as changed if it differs by at
least its step.
"""

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from forewave.errors import FormatError
from forewave.evaluate.report import markup
from forewave.evaluate.report.page import HOME
from forewave.evaluate.report.table import NONE, number
from forewave.evaluate.scoring.score import EventScore

Row = dict[str, Any]


class Figure(Struct, frozen=True):
    """A quantity of which less is better. step: smaller differences do not count."""

    name: str
    words: str
    step: float
    weight: float = 1.0


FIGURES = (
    Figure("missed", "missed", 0.5, 10.0),
    Figure("false_events", "false events", 0.5, 10.0),
    Figure("duplicates", "duplicates", 0.5, 10.0),
    Figure("cancelled", "cancelled", 0.5, 10.0),
    Figure("first_alert_s", "first alert, s", 0.25),
    Figure("first_epicentre_error_km", "first epicentre, km", 2.0),
    Figure("final_epicentre_error_km", "final epicentre, km", 1.0),
    Figure("first_magnitude_error", "first |ΔM|", 0.1),
    Figure("final_magnitude_error", "final |ΔM|", 0.1),
    Figure("outside_1", "places beyond one MMI unit, %", 2.0),
    Figure("iv_not_in_time", "MMI IV late or missed", 0.5),
    Figure("iv_false", "MMI IV false", 0.5),
)


class Change(Struct, frozen=True):
    """One quantity of one case, before and after."""

    case: str
    figure: Figure
    before: float
    after: float

    @property
    def step(self) -> float:
        """Difference; negative is better."""
        return self.after - self.before


def compare(before: Sequence[Row], after: Sequence[Row]) -> list[Change]:
    """All changes of at least a step, in the order of the cases."""
    old = {row["id"]: figures(row) for row in before}
    found = []
    for row in after:
        if row["id"] in old:
            then, now = old[row["id"]], figures(row)
            for figure in FIGURES:
                a, b = then[figure.name], now[figure.name]
                if a is not None and b is not None and abs(b - a) >= figure.step - 1e-9:
                    found.append(Change(row["id"], figure, a, b))
    return found


def figures(row: Row) -> dict[str, float | None]:
    """The quantities of a row of scoreboard.json."""
    four = (row.get("users") or {}).get("IV")
    share = row.get("intensity_within_1_final")
    values: dict[str, float | None] = {
        "missed": None if row["magnitude"] is None else float(not row["matched"]),
        "outside_1": None if share is None else 100.0 * (1.0 - share),
        "iv_not_in_time": float(four["late"] + four["miss"]) if four else None,
        "iv_false": float(four["false"]) if four else None,
    }
    for figure in FIGURES:
        if figure.name not in values:
            value = row.get(figure.name)
            values[figure.name] = None if value is None else abs(float(value))
    return values


def read(path: Path) -> list[Row]:
    """The rows of a scoreboard.json. Raises FormatError naming the file."""
    try:
        content = msgspec.json.decode(path.read_bytes())
        return list(content["events"])
    except (OSError, msgspec.DecodeError, TypeError, KeyError) as reason:
        raise FormatError(f"{path}: not a scoreboard: {reason}") from reason


def page(rows: Sequence[EventScore], against: Path) -> str:
    """The HTML page of changes."""
    before, after = read(against), msgspec.to_builtins(rows, enc_hook=float)
    changes = compare(before, after)
    worse = [change for change in changes if change.step > 0]
    better = [change for change in changes if change.step < 0]
    names, old_names = [r["id"] for r in after], [r["id"] for r in before]
    body = "\n".join(
        [
            "<h1>Changes</h1>",
            f'<p class="lead">{len(worse)} values got worse and {len(better)} improved, in '
            f"{len({c.case for c in changes})} of {len(after)} rows; compared with "
            f"{escape(against.name)}.</p>",
            markup.card("All cases", _totals(before, after)),
            markup.card("Got worse", _table(worse)),
            markup.card("Improved", _table(better)),
            _only("Only in this run", [name for name in names if name not in old_names]),
            _only("Only in the earlier run", [name for name in old_names if name not in names]),
            markup.sorting(),
        ]
    )
    return markup.page("forewave suite: changes", body, HOME)


def _table(changes: Sequence[Change]) -> str:
    if not changes:
        return "<p>Nothing.</p>"
    rows = [
        [
            markup.link(f"{change.case.partition('#')[0]}.html", change.case),
            change.figure.words,
            number(change.before, 2),
            number(change.after, 2),
            number(change.step, 2, signed=True),
        ]
        for change in sorted(changes, key=_importance, reverse=True)
    ]
    head = ("case", "quantity", "before", "now", "change")
    return markup.table("Largest changes first; less is better", head, rows, sorts=True)


def _importance(change: Change) -> float:
    return change.figure.weight * abs(change.step) / change.figure.step


def _totals(before: Sequence[Row], after: Sequence[Row]) -> str:
    """Means over the cases that are in both runs."""
    both = {row["id"] for row in before} & {row["id"] for row in after}
    old = [figures(row) for row in before if row["id"] in both]
    new = [figures(row) for row in after if row["id"] in both]
    rows = []
    for figure in FIGURES:
        a, b = _mean(old, figure.name), _mean(new, figure.name)
        word = NONE if a is None or b is None else "same"
        if a is not None and b is not None and abs(a - b) >= 5e-3:
            word = "better" if b < a else "worse"
        rows.append([figure.words, number(a, 3), number(b, 3), word])
    return markup.table(
        f"Means over the {len(both)} rows that both runs have",
        ("quantity", "before", "now", ""),
        rows,
    )


def _mean(rows: Sequence[dict[str, float | None]], name: str) -> float | None:
    known = [value for row in rows if (value := row[name]) is not None]
    return sum(known) / len(known) if known else None


def _only(title: str, names: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(name)}</li>" for name in names)
    return markup.card(title, f"<ul>{items}</ul>") if items else ""
