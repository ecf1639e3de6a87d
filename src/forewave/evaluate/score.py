"""The scoreboard's rows, and their summary. Names and meanings: docs/reference/scoreboard.md."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from msgspec import Struct

from forewave.earth.distance import distance_km
from forewave.evaluate import users
from forewave.evaluate.match import Matching, match
from forewave.evaluate.run import Run, Told
from forewave.evaluate.truth import LEVELS, Quake, Truth
from forewave.evaluate.users import Outcome, Users

SOON_S = 20.0  # the magnitude is also asked for this long after the origin


class EventScore(Struct, frozen=True):
    """One recording's row. None where it does not apply; errors are estimate minus catalogue."""

    id: str
    kind: str
    magnitude: float | None
    stations: int
    matched: bool
    duplicates: int
    false_events: int
    versions: int
    p1_s: float | None
    p4_s: float | None
    first_alert_s: float | None
    first_epicentre_error_km: float | None
    final_epicentre_error_km: float | None
    first_depth_error_km: float | None
    final_depth_error_km: float | None
    first_magnitude_error: float | None
    final_magnitude_error: float | None
    magnitude_error_20s: float | None
    intensity_within_1_first: float | None
    intensity_within_1_final: float | None
    users: dict[str, Users]
    compute_s: float
    data_s: float


COUNTS = ("stations", "duplicates", "false_events", "versions")
SIGNED = tuple(
    name
    for name in EventScore.__struct_fields__
    if "depth_error" in name or "magnitude_error" in name
)
MEASURES = (
    *("p1_s", "p4_s", "first_alert_s", "first_epicentre_error_km", "final_epicentre_error_km"),
    *SIGNED,
    *("intensity_within_1_first", "intensity_within_1_final", "compute_s", "data_s"),
)


class Errors(Struct, frozen=True):
    """How far one version of an event is from the catalogue."""

    epicentre_km: float
    depth_km: float | None
    magnitude: float


def versions_of(name: str | None, told: Sequence[Told]) -> list[Told]:
    """All that was told of one event, without its cancel."""
    return [m for m in told if m.alert.event == name and m.alert.kind != "cancel"]


def errors(message: Told, quake: Quake) -> Errors:
    """Estimate minus catalogue of one alert."""
    origin = message.alert.origin
    return Errors(
        float(distance_km(origin.lat, origin.lon, quake.lat, quake.lon)),
        None if quake.depth_km is None else origin.depth_km - quake.depth_km,
        message.alert.magnitude.value - quake.magnitude,
    )


def score(
    set_id: str, kind: str, stations: int, truth: Truth, run: Run, floors: Sequence[float] = ()
) -> EventScore:
    """The row of one recording. floors: when the P packets were in hand, s after origin."""
    matching = match((m.alert for m in run.told), truth.quake, truth.others)
    versions = versions_of(matching.found, run.told)
    row: dict[str, Any] = {
        "id": set_id,
        "kind": kind,
        "magnitude": truth.quake.magnitude if truth.quake else None,
        "stations": stations,
        "p1_s": floors[0] if floors else None,
        "p4_s": floors[3] if len(floors) > 3 else None,
        "users": users.table(users.outcomes(truth, run.told)),
        "compute_s": run.compute_s,
        "data_s": run.data_s,
    }
    return EventScore(**row, **_counted(matching, versions), **_measured(truth, versions))


def _counted(matching: Matching, versions: Sequence[Told]) -> dict[str, Any]:
    return {
        "matched": matching.found is not None,
        "duplicates": len(matching.duplicates),
        "false_events": len(matching.false),
        "versions": len(versions),
    }


def _measured(truth: Truth, versions: Sequence[Told]) -> dict[str, Any]:
    """First, final and 20 s figures; without a match none but the intensity of silence."""
    quake = truth.quake
    if quake is None:
        return dict.fromkeys(MEASURES[2:-2])
    first, final = (versions[0], versions[-1]) if versions else (None, None)
    soon = [m for m in versions if m.issued <= quake.time + SOON_S]
    a, b, c = (errors(m, quake) if m else None for m in (first, final, soon[-1] if soon else None))
    return {
        "first_alert_s": first.issued - quake.time if first else None,
        "first_epicentre_error_km": a.epicentre_km if a else None,
        "final_epicentre_error_km": b.epicentre_km if b else None,
        "first_depth_error_km": a.depth_km if a else None,
        "final_depth_error_km": b.depth_km if b else None,
        "first_magnitude_error": a.magnitude if a else None,
        "final_magnitude_error": b.magnitude if b else None,
        "magnitude_error_20s": c.magnitude if c else None,
        "intensity_within_1_first": users.within_one(truth.motions, first),
        "intensity_within_1_final": users.within_one(truth.motions, final),
    }


def summary(
    rows: Sequence[EventScore], every: Iterable[Outcome]
) -> dict[str, int | dict[str, float | None] | dict[str, Users]]:
    """Sums of counts over all sets; median and 90th percentile of figures over earthquakes.

    Of signed errors the size counts. Lead times are pooled over all users.
    """
    quakes = [row for row in rows if row.magnitude is not None]
    everyone = list(every)
    return {
        "sets": len(rows),
        "earthquakes": len(quakes),
        "matched": sum(row.matched for row in rows),
        **{name: sum(getattr(row, name) for row in rows) for name in COUNTS},
        **{name: spread(_sizes(name, quakes)) for name in MEASURES},
        "users": {level: users.count(level, everyone) for level in LEVELS},
    }


def _sizes(name: str, rows: Iterable[EventScore]) -> list[float]:
    values = [getattr(row, name) for row in rows]
    return [abs(v) if name in SIGNED else v for v in values if v is not None]


def spread(values: Sequence[float]) -> dict[str, float | None]:
    """Median and 90th percentile; None where there are no values."""
    if not values:
        return {"median": None, "p90": None}
    return {"median": float(np.median(values)), "p90": float(np.percentile(values, 90))}
