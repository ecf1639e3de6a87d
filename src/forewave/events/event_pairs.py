"""Related events: the same earthquake twice, its detection by phones, an event in its coda."""

from forewave.earth.distance import distance_km
from forewave.earth.wells_coppersmith_1994 import rupture_length_km
from forewave.events import associate
from forewave.events.event import Event
from forewave.events.location.source_duration import half_duration
from forewave.events.magnitude.line_source import FASTEST_KMS
from forewave.types import Magnitude, Origin

CODAS, CODA_REACH_KM = 3.0, 200.0  # how long and far an event makes picks unsure
CODA_STATIONS = 4  # that an event in another's coda must stand on
ONE_KM, ONE_SECONDS = 20.0, 5.0  # within these it is the same earthquake, however well placed
MOST_UNSURE_KM = 60.0
LARGER, MUCH_LARGER = 1.0, 4.0  # sigmas of either magnitude
MORE_STATIONS = 2  # that what has been withdrawn must have gained to be issued again
ALIKE_KM, ALIKE_SECONDS = 60.0, 20.0  # of phones, which place it no better
S_KMS, LATE = 4.4, 1.3  # S from below the crust, and the share by which the depth may be short
SLOWEST_KMS = 6.0  # P: turns a doubt about the place into one about the time


def is_same(event: Event, other: Event) -> bool:
    """Whether an event may be part of another, earlier found: beside it, or its rupture going on.

    What is far larger than an earthquake whose size is known, and elsewhere, is another.
    """
    elsewhere = apart_km(event.origin, other.origin) > _unsure_km(event, other)
    another = elsewhere and _is_clearly_larger(event.magnitude, other.magnitude)
    return _is_within(event, other) and not another


def _is_within(event: Event, other: Event) -> bool:
    """Whether it begins where and when the other, earlier found, may be rupturing.

    A rupture runs no faster than 3.5 km/s, no farther than its length by Wells and Coppersmith
    (1994), and no longer than twice its half duration: for the magnitude and its doubt. What comes
    from a deep earthquake's place before its S can be there is its S, its depth being in doubt.
    """
    size = other.magnitude.value + other.magnitude.sigma
    after = event.origin.time - other.origin.time
    unsure_km = min(_unsure_km(event, other), MOST_UNSURE_KM)
    ran_km = min(FASTEST_KMS * max(after, 0.0), rupture_length_km(size))
    unsure_s = ONE_SECONDS + unsure_km / SLOWEST_KMS
    lasts = max(2.0 * half_duration(size), LATE * other.origin.depth_km / S_KMS) + unsure_s
    near = apart_km(event.origin, other.origin) <= ONE_KM + unsure_km + ran_km
    return near and -unsure_s <= after <= lasts


def repeats(event: Event, other: Event) -> bool:
    """Whether an event stands on the picks of one that was withdrawn, and on little else."""
    if other.withdrawn is None:
        return False
    again = [member for member in event.phases() if member.pick.id in other.members]
    more = {m.pick.station for m in event.phases() if m.pick.id not in other.members}
    return bool(again) and len(more) < MORE_STATIONS


def alike(event: Event, other: Event) -> bool:
    """Whether two events may be one, where one is placed by phones."""
    apart = apart_km(event.origin, other.origin)
    near = apart <= ALIKE_KM + _unsure_km(event, other)
    return near and abs(event.origin.time - other.origin.time) <= ALIKE_SECONDS


def is_phone_precursor(event: Event, other: Event) -> bool:
    """Whether the other is the detection of this event by phones alone."""
    return other.only_phones() and not other.withdrawn and alike(event, other)


def replaces(event: Event, other: Event) -> bool:
    """Whether an event takes the place of another: one of phones alone, or one in doubt, as a
    foreshock's is that has the picks of the nearest stations once the main shock's waves reach
    all others.
    """
    doubted = other.stands() and other.doubted_since is not None
    return is_phone_precursor(event, other) or (doubted and _is_within(event, other))


def in_coda(event: Event, other: Event, now: float) -> bool:
    """Whether the ground still moves from the other, where the event is."""
    lasts = CODAS * associate.coda(other.magnitude.value)
    reach_km = CODA_REACH_KM + 2 * event.origin.epicentre_sigma_km
    near = apart_km(other.origin, event.origin) <= reach_km
    return near and now - other.origin.time <= lasts


def _is_clearly_larger(one: Magnitude, other: Magnitude) -> bool:
    return one.value - LARGER * one.sigma > other.value + MUCH_LARGER * other.sigma


def apart_km(one: Origin, other: Origin) -> float:
    """Between two epicentres."""
    return float(distance_km(one.lat, one.lon, other.lat, other.lon))


def _unsure_km(event: Event, other: Event) -> float:
    return 2.0 * (event.origin.epicentre_sigma_km + other.origin.epicentre_sigma_km)
