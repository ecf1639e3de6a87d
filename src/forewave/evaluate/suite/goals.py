"""Goals: each with its target, the measured value, and whether it is met.

Recorded earthquakes: with three stations or more. In network: azimuthal gap below 180 degrees
and four stations within 60 km.
"""

from collections.abc import Callable, Sequence
from statistics import median

from msgspec import Struct

from forewave.evaluate.reference_algorithms import NAMES
from forewave.evaluate.scoring import station_intensity, ten_g
from forewave.evaluate.scoring.published import GOAL, find
from forewave.evaluate.scoring.score import EventScore
from forewave.evaluate.scoring.summary import COVERED, great_bias, mean, worse
from forewave.evaluate.suite.task import FEW, NOISE, RECORDED

Rows = Sequence[EventScore]
NONE = "no case"
RIDGECREST = "us-ci38457511-ridgecrest"
EXCEPT_M = 4.1  # recorded earthquakes up to this magnitude need no alert
STRONG = 5.0


class Goal(Struct, frozen=True):
    """met None: no case to measure it on."""

    part: str
    name: str
    target: str
    measured: str
    met: bool | None


def goals(rows: Rows, failed: Sequence[tuple[str, str]]) -> list[Goal]:
    """All goals."""
    recorded = [row for row in rows if row.group == RECORDED]
    simulated = [row for row in rows if row.group not in (RECORDED, FEW, NOISE)]
    return [
        *_recorded(recorded),
        _quiet(rows),
        *_simulated(simulated),
        _references(rows),
        _evaluated(failed),
    ]


def _recorded(rows: Rows) -> list[Goal]:
    near = [row for row in rows if row.fourth_km is not None and row.fourth_km <= 100.0]
    far = [r.final_epicentre_error_km for r in rows]
    wrong = [_size(row.final_magnitude_error) for row in rows]
    alerts = [row for row in rows if _m(row) > EXCEPT_M]
    goal = _maker("recorded")
    return [
        goal("missed above M 4.1", "0", _missed(alerts), _at_most(0)),
        *_first_alerts(rows),
        goal("final epicentre, median where the fourth station is within 100 km", "at most 8 km",
             _median([row.final_epicentre_error_km for row in near]), _at_most(8.0), "km"),
        goal("final epicentre, worst", "at most 30 km", _worst(far), _at_most(30.0), "km"),
        goal("final |ΔM|, median", "at most 0.25", _median(wrong), _at_most(0.25)),
        goal("final |ΔM|, worst", "at most 0.5", _worst(wrong), _at_most(0.5)),
        *_ridgecrest(rows),
        *_intensities(rows),
        *_users(rows),
        goal("duplicates", "0", _sum(rows, "duplicates"), _at_most(0)),
        goal("false events", "0", _sum(rows, "false_events"), _at_most(0)),
    ]  # fmt: skip


def _first_alerts(rows: Rows) -> list[Goal]:
    known = [(row.first_alert_s, find(row.id, GOAL)) for row in rows]
    pairs = [
        (ours, theirs.first_alert_s)
        for ours, theirs in known
        if ours is not None and theirs is not None and theirs.first_alert_s is not None
    ]
    name = "first alert, median over the recordings with a goal"
    if not pairs:
        return [Goal("recorded", name, "at most that of the goals", NONE, None)]
    aim, ours = median([theirs for _, theirs in pairs]), median([ours for ours, _ in pairs])
    return [_maker("recorded")(name, f"at most {aim:.1f} s", ours, _at_most(aim), "s")]


def _ridgecrest(rows: Rows) -> list[Goal]:
    goal = _maker("recorded")
    here = [row for row in rows if row.id == RIDGECREST]
    at_12, at_20 = (
        _worst([_size(getattr(row, f"magnitude_error_{s}s")) for row in here]) for s in (12, 20)
    )
    return [
        goal("Ridgecrest |ΔM| at 12 s", "at most 0.4", at_12, _at_most(0.4)),
        goal("Ridgecrest |ΔM| at 20 s", "at most 0.2", at_20, _at_most(0.2)),
    ]


def _intensities(rows: Rows) -> list[Goal]:
    goal, counts = _maker("recorded"), station_intensity.pooled(row.places for row in rows)
    every = _percent(counts.right_final, counts.all)
    felt = _percent(counts.felt_right_final, counts.felt)
    return [
        goal("within one MMI unit, all places", "at least 95 %", every, _at_least(95.0), "%"),
        goal("within one MMI unit, felt places", "at least 90 %", felt, _at_least(90.0), "%"),
    ]


def _users(rows: Rows) -> list[Goal]:
    four = [row.users["IV"] for row in rows if row.users]
    goal = _maker("recorded")
    hit, late, false = (
        float(sum(getattr(u, kind) for u in four)) if four else None
        for kind in ("hit", "late", "false")
    )
    return [
        goal("places at MMI IV, hits", "at least 34", hit, _at_least(34)),
        goal("places at MMI IV, late", "at most 5", late, _at_most(5)),
        goal("places at MMI IV, false", "at most 20", false, _at_most(20)),
    ]


