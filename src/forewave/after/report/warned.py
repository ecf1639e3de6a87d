"""Who could have been warned how early: towns, by distance and by intensity.

The warning of a town is the time from the first message that asks it to act (MMI 5 or more there)
until the S waves arrive, by the travel-time table from the catalogue's origin (the last solution
without one). What a device adds on the way is not in it.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from statistics import median

from forewave.after.history import EventHistory
from forewave.after.report.chosen import messages
from forewave.after.report.report import Source, TownRow, WarnedGroup
from forewave.alerts.policy import AlertSettings
from forewave.earth.distance import distance_km
from forewave.earth.towns import all_towns
from forewave.earth.travel_time import TravelTimes
from forewave.evaluate.scoring.truth import USUAL_DEPTH_KM

FELT = AlertSettings().aware_intensity  # MMI from which a device shows something
ACT = AlertSettings().action_intensity  # MMI from which it asks to act
DISTANCES_KM = (0.0, 25.0, 50.0, 100.0, 200.0, 1000.0)
INTENSITIES = ((6.5, "VII or more"), (5.5, "VI"), (4.5, "V"), (3.5, "IV"))


def towns(
    history: EventHistory, event: str, source: Source, travel_times: TravelTimes
) -> tuple[TownRow, ...]:
    """The towns where shaking was forecast to be felt, the nearest first."""
    last = history.last.get(event, {})
    action, banner = first_times(history, event)
    people = {(town.name, town.lat, town.lon): town.population for town in all_towns()}
    rows = []
    for place in history.places:
        if place.kind != "town" or place.name not in last or last[place.name].intensity < FELT:
            continue
        away_km = float(distance_km(source.lat, source.lon, place.lat, place.lon))
        depth_km = USUAL_DEPTH_KM if source.depth_km is None else source.depth_km
        s_after = float(travel_times.seconds("S", away_km, depth_km))
        row = TownRow(
            name=place.name,
            lat=place.lat,
            lon=place.lon,
            distance_km=away_km,
            population=people.get((place.name, place.lat, place.lon), 0),
            mmi=last[place.name].intensity,
            s_arrival=s_after,
            seconds=_until(source.time + s_after, action.get(place.name)),
            banner_seconds=_until(source.time + s_after, banner.get(place.name)),
        )
        rows.append(row)
    return tuple(sorted(rows, key=lambda row: (row.distance_km, row.name)))


def first_times(history: EventHistory, event: str) -> tuple[dict[str, float], dict[str, float]]:
    """POSIX seconds by place: first request to act, and first message shown at all.

    A cancelled alert has warned nobody.
    """
    action: dict[str, float] = {}
    banner: dict[str, float] = {}
    for issued in messages(history, event):
        if issued.alert.kind == "cancel":
            action.clear()
            continue
        for place, forecast in issued.forecasts.items():
            if forecast.intensity >= FELT:
                banner.setdefault(place, issued.issued)
            if forecast.intensity >= ACT and issued.alert.level == "action":
                action.setdefault(place, issued.issued)
    return action, banner


def by_distance(rows: Sequence[TownRow]) -> tuple[WarnedGroup, ...]:
    """Groups of towns by epicentral distance; empty ones are left out."""
    spans = pairwise(DISTANCES_KM)
    groups = [
        _group(f"{least:.0f} to {most:.0f} km", rows, _within(least, most)) for least, most in spans
    ]
    return tuple(group for group in groups if group.towns)


def by_intensity(rows: Sequence[TownRow]) -> tuple[WarnedGroup, ...]:
    """Groups of towns by forecast intensity, the strongest first; empty ones are left out."""
    groups, most = [], 99.0
    for least, name in INTENSITIES:
        groups.append(_group(name, rows, _shaken(least, most)))
        most = least
    return tuple(group for group in groups if group.towns)


def _within(least: float, most: float) -> Callable[[TownRow], bool]:
    return lambda row: least <= row.distance_km < most


def _shaken(least: float, most: float) -> Callable[[TownRow], bool]:
    return lambda row: least <= row.mmi < most


def _group(name: str, rows: Iterable[TownRow], belongs: Callable[[TownRow], bool]) -> WarnedGroup:
    here = [row for row in rows if belongs(row)]
    early = [row.seconds for row in here if row.seconds is not None and row.seconds > 0.0]
    asked = sum(row.seconds is not None for row in here)
    return WarnedGroup(
        name=name,
        towns=len(here),
        people=sum(row.population for row in here),
        in_time=len(early),
        late=asked - len(early),
        not_asked=len(here) - asked,
        median_seconds=float(median(early)) if early else None,
    )


def _until(arrival: float, issued: float | None) -> float | None:
    return None if issued is None else arrival - issued
