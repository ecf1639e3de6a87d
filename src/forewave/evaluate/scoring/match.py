"""Match issued events with the earthquakes of the catalogue.

An event here is all alerts with one event name. It matches a catalogue earthquake when
any version of it lies within 100 km and 30 s (the rule by which ShakeAlert counts false alerts,
Lux et al. 2024). Events and earthquakes are paired one to one: as many
pairs as possible, and among these assignments the one with the smallest separations. An event
that is the same source as one earthquake is not paired with another.

An unpaired event is a duplicate if it is the same source as a catalogued earthquake
(is_same_source), and false otherwise. The exception is `later`: events in the coda of a large
earthquake, for which the catalogue is incomplete (is_later).

An alert issued before the origin time does not match. An event whose alerts begin before the
origin time and continue after it counts as false, and as found from its first version after
the origin time.
"""

import math
from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import Struct
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

from forewave.earth.distance import distance_km
from forewave.evaluate.scoring.catalogue import Quake
from forewave.types import Alert, Origin

WITHIN_KM = 100.0
WITHIN_S = 30.0
BEFORE_S = 2.0  # tolerance for late origin times in catalogues
# Catalogues are incomplete in the coda of large earthquakes.
LATER_MAGNITUDE = 6.0
LATER_WITHIN_S = 600.0
# Tolerance of "same source": two sigmas as stated by the event, limited to these ranges, so that
# neither an overconfident nor an unconstrained location decides.
SAME_SIGMAS = 2.0
SAME_KM, SAME_KM_MOST = 15.0, 50.0
SAME_S, SAME_S_MOST = 5.0, 15.0
_NO_PAIR = 1000.0
_SINGLE_STATION = 2.0  # cost: confirmed events are paired before single-station ones


class Matching(Struct, frozen=True):
    """Names of issued events by category. `found`: the event paired with the first earthquake.

    names: paired event of each earthquake, None without one. duplicate_of: index of the earthquake
    that each duplicate repeats. cancelled: events of any category with a cancellation.
    """

    found: str | None
    duplicates: tuple[str, ...]
    others: tuple[str, ...]
    later: tuple[str, ...]
    false: tuple[str, ...]
    names: tuple[str | None, ...] = ()
    duplicate_of: tuple[int, ...] = ()
    cancelled: tuple[str, ...] = ()


def match(
    alerts: Iterable[Alert],
    quake: Quake | None,
    others: Sequence[Quake] = (),
    complete: bool = False,
) -> Matching:
    """Categorise the events of these alerts; names are in the order of the first alerts.

    complete: the catalogue has all earthquakes (simulations), so no event is `later`.
    """
    events: dict[str, list[Alert]] = {}
    for alert in alerts:
        events.setdefault(alert.event, []).append(alert)
    quakes = ([] if quake is None else [quake]) + list(others)
    names = _pairs(events, quakes)
    rest = [name for name in events if name not in names]
    twice = {name: index for name in rest if (index := _same(events[name], quakes)) is not None}
    rest = [name for name in rest if name not in twice]
    early = [
        name
        for name, q in zip(names, quakes, strict=True)
        if name is not None and not is_after(events[name][0], q)
    ]
    excused = quake is not None and not complete
    later = [n for n in rest if excused and quake is not None and is_later(events[n], quake)]
    false = [*early, *(name for name in rest if name not in later)]
    first = 0 if quake is None else 1
    return Matching(
        found=names[0] if quake is not None else None,
        duplicates=tuple(twice),
        others=tuple(name for name in names[first:] if name is not None),
        later=tuple(later),
        false=tuple(name for name in events if name in false),
        names=tuple(names),
        duplicate_of=tuple(twice.values()),
        cancelled=tuple(n for n in events if any(a.kind == "cancel" for a in events[n])),
    )


def separation(origin: Origin, quake: Quake) -> float:
    """Normalised separation: the larger of distance / 100 km and time difference / 30 s.

    At most 1: the origin matches the earthquake.
    """
    apart_km = float(distance_km(origin.lat, origin.lon, quake.lat, quake.lon))
    return max(apart_km / WITHIN_KM, abs(origin.time - quake.time) / WITHIN_S)


def is_same_source(versions: Sequence[Alert], quake: Quake) -> bool:
    """Whether all versions agree with the earthquake within their stated uncertainty.

    Each version is issued after the origin time, with the epicentre within two sigmas (15 to
    50 km) and the origin time within two sigmas (5 to 15 s).
    """
    return all(is_after(alert, quake) and _is_same_place(alert.origin, quake) for alert in versions)


def _is_same_place(origin: Origin, quake: Quake) -> bool:
    apart_km = float(distance_km(origin.lat, origin.lon, quake.lat, quake.lon))
    km = min(SAME_KM_MOST, max(SAME_KM, SAME_SIGMAS * origin.epicentre_sigma_km))
    seconds = min(SAME_S_MOST, max(SAME_S, SAME_SIGMAS * origin.time_sigma))
    return apart_km <= km and abs(origin.time - quake.time) <= seconds


def _same(versions: Sequence[Alert], quakes: Sequence[Quake]) -> int | None:
    """Index of the nearest earthquake that is the same source; None without one."""
    same = [i for i, quake in enumerate(quakes) if is_same_source(versions, quake)]
    return min(same, key=lambda i: _nearest(versions, quakes[i]), default=None)


def is_later(versions: Sequence[Alert], quake: Quake) -> bool:
    """Whether an event in the coda of a large earthquake may be an uncatalogued aftershock.

    In every version: 30 to 600 s after an earthquake of magnitude 6 or more, within 100 km, and
    not above its magnitude.
    """
    return quake.magnitude >= LATER_MAGNITUDE and all(
        WITHIN_S < alert.origin.time - quake.time <= LATER_WITHIN_S
        and distance_km(alert.origin.lat, alert.origin.lon, quake.lat, quake.lon) <= WITHIN_KM
        and alert.magnitude.value <= quake.magnitude
        for alert in versions
    )


def _pairs(events: dict[str, list[Alert]], quakes: Sequence[Quake]) -> list[str | None]:
    """The event of each earthquake, by linear assignment."""
    names = list(events)
    cost = np.array([_costs(versions, quakes) for versions in events.values()])
    paired: list[str | None] = [None] * len(quakes)
    if cost.size:
        for row, column in zip(*linear_sum_assignment(cost), strict=True):
            if cost[row, column] < _NO_PAIR:
                paired[column] = names[row]
    return paired


def _costs(versions: Sequence[Alert], quakes: Sequence[Quake]) -> list[float]:
    """Cost of pairing an event with each earthquake; limited to those that are its same source."""
    same = [is_same_source(versions, quake) for quake in quakes]
    return [
        _cost(versions, quake) if here or not any(same) else _NO_PAIR
        for quake, here in zip(quakes, same, strict=True)
    ]


def _cost(versions: Sequence[Alert], quake: Quake) -> float:
    apart = _nearest(versions, quake)
    if apart > 1:
        return _NO_PAIR
    return apart + (_SINGLE_STATION if all(is_single_station(alert) for alert in versions) else 0.0)


def is_single_station(alert: Alert) -> bool:
    """Whether it is a single-station alert."""
    return alert.stations == 1


def is_after(alert: Alert, quake: Quake) -> bool:
    """Whether the alert was issued after the origin time (less the tolerance)."""
    return alert.issued >= quake.time - BEFORE_S


def _nearest(versions: Sequence[Alert], quake: Quake) -> float:
    after = [separation(alert.origin, quake) for alert in versions if is_after(alert, quake)]
    return min(after, default=math.inf)
