"""The tables of the suite's first page."""

from collections.abc import Sequence
from html import escape

from forewave.evaluate.reference_algorithms import NAMES
from forewave.evaluate.report import markup
from forewave.evaluate.report.table import NONE, counts, number, percent
from forewave.evaluate.scoring import station_intensity, ten_g
from forewave.evaluate.scoring.score import EventScore, PeerScore
from forewave.evaluate.scoring.summary import spread, worse
from forewave.evaluate.scoring.users import Users
from forewave.evaluate.suite.result_store import Done
from forewave.evaluate.suite.table import wrongs

CASE_HEAD = ("case", "group", "M", "in network", "verdict", "first alert s", "single-station s",
             "first km", "final km", "first ΔM", "3 s later", "ΔM 20 s", "final ΔM", "±1 %",
             "MMI IV")  # fmt: skip


def cases_table(cases: Sequence[Done]) -> str:
    """Every earthquake a row, and every case without."""
    rows = [_cells(case, row) for case in cases for row in case.rows]
    caption = (
        "Click a column's name to sort; ±1 %: places within one MMI unit, final version; MMI IV: "
        "users told in time/late/never/in vain"
    )
    return markup.table(caption, CASE_HEAD, rows, sorts=True)


def _cells(case: Done, row: EventScore) -> list[str]:
    name = markup.link(f"{case.name}.html", row.id)
    wrong = not row.matched if row.magnitude is not None else row.false_events > 0
    wrong = wrong or row.false_events > 0 or row.duplicates > 0 or row.cancelled > 0
    return [
        f'<span class="name">{name}</span><small>{escape(case.title)}</small>',
        escape(row.group),
        number(row.magnitude),
        {True: "yes", False: "no", None: ""}[row.in_network],
        f'<strong class="{"bad" if wrong else "good"}">{escape(_verdict(case, row))}</strong>',
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


def _verdict(case: Done, row: EventScore) -> str:
    if row.of is None:
        return case.verdict
    return "found" if row.matched else "missed"


def wrong_table(cases: Sequence[Done]) -> str:
    """Everything that went wrong, in words."""
    rows = [
        [markup.link(f"{case.name}.html", case.name), escape(case.group), _note(line)]
        for case in cases
        for line in wrongs(case)
    ]
    if not rows:
        return "<p>None.</p>"
    return markup.table("What went wrong", ("case", "group", "what"), rows)


def _note(text: str) -> str:
    return f'<span class="note">{escape(text)}</span>'


def peers_table(cases: Sequence[Done]) -> str:
    """Ours and other systems' rules over the same cases."""
    rows = [row for case in cases for row in case.rows if row.peers]
    ours = _peer_cells("<strong>forewave</strong>", rows)
    theirs = [
        _peer_cells(escape(NAMES[name]), [row.peers[name] for row in rows if name in row.peers])
        for name in NAMES
    ]
    head = ("system", "told", "false", "duplicates", "first alert s", "first km", "final km",
            "final |ΔM|", "±1 %", "felt ±1 %", "MMI IV", "10 %g precision", "recall")  # fmt: skip
    words = (
        "<p>Their published rules, run by this project on our own picks and amplitudes, which is "
        "kind to them; first earthquake of each case. PLUM has no source and no magnitude.</p>"
    )
    return words + markup.table("Others, medians over the cases they told", head, [ours, *theirs])


def _peer_cells(name: str, rows: Sequence[EventScore] | Sequence[PeerScore]) -> list[str]:
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


def worse_table(cases: Sequence[Done]) -> str:
    """The cases in which another's final forecast was right at more places than ours."""
    rows = [
        [markup.link(f"{case.name}.html", row.id), escape(row.group), _right(row), *_rights(row)]
        for case in cases
        for row in case.rows
        if any(worse(row, peer) for peer in row.peers)
    ]
    if not rows:
        return "<p>In no case is another's forecast right at more places than ours.</p>"
    head = ("case", "group", "forewave", *NAMES.values())
    return markup.table("Cases where another forecasts more places within one unit", head, rows)


def _right(row: EventScore | PeerScore) -> str:
    return f"{row.places.right_final} of {row.places.all}"


def _rights(row: EventScore) -> list[str]:
    return [
        (
            f"<b>{_right(row.peers[name])}, better</b>"
            if worse(row, name)
            else _right(row.peers[name])
        )
        if name in row.peers
        else NONE
        for name in NAMES
    ]
