"""Which of the events that were issued to people are the catalogue's earthquakes.

An event here is all alerts that carry one event name. It matches a catalogue earthquake when
any version of it lies within 100 km and 30 s (the rule by which ShakeAlert counts false alerts,
Lux et al. 2024). Where there are several earthquakes, or several events that match, each
earthquake gets one event and each event one earthquake, so that as many as can be are paired
and the pairs are nearest in time and place. An event that is the same source as one earthquake
is not paired with another.

An event that is not paired is a duplicate when it is the same source as a catalogue earthquake
(is_same_source), and false otherwise, however near another event lies. The one exception is
`later`, where the catalogue of a recording cannot tell: see is_later.

What was issued before an earthquake began cannot be that earthquake, however near it lies. An
event that was issued before, and then became the earthquake's, is both: false, and found from the
first version after the origin on.
"""

import math
from collections.abc import Iterable, Sequence

import numpy as np
from msgspec import Struct
from scipy.optimize import linear_sum_assignment  # type: ignore[import-untyped]

from forewave.earth.distance import distance_km
from forewave.evaluate.judge.catalogue import Quake
from forewave.types import Alert, Origin

WITHIN_KM = 100.0
WITHIN_S = 30.0
BEFORE_S = 2.0  # by which a catalogue's origin time may be late
# After a great earthquake real ones follow within seconds that no catalogue separates.
LATER_MAGNITUDE = 6.0
LATER_WITHIN_S = 600.0
# An event is the same source as an earthquake within two of its own sigmas, of which no less
# and no more than this counts: one stated too small makes no second earthquake of the first,
# and one that may lie anywhere is not excused by that.
SAME_SIGMAS = 2.0
SAME_KM, SAME_KM_MOST = 15.0, 50.0
SAME_S, SAME_S_MOST = 5.0, 15.0
_NO_PAIR = 1000.0
_SINGLE_STATION = (
    2.0  # an event of single-station alerts alone stands behind every event that warned
)


class Matching(Struct, frozen=True):
    """Names of our events by what they are. `found` is the catalogue's earthquake.

    names: by earthquake, the catalogue's first, then the others; None: no event. duplicate_of: of
    which of these each duplicate is. cancelled: events of any of these kinds that were issued and
    then cancelled, for whatever reason.
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
    """Sort the events of all these alerts; the order of the names is that of the first alerts.

    complete: the earthquakes given are all there were, so nothing is `later`.
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
    """How far an origin is from an earthquake: 1 is the edge of a match, less is within.

    The larger of distance by 100 km and time by 30 s.
    """
    apart_km = float(distance_km(origin.lat, origin.lon, quake.lat, quake.lon))
    return max(apart_km / WITHIN_KM, abs(origin.time - quake.time) / WITHIN_S)


def is_same_source(versions: Sequence[Alert], quake: Quake) -> bool:
    """Whether an event is this earthquake and no other, by its own stated uncertainty.

    In every version: issued after the origin, the epicentre within two sigmas (at least 15 km, at
    most 50), and the origin time within two sigmas (at least 5 s, at most 15).
    """
    return all(is_after(alert, quake) and _is_same_place(alert.origin, quake) for alert in versions)


def _is_same_place(origin: Origin, quake: Quake) -> bool:
    apart_km = float(distance_km(origin.lat, origin.lon, quake.lat, quake.lon))
    km = min(SAME_KM_MOST, max(SAME_KM, SAME_SIGMAS * origin.epicentre_sigma_km))
    seconds = min(SAME_S_MOST, max(SAME_S, SAME_SIGMAS * origin.time_sigma))
    return apart_km <= km and abs(origin.time - quake.time) <= seconds


def _same(versions: Sequence[Alert], quakes: Sequence[Quake]) -> int | None:
    """Of which earthquake it is the same source: the nearest of them; None: of none."""
    same = [i for i, quake in enumerate(quakes) if is_same_source(versions, quake)]
    return min(same, key=lambda i: _nearest(versions, quakes[i]), default=None)


def is_later(versions: Sequence[Alert], quake: Quake) -> bool:
    """An event in the coda of a great earthquake: it may be an aftershock, nobody can say.

    More than 30 s and at most 600 s after an earthquake of magnitude 6 or more, within 100 km
    of it, and not above its magnitude, in every version.
    """
    return quake.magnitude >= LATER_MAGNITUDE and all(
        WITHIN_S < alert.origin.time - quake.time <= LATER_WITHIN_S
        and distance_km(alert.origin.lat, alert.origin.lon, quake.lat, quake.lon) <= WITHIN_KM
        and alert.magnitude.value <= quake.magnitude
        for alert in versions
    )


def _pairs(events: dict[str, list[Alert]], quakes: Sequence[Quake]) -> list[str | None]:
    """The event of each earthquake: as many pairs as can be, of these the nearest."""
    names = list(events)
    cost = np.array([_costs(versions, quakes) for versions in events.values()])
    paired: list[str | None] = [None] * len(quakes)
    if cost.size:
        for row, column in zip(*linear_sum_assignment(cost), strict=True):
            if cost[row, column] < _NO_PAIR:
                paired[column] = names[row]
    return paired


def _costs(versions: Sequence[Alert], quakes: Sequence[Quake]) -> list[float]:
    """Of pairing an event with each earthquake; with those of which it is the source, if any."""
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
    """Whether it is a single-station alert: local, and labelled as such."""
    return alert.stations == 1


def is_after(alert: Alert, quake: Quake) -> bool:
    """Whether the alert may be the earthquake's: it was told when that had begun."""
    return alert.issued >= quake.time - BEFORE_S


def _nearest(versions: Sequence[Alert], quake: Quake) -> float:
    after = [separation(alert.origin, quake) for alert in versions if is_after(alert, quake)]
    return min(after, default=math.inf)
