"""Ours beside the goals and the published rules of others, as tables of the report."""

from collections.abc import Iterable, Sequence
from html import escape

from forewave.evaluate.report import markup
from forewave.evaluate.report.case import Case
from forewave.evaluate.report.table import NONE, counts, number, percent
from forewave.evaluate.scoring.published import GOAL, Published, beside, find
from forewave.evaluate.scoring.users import Users

SYSTEMS = ("EPIC rules", "EPIC lenient", "OpenEEW", "PLUM 60 km", "SeisComP")
HEAD = ("system", "first alert s", "epicentre first km", "final km", "ΔM first", "ΔM final",
        "MMI ±1 %", "MMI IV", "MMI V", "note")  # fmt: skip


def beside_others(case: Case) -> str:
    """One recording: a row a system."""
    row = case.score
    ours = [
        "<strong>forewave</strong>",
        number(row.first_alert_s, 2),
        number(row.first_epicentre_error_km),
        number(row.final_epicentre_error_km),
        number(row.first_magnitude_error, 2, signed=True),
        number(row.final_magnitude_error, 2, signed=True),
        percent(row.intensity_within_1_final),
        counts(row.users["IV"]),
        counts(row.users["V"]),
        "",
    ]
    rows = [ours, *(_published(other) for other in beside(row.id))]
    caption = "Beside others on the same input; users as hit/late/miss/false"
    return markup.table(caption, HEAD, rows)


def _published(other: Published) -> list[str]:
    signed = other.system != GOAL
    return [
        escape(other.system),
        number(other.first_alert_s),
        number(other.first_epicentre_km),
        number(other.final_epicentre_km),
        number(other.first_magnitude_error, signed=signed),
        number(other.final_magnitude_error, signed=signed),
        number(other.within_1_percent, 0),
        _users(other.iv_hit, other.iv_late, other.iv_miss, other.iv_false),
        _users(other.v_hit, other.v_late, other.v_miss, other.v_false),
        f'<span class="note">{escape(other.note)}</span>',
    ]


def _users(*kinds: int | None) -> str:
    known = [str(kind) for kind in kinds if kind is not None]
    return "/".join(known) if len(known) == len(kinds) else NONE


def pooled(cases: Sequence[Case]) -> str:
    """MMI IV over all recordings that the others were measured on, ours beside theirs."""
    shared = [case for case in cases if find(case.score.id, GOAL)]
    ours = [case.score.users["IV"] for case in shared]
    rows = [["<strong>forewave</strong>", str(len(shared)), *_sums(ours)]]
    for system in SYSTEMS[:-1]:
        known = [find(case.score.id, system) for case in shared]
        theirs = [_as_users(other) for other in known if other is not None]
        rows.append([escape(system), str(len(theirs)), *_sums(theirs)])
    head = ("system", "recordings", "told in time", "late", "never told", "told in vain")
    return markup.table("Places at MMI IV, over these recordings", head, rows)


def _as_users(other: Published) -> Users:
    hit, late, miss, false = (
        value or 0 for value in (other.iv_hit, other.iv_late, other.iv_miss, other.iv_false)
    )
    return Users(hit, late, miss, false, None, None)


def _sums(users: Iterable[Users]) -> list[str]:
    every = list(users)
    return [str(sum(getattr(u, kind) for u in every)) for kind in ("hit", "late", "miss", "false")]
