"""Summary over all rows; fields are described in docs/reference/scoreboard.md."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from forewave.evaluate.scoring import station_intensity, ten_g, users
from forewave.evaluate.scoring.score import EventScore, ReferenceScore
from forewave.evaluate.scoring.truth import LEVELS
from forewave.evaluate.scoring.users import Outcome

COUNTS = ("stations", "duplicates", "false_events", "versions", "later", "cancelled")
SIGNED = tuple(
    name
    for name in EventScore.__struct_fields__
    if "depth_error" in name or "magnitude_error" in name
)
MEASURES = (
    *("p1_s", "p4_s", "first_alert_s", "notice_s"),
    *("first_epicentre_error_km", "final_epicentre_error_km"),
    *SIGNED,
    *("intensity_within_1_first", "intensity_within_1_final", "compute_s", "data_s"),
)
COVERED = tuple(name for name in EventScore.__struct_fields__ if name.endswith("_covered"))
GREAT = 7.0

Summary = dict[str, Any]


def summary(rows: Sequence[EventScore], every: Iterable[Outcome]) -> Summary:
    """Sums of counts over all recordings; median and 90th percentile over earthquakes.

    Signed errors enter with their absolute value. Lead times are pooled over all users.
    """
    quakes = [row for row in rows if row.magnitude is not None]
    everyone = list(every)
    return {
        "sets": sum(row.of is None for row in rows),
        "earthquakes": len(quakes),
        "matched": sum(row.matched for row in rows),
        **{name: sum(getattr(row, name) for row in rows) for name in COUNTS},
        **{name: spread(_sizes(name, quakes)) for name in MEASURES},
        **{f"{name}_share": _share(getattr(row, name) for row in quakes) for name in COVERED},
        "first_magnitude_error_mean": mean(_sizes("first_magnitude_error", quakes)),
        "magnitude_error_3s_mean": mean(_sizes("magnitude_error_3s", quakes)),
        "magnitude_bias_20s_m7": great_bias(quakes),
        **_places(station_intensity.pooled(row.places for row in rows)),
        "ten_g": _ten_g(ten_g.pooled(row.ten_g for row in rows)),
        "users": {level: users.count(level, everyone) for level in LEVELS},
        "peers": references(rows),
    }


def references(rows: Sequence[EventScore]) -> dict[str, Summary]:
    """The same for the reference algorithms."""
    names = dict.fromkeys(name for row in rows for name in row.references)
    return {name: _reference([r for r in rows if name in r.references], name) for name in names}


def _reference(rows: Sequence[EventScore], name: str) -> Summary:
    others: list[ReferenceScore] = [row.references[name] for row in rows]
    measures = [m for m in MEASURES if m in ReferenceScore.__struct_fields__]
    return {
        "matched": sum(t.matched for t in others),
        "duplicates": sum(t.duplicates for t in others),
        "false_events": sum(t.false_events for t in others),
        **{m: spread(_sizes(m, others)) for m in measures},
        **_places(station_intensity.pooled(t.places for t in others)),
        "ten_g": _ten_g(ten_g.pooled(t.ten_g for t in others)),
        "users": {
            level: {kind: sum(getattr(t.users[level], kind) for t in others) for kind in KINDS}
            for level in LEVELS
        },
        "worse_than_it": [row.id for row in rows if worse(row, name)],
    }


KINDS = ("hit", "late", "miss", "false")


def worse(row: EventScore, name: str) -> bool:
    """Whether the reference algorithm's final forecast is right at more places of this case."""
    return row.references[name].places.right_final > row.places.right_final


def great_bias(rows: Sequence[EventScore]) -> float | None:
    """Mean magnitude error 20 s after origin, M 7 or more."""
    great = [r.magnitude_error_20s for r in rows if r.magnitude and r.magnitude >= GREAT]
    return mean([error for error in great if error is not None])


def _places(counts: station_intensity.Places) -> Summary:
    return {
        "places": counts,
        "places_within_1_share": counts.right_final / counts.all if counts.all else None,
        "felt_within_1_share": counts.felt_right_final / counts.felt if counts.felt else None,
    }


def _ten_g(counts: ten_g.TenG) -> Summary:
    return {
        "hit": counts.hit,
        "missed": counts.missed,
        "false": counts.false,
        "precision": counts.precision,
        "recall": counts.recall,
    }


def _share(values: Iterable[bool | None]) -> float | None:
    return mean([float(value) for value in values if value is not None])


def _sizes(name: str, rows: Iterable[EventScore] | Iterable[ReferenceScore]) -> list[float]:
    values = [getattr(row, name) for row in rows]
    return [abs(v) if name in SIGNED else v for v in values if v is not None]


def mean(values: Sequence[float]) -> float | None:
    """None where there are no values."""
    return float(np.mean(values)) if values else None


def spread(values: Sequence[float]) -> dict[str, float | None]:
    """Median and 90th percentile; None where there are no values."""
    if not values:
        return {"median": None, "p90": None}
    return {"median": float(np.median(values)), "p90": float(np.percentile(values, 90))}
