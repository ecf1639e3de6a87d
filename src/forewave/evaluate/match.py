"""Which of the events that people were told of is the catalogue's earthquake.

An event here is all alerts that carry one event name. It matches a catalogue earthquake when
any version of it lies within 100 km and 30 s (the rule by which ShakeAlert counts false alerts,
Lux et al. 2024). Of several that match, the nearest in time and place is the one, the rest are
duplicates. What matches nothing is false, with one exception, `later`: see is_later.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from forewave.earth.distance import distance_km
from forewave.evaluate.truth import Quake
from forewave.types import Alert, Origin

WITHIN_KM = 100.0
WITHIN_S = 30.0
# After a great earthquake real ones follow within seconds that no catalogue separates.
LATER_MAGNITUDE = 6.0
LATER_WITHIN_S = 600.0


class Matching(Struct, frozen=True):
    """Names of our events by what they are. `found` is the catalogue's earthquake."""

    found: str | None
    duplicates: tuple[str, ...]
    others: tuple[str, ...]
    later: tuple[str, ...]
    false: tuple[str, ...]


def match(alerts: Iterable[Alert], quake: Quake | None, others: Sequence[Quake] = ()) -> Matching:
    """Sort the events of all these alerts; the order of the names is that of the first alerts."""
    events: dict[str, list[Alert]] = {}
    for alert in alerts:
        events.setdefault(alert.event, []).append(alert)
    matching = [] if quake is None else _matching(events, quake)
    rest = [name for name in events if name not in matching]
    known = [name for name in rest if any(_nearest(events[name], q) <= 1 for q in others)]
    rest = [name for name in rest if name not in known]
    later = [name for name in rest if quake is not None and is_later(events[name], quake)]
    return Matching(
        found=matching[0] if matching else None,
        duplicates=tuple(matching[1:]),
        others=tuple(known),
        later=tuple(later),
        false=tuple(name for name in rest if name not in later),
    )


def separation(origin: Origin, quake: Quake) -> float:
    """How far an origin is from an earthquake: 1 is the edge of a match, less is within.

    The larger of distance by 100 km and time by 30 s.
    """
    apart_km = float(distance_km(origin.lat, origin.lon, quake.lat, quake.lon))
    return max(apart_km / WITHIN_KM, abs(origin.time - quake.time) / WITHIN_S)


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


def _matching(events: dict[str, list[Alert]], quake: Quake) -> list[str]:
    """The names that match, nearest first."""
    near = {name: _nearest(versions, quake) for name, versions in events.items()}
    return sorted((name for name in near if near[name] <= 1), key=lambda name: near[name])


def _nearest(versions: Sequence[Alert], quake: Quake) -> float:
    return min(separation(alert.origin, quake) for alert in versions)
