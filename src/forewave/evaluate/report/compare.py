"""Tables of forewave's results beside the goals and published systems."""

from collections.abc import Iterable, Sequence
from html import escape

from forewave.evaluate.report import markup
from forewave.evaluate.report.case import Case
from forewave.evaluate.report.table import NONE, counts, number, percent
from forewave.evaluate.scoring.published import GOAL, Published, beside, find, systems
from forewave.evaluate.scoring.users import Users

HEAD = ("system", "first alert s", "epicentre first km", "final km", "ΔM first", "ΔM final",
        "MMI ±1 %", "MMI IV", "MMI V", "note")  # fmt: skip


def published_table(case: Case) -> str:
    """One recording, a row for each system."""
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
    caption = "Published systems on the same input; –: none; MMI IV and V: hits/late/misses/false"
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
        markup.note(other.note),
    ]


def _users(*kinds: int | None) -> str:
    known = [str(kind) for kind in kinds if kind is not None]
    return "/".join(known) if len(known) == len(kinds) else NONE


def pooled(cases: Sequence[Case]) -> str:
    """MMI IV over all recordings with published results."""
    shared = [case for case in cases if find(case.score.id, GOAL)]
    ours = [case.score.users["IV"] for case in shared]
    rows = [["<strong>forewave</strong>", str(len(shared)), *_sums(ours)]]
    for system in systems(case.score.id for case in shared):
        known = [find(case.score.id, system) for case in shared]
        theirs = [_as_users(other) for other in known if other is not None and _has_users(other)]
        if theirs:
            rows.append([escape(system), str(len(theirs)), *_sums(theirs)])
    head = ("system", "recordings", "hits", "late", "misses", "false")
    return markup.table("Warnings of MMI IV over the recordings with published results", head, rows)


def _has_users(other: Published) -> bool:
    return other.iv_hit is not None


def _as_users(other: Published) -> Users:
    hit, late, miss, false = (
        value or 0 for value in (other.iv_hit, other.iv_late, other.iv_miss, other.iv_false)
    )
    return Users(hit, late, miss, false, None, None)


def _sums(users: Iterable[Users]) -> list[str]:
    every = list(users)
    return [str(sum(getattr(u, kind) for u in every)) for kind in ("hit", "late", "miss", "false")]
