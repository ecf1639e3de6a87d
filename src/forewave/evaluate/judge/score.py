"""The scoreboard's rows. Names and meanings: docs/reference/scoreboard.md."""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

from msgspec import Struct, field

from forewave.earth.distance import distance_km
from forewave.evaluate.judge import users
from forewave.evaluate.judge.catalogue import Quake
from forewave.evaluate.judge.match import Matching, is_after, is_single_station, match
from forewave.evaluate.judge.playback import Run, Told
from forewave.evaluate.judge.station_intensity import Places, places_right, within_one
from forewave.evaluate.judge.ten_g import TenG, ten_g
from forewave.evaluate.judge.truth import Truth
from forewave.evaluate.judge.users import Users

SOONER_S, SOON_S = 12.0, 20.0  # the magnitude is also asked for so long after the origin
SETTLED_S = 3.0  # and this long after the first alert


class PeerScore(Struct, frozen=True):
    """Another system's figures on the same input; names as in EventScore."""

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

    A recording with several earthquakes has a row for each: the first has all that is of the
    recording as a whole, the others (`of`: its id) what is of their own.
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
    peers: dict[str, PeerScore] = field(default_factory=dict)


class Errors(Struct, frozen=True):
    """How far one version of an event is from the catalogue."""

    epicentre_km: float
    depth_km: float | None
    magnitude: float


def versions_of(name: str | None, told: Sequence[Told]) -> list[Told]:
    """All that was told of one event, without its cancel and without single-station alerts."""
    return [m for m in _of(name, told) if not is_single_station(m.alert)]


def single_station_alerts_of(name: str | None, told: Sequence[Told]) -> list[Told]:
    """The single-station alerts of one event."""
    return [m for m in _of(name, told) if is_single_station(m.alert)]


def _of(name: str | None, told: Sequence[Told]) -> list[Told]:
    return [m for m in told if m.alert.event == name and m.alert.kind != "cancel"]


def _after(quake: Quake | None, told: Sequence[Told]) -> list[Told]:
    """Those that can be of the earthquake."""
    return [m for m in told if quake is not None and is_after(m.alert, quake)]


def errors(message: Told, quake: Quake) -> Errors:
    """Estimate minus catalogue of one alert."""
    origin = message.alert.origin
    return Errors(
        float(distance_km(origin.lat, origin.lon, quake.lat, quake.lon)),
        None if quake.depth_km is None else origin.depth_km - quake.depth_km,
        message.alert.magnitude.value - quake.magnitude,
    )


def matching_of(truth: Truth, told: Sequence[Told]) -> Matching:
    """What was told, sorted by what it is."""
    return match((m.alert for m in told), truth.quake, truth.others, truth.complete)


def score(
    set_id: str, kind: str, stations: int, truth: Truth, run: Run, floors: Sequence[float] = ()
) -> EventScore:
    """The row of one recording. floors: when the P packets were in hand, s after origin."""
    matching = matching_of(truth, run.told)
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
        "users": users.table(users.outcomes(truth, run.told)),
        "ten_g": ten_g(truth, run.told),
        "compute_s": run.compute_s,
        "data_s": run.data_s,
    }
    figures = _measured(truth.quake, matching.found, run.told)
    return EventScore(**row, **figures, **_felt(truth, matching, run.told), **_own(matching, 0))


def further(main: EventScore, truth: Truth, run: Run) -> list[EventScore]:
    """Rows of the recording's other earthquakes, with what is of their own."""
    matching = matching_of(truth, run.told)
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
        figures = _measured(quake, matching.names[index], run.told)
        rows.append(EventScore(**_blank(row), **figures, **_own(matching, index)))
    return rows


def _blank(row: dict[str, Any]) -> dict[str, Any]:
    """What is of a recording as a whole stands in its first row only."""
    none = dict.fromkeys(
        ("p1_s", "p4_s", "intensity_within_1_first", "intensity_within_1_final"), None
    )
    return {"false_events": 0, **none, **row}


def _own(matching: Matching, index: int) -> dict[str, Any]:
    return {"duplicates": matching.duplicate_of.count(index)}


def _measured(quake: Quake | None, name: str | None, told: Sequence[Told]) -> dict[str, Any]:
    """First, final and timed figures of one earthquake; without a match none."""
    versions = _after(quake, versions_of(name, told))
    single = _after(quake, single_station_alerts_of(name, told))
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


# The figures that an earthquake without a match has not.
_FIGURES = (
    *("first_alert_s", "notice_s"),
    *(f"magnitude_error_{seconds}s" for seconds in (3, 12, 20)),
    *(
        f"{which}_{what}"
        for which in ("first", "final")
        for what in ("epicentre_error_km", "depth_error_km", "magnitude_error")
    ),
)


def _wrong(which: str, message: Told, quake: Quake) -> dict[str, Any]:
    """Errors of one version, and whether its own sigmas cover them."""
    wrong, alert = errors(message, quake), message.alert
    return {
        f"{which}_epicentre_error_km": wrong.epicentre_km,
        f"{which}_depth_error_km": wrong.depth_km,
        f"{which}_magnitude_error": wrong.magnitude if math.isfinite(wrong.magnitude) else None,
        f"{which}_epicentre_covered": wrong.epicentre_km <= alert.origin.epicentre_sigma_km,
        f"{which}_magnitude_covered": abs(wrong.magnitude) <= alert.magnitude.sigma,
    }


def _by(versions: Sequence[Told], moment: float, quake: Quake) -> float | None:
    """The magnitude error of the last version told by a moment."""
    known = [m for m in versions if m.issued <= moment]
    value = errors(known[-1], quake).magnitude if known else math.nan
    return value if math.isfinite(value) else None


def _felt(truth: Truth, matching: Matching, told: Sequence[Told]) -> dict[str, Any]:
    """Forecast against observed, by the first and by the last version of every event found."""
    if truth.quake is None:
        return dict.fromkeys(("intensity_within_1_first", "intensity_within_1_final"))
    every = [versions_of(name, told) for name in matching.names if name is not None]
    first = [versions[0] for versions in every if versions]
    final = [versions[-1] for versions in every if versions]
    return {
        "intensity_within_1_first": within_one(truth.motions, first),
        "intensity_within_1_final": within_one(truth.motions, final),
        "places": places_right(truth.motions, first, final),
    }


def peer_score(truth: Truth, told: Sequence[Told]) -> PeerScore:
    """What another system told, by the same rules."""
    row = score("", "", 0, truth, Run([], [], list(told), Counter()))
    return PeerScore(**{name: getattr(row, name) for name in PeerScore.__struct_fields__})