def _quiet(rows: Rows) -> Goal:
    noise = [row for row in rows if row.magnitude is None]
    false = _sum(noise, "false_events")
    return _maker("noise")("false events without an earthquake", "0", false, _at_most(0))


def _simulated(rows: Rows) -> list[Goal]:
    quakes = [row for row in rows if row.magnitude is not None]
    inside = [row for row in quakes if row.in_network]
    strong = [row for row in inside if _m(row) >= STRONG]
    goal = _maker("simulated")
    first = [_size(row.first_magnitude_error) for row in quakes]
    later = [_size(row.magnitude_error_3s) for row in quakes]
    counts = ten_g.pooled(row.ten_g for row in rows)
    bias = great_bias(quakes)
    return [
        goal("missed, M 5 or more in network", "0", _missed(strong), _at_most(0)),
        goal("false events beside an earthquake", "0", _sum(quakes, "false_events"), _at_most(0)),
        goal("duplicates", "0", _sum(quakes, "duplicates"), _at_most(0)),
        goal("cancelled events", "0", _sum(quakes, "cancelled"), _at_most(0)),
        goal("first epicentre in network, median", "at most 4 km",
             _median([row.first_epicentre_error_km for row in inside]), _at_most(4.0), "km"),
        goal("final epicentre in network, median", "at most 2 km",
             _median([row.final_epicentre_error_km for row in inside]), _at_most(2.0), "km"),
        *_coverage(quakes),
        goal("first |ΔM|, mean", "at most 0.30", mean(_known(first)), _at_most(0.30)),
        goal("|ΔM| 3 s later, mean", "at most 0.25", mean(_known(later)), _at_most(0.25)),
        goal("mean ΔM at 20 s, M 7 or more", "within 0.2", bias, _within(-0.2, 0.2)),
        goal("10 %g, precision", "better than 0.50", counts.precision, _above(0.50)),
        goal("10 %g, recall", "better than 0.60", counts.recall, _above(0.60)),
    ]  # fmt: skip


def _coverage(rows: Rows) -> list[Goal]:
    """Share of errors within the stated sigma."""
    goal, found = _maker("simulated"), []
    for name in COVERED:
        known = [getattr(row, name) for row in rows if getattr(row, name) is not None]
        share = _percent(sum(known), len(known))
        what = name.removesuffix("_covered").replace("_", " ")
        found.append(goal(f"{what} within its sigma", "60 to 76 %", share, _within(60, 76), "%"))
    return found


def _references(rows: Rows) -> Goal:
    """Whether a reference algorithm forecasts better on the same case."""
    cases = [row for row in rows if row.references]
    beaten = [row for row in cases if any(worse(row, name) for name in row.references)]
    name = "cases with a worse forecast than " + ", ".join(NAMES.values())
    return _maker("all")(name, "0", float(len(beaten)) if cases else None, _at_most(0))


def _evaluated(failed: Sequence[tuple[str, str]]) -> Goal:
    return _maker("all")("cases that could not be evaluated", "0", float(len(failed)), _at_most(0))


Test = Callable[[float], bool]


def _maker(part: str) -> Callable[..., Goal]:
    def make(name: str, target: str, value: float | None, test: Test, unit: str = "") -> Goal:
        if value is None:
            return Goal(part, name, target, NONE, None)
        figure = f"{value:.2f}" if value % 1 else f"{value:.0f}"
        return Goal(part, name, target, f"{figure} {unit}".strip(), test(value))

    return make


def _at_most(most: float) -> Test:
    return lambda value: value <= most


def _at_least(least: float) -> Test:
    return lambda value: value >= least


def _above(least: float) -> Test:
    return lambda value: value > least


def _within(least: float, most: float) -> Test:
    return lambda value: least <= value <= most


def _m(row: EventScore) -> float:
    return row.magnitude if row.magnitude is not None else float("-inf")


def _size(error: float | None) -> float | None:
    return None if error is None else abs(error)


def _known(values: Sequence[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _median(values: Sequence[float | None]) -> float | None:
    known = _known(values)
    return median(known) if known else None


def _worst(values: Sequence[float | None]) -> float | None:
    return max(_known(values), default=None)


def _missed(rows: Rows) -> float | None:
    return float(sum(not row.matched for row in rows)) if rows else None


def _sum(rows: Rows, name: str) -> float | None:
    return float(sum(getattr(row, name) for row in rows)) if rows else None


def _percent(part: float, whole: float) -> float | None:
    return 100.0 * part / whole if whole else None


def met_word(goal: Goal) -> str:
    """Met, missed or not measured."""
    return {True: "met", False: "missed", None: "not measured"}[goal.met]
