"""Rows of the scoreboard; fields are described in docs/reference/scoreboard.md."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from msgspec import Struct, field

from forewave.earth.distance import distance_km
from forewave.evaluate.scoring import users
from forewave.evaluate.scoring.catalogue import Quake
from forewave.evaluate.scoring.match import Matching, is_after, is_single_station, match
from forewave.evaluate.scoring.playback import IssuedAlert, Run
from forewave.evaluate.scoring.station_intensity import Places, places_right, within_one
from forewave.evaluate.scoring.ten_g import TenG, ten_g
from forewave.evaluate.scoring.truth import Truth
from forewave.evaluate.scoring.users import Users

SOONER_S, SOON_S = 12.0, 20.0  # the magnitude error is also given at these times after the origin
SETTLED_S = 3.0  # and at this time after the first alert


class ReferenceScore(Struct, frozen=True):
    """Results of a reference algorithm on the same input; fields as in EventScore."""

    matched: bool
    duplicates: int
    false_events: int
    first_alert_s: float | None
    first_epicentre_error_km: float | None
    final_epicentre_error_km: float | None
    first_magnitude_error: float | None
    final_magnitude_error: float | None
    intensity_within_1_first: float | None
    intensity_within_1_final: float | None
    places: Places
    ten_g: TenG
    users: dict[str, Users]


class EventScore(Struct, frozen=True):
    """One recording's row. None where it does not apply; errors are estimate minus catalogue.

    A recording with several earthquakes has a row for each. Quantities of the whole recording stand
    in the first row; `of` in the others is its id. references: key `peers` in JSON.
    """

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
    compute_s: float | None
    data_s: float
    of: str | None = None
    group: str = ""
    in_network: bool | None = None
    later: int = 0
    cancelled: int = 0
    notice_s: float | None = None
    magnitude_error_3s: float | None = None
    magnitude_error_12s: float | None = None
    fourth_km: float | None = None
    first_epicentre_covered: bool | None = None
    final_epicentre_covered: bool | None = None
    first_magnitude_covered: bool | None = None
    final_magnitude_covered: bool | None = None
    places: Places = Places()
    ten_g: TenG = TenG()
    references: dict[str, ReferenceScore] = field(default_factory=dict, name="peers")


class Errors(Struct, frozen=True):
    """Errors of one version against the catalogue."""

    epicentre_km: float
    depth_km: float | None
    magnitude: float


def versions_of(name: str | None, alerts: Sequence[IssuedAlert]) -> list[IssuedAlert]:
    """Alerts of one event without cancellations and single-station alerts."""
    return [m for m in _of(name, alerts) if not is_single_station(m.alert)]


def single_station_alerts_of(name: str | None, alerts: Sequence[IssuedAlert]) -> list[IssuedAlert]:
    """The single-station alerts of one event."""
    return [m for m in _of(name, alerts) if is_single_station(m.alert)]


def _of(name: str | None, alerts: Sequence[IssuedAlert]) -> list[IssuedAlert]:
    return [m for m in alerts if m.alert.event == name and m.alert.kind != "cancel"]


def _after(quake: Quake | None, alerts: Sequence[IssuedAlert]) -> list[IssuedAlert]:
    """Those issued after the origin time."""
    return [m for m in alerts if quake is not None and is_after(m.alert, quake)]


def errors(message: IssuedAlert, quake: Quake) -> Errors:
    """Estimate minus catalogue of one alert."""
    origin = message.alert.origin
    return Errors(
        float(distance_km(origin.lat, origin.lon, quake.lat, quake.lon)),
        None if quake.depth_km is None else origin.depth_km - quake.depth_km,
        message.alert.magnitude.value - quake.magnitude,
    )


def matching_of(truth: Truth, alerts: Sequence[IssuedAlert]) -> Matching:
    """The issued events by category."""
    return match((m.alert for m in alerts), truth.quake, truth.others, truth.complete)


def score(
    set_id: str, kind: str, stations: int, truth: Truth, run: Run, floors: Sequence[float] = ()
) -> EventScore:
    """The row of one recording. floors: arrivals of packets with P, s after origin."""
    matching = matching_of(truth, run.alerts)
    row: dict[str, Any] = {
        "id": set_id,
        "kind": kind,
        "magnitude": truth.quake.magnitude if truth.quake else None,
        "stations": stations,
        "false_events": len(matching.false),
        "later": len(matching.later),
        "cancelled": len(matching.cancelled),
        "p1_s": floors[0] if floors else None,
        "p4_s": floors[3] if len(floors) > 3 else None,
        "users": users.table(users.outcomes(truth, run.alerts)),
        "ten_g": ten_g(truth, run.alerts),
        "compute_s": run.compute_s,
        "data_s": run.data_s,
    }
    figures = _measured(truth.quake, matching.found, run.alerts)
    return EventScore(**row, **figures, **_felt(truth, matching, run.alerts), **_own(matching, 0))


def further(main: EventScore, truth: Truth, run: Run) -> list[EventScore]:
    """Rows of the other earthquakes of the recording."""
    matching = matching_of(truth, run.alerts)
    rows = []
    for index, quake in enumerate(truth.quakes[1:], start=1):
        row: dict[str, Any] = {
            "id": f"{main.id}#{index + 1}",
            "of": main.id,
            "kind": "earthquake",
            "magnitude": quake.magnitude,
            "stations": main.stations,
            "group": main.group,
            "users": {},
            "compute_s": 0.0,
            "data_s": 0.0,
        }
        figures = _measured(quake, matching.names[index], run.alerts)
        rows.append(EventScore(**_blank(row), **figures, **_own(matching, index)))
    return rows


def _blank(row: dict[str, Any]) -> dict[str, Any]:
    """Defaults for quantities of the whole recording, which stand in its first row only."""
    none = dict.fromkeys(
        ("p1_s", "p4_s", "intensity_within_1_first", "intensity_within_1_final"), None
    )
    return {"false_events": 0, **none, **row}


def _own(matching: Matching, index: int) -> dict[str, Any]:
    return {"duplicates": matching.duplicate_of.count(index)}


def _measured(
    quake: Quake | None, name: str | None, alerts: Sequence[IssuedAlert]
) -> dict[str, Any]:
    """First, final and timed errors of one earthquake; None without a match."""
    versions = _after(quake, versions_of(name, alerts))
    single = _after(quake, single_station_alerts_of(name, alerts))
    figures: dict[str, Any] = dict.fromkeys(_FIGURES)
    figures |= {"matched": bool(versions), "versions": len(versions)}
    if quake is None:
        return figures
    if single and not (versions and versions[0].issued < single[0].issued):
        figures["notice_s"] = single[0].issued - quake.time
    if versions:
        figures["first_alert_s"] = versions[0].issued - quake.time
        figures |= _wrong("first", versions[0], quake) | _wrong("final", versions[-1], quake)
        figures["magnitude_error_12s"] = _by(versions, quake.time + SOONER_S, quake)
        figures["magnitude_error_20s"] = _by(versions, quake.time + SOON_S, quake)
        figures["magnitude_error_3s"] = _by(versions, versions[0].issued + SETTLED_S, quake)
    return figures


# None for an earthquake without a match.
_FIGURES = (
    *("first_alert_s", "notice_s"),
    *(f"magnitude_error_{seconds}s" for seconds in (3, 12, 20)),
    *(
        f"{which}_{what}"
        for which in ("first", "final")
        for what in ("epicentre_error_km", "depth_error_km", "magnitude_error")
    ),
)


def _wrong(which: str, message: IssuedAlert, quake: Quake) -> dict[str, Any]:
    """Errors of one version, and whether its stated sigmas cover them."""
    wrong, alert = errors(message, quake), message.alert
    return {
        f"{which}_epicentre_error_km": wrong.epicentre_km,
        f"{which}_depth_error_km": wrong.depth_km,
        f"{which}_magnitude_error": wrong.magnitude if math.isfinite(wrong.magnitude) else None,
        f"{which}_epicentre_covered": wrong.epicentre_km <= alert.origin.epicentre_sigma_km,
        f"{which}_magnitude_covered": abs(wrong.magnitude) <= alert.magnitude.sigma,
    }


def _by(versions: Sequence[IssuedAlert], time: float, quake: Quake) -> float | None:
    """Magnitude error of the last version issued up to a time."""
    known = [m for m in versions if m.issued <= time]
    value = errors(known[-1], quake).magnitude if known else math.nan
    return value if math.isfinite(value) else None


def _felt(truth: Truth, matching: Matching, alerts: Sequence[IssuedAlert]) -> dict[str, Any]:
    """Forecast and observed intensity, for the first and final versions of the events found."""
    if truth.quake is None:
        return dict.fromkeys(("intensity_within_1_first", "intensity_within_1_final"))
    every = [versions_of(name, alerts) for name in matching.names if name is not None]
    first = [versions[0] for versions in every if versions]
    final = [versions[-1] for versions in every if versions]
    return {
        "intensity_within_1_first": within_one(truth.motions, first),
        "intensity_within_1_final": within_one(truth.motions, final),
        "places": places_right(truth.motions, first, final),
    }


def reference_score(truth: Truth, alerts: Sequence[IssuedAlert]) -> ReferenceScore:
    """Score a reference algorithm by the same rules."""
    row = score("", "", 0, truth, Run([], [], list(alerts), Counter()))
    return ReferenceScore(**{name: getattr(row, name) for name in ReferenceScore.__struct_fields__})
